"""Who can be reached by what people typed in."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from guanxi.customers.models import Address, ContactPoint, Customer


def reachable_by_typing(customer_ids: Collection[int] | None = None) -> set[int]:
    """Living customers, of these or of all, with a phone, mail, address or the like that a person typed in."""
    among = Q() if customer_ids is None else Q(main_id__in=customer_ids)
    through = Q() if customer_ids is None else Q(customer__main_id__in=customer_ids)
    typed = Customer.objects.filter(among).exclude(edited={}).exclude(phone="", email="")
    found = set(typed.values_list("main_id", flat=True))
    for table in (ContactPoint, Address):
        found.update(table.objects.filter(through).values_list("customer__main_id", flat=True))
    return found
