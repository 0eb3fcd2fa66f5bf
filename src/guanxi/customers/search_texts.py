"""The texts customers are found by: what sources say, and what people typed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from guanxi.customers.models import Contact, ContactPoint, Customer, SourceRecord
from guanxi.customers.search import hidden, index_rows


def reindex(customer_ids: Iterable[int]) -> None:
    """Make living customers findable by what the database holds of them now; call it where that was changed."""
    ids = sorted(customer_ids)
    texts: defaultdict[int, dict[str, None]] = defaultdict(dict)
    for pk, *values in Customer.objects.filter(main__in=ids).values_list(
        "main_id", "name", "company", "phone", "email"
    ):
        texts[pk].update(dict.fromkeys(values))
    records = SourceRecord.objects.filter(customer__main__in=ids).values_list(
        "customer__main_id", "name", "phone", "email"
    )
    for pk, *values in records:
        texts[pk].update(dict.fromkeys(values))
    for pk, values in typed_texts(ids).items():
        texts[pk].update(dict.fromkeys(values))
    index_rows((pk, " ".join(filter(None, values))) for pk, values in texts.items())


def typed_texts(customer_ids: Sequence[int]) -> dict[int, list[str]]:
    """What people added to customers and no source knows: contact details, contacts of an organisation.

    What was added to a record merged into a customer is the customer's.
    """
    texts: defaultdict[int, list[str]] = defaultdict(list)
    points = ContactPoint.objects.filter(customer__main__in=customer_ids)
    for pk, kind, value in points.values_list("customer__main_id", "kind", "value"):
        texts[pk].append(value if kind in (ContactPoint.Kind.PHONE, ContactPoint.Kind.EMAIL) else hidden(value))
    contacts = Contact.objects.filter(customer__main__in=customer_ids, left_on__isnull=True)
    for pk, *values in contacts.values_list("customer__main_id", "name", "phone", "email"):
        texts[pk] += filter(None, values)
    edited = Customer.objects.filter(main__in=customer_ids).exclude(edited={})
    for pk, *values in edited.values_list("main_id", "name", "company", "phone", "email"):
        texts[pk] += filter(None, values)
    return dict(texts)
