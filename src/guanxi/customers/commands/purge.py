"""Customers in the bin are deleted for ever: nothing says any more who they were."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NoReturn

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from guanxi.customers import search
from guanxi.customers.events import CustomersPurged
from guanxi.customers.files import ERASE_FILES
from guanxi.customers.models import (
    Address,
    Attachment,
    Certificate,
    Contact,
    ContactPoint,
    Customer,
    CustomerTag,
    Interaction,
    Merge,
    Ownership,
    Preference,
    Relation,
    SourceRecord,
    Task,
)
from guanxi.customers.search_texts import reindex
from guanxi.kernel.batches.commands import forget_rows
from guanxi.kernel.batches.errors import NothingToUndo
from guanxi.kernel.batches.registry import NOT_SEEN, BulkChange, Options, Outcome, Part
from guanxi.kernel.commands import Work, command
from guanxi.kernel.jobs.queue import enqueue
from guanxi.kernel.turns import wait_for_turn
from guanxi.kernel.ui.formats import number

TURN: Final = "purge"  # a data update under way writes nobody back
# What a tombstone keeps counts in figures: kind, region, since when it is known, how many records it came from.
BLANK: Final[dict[str, Any]] = {
    "name": "", "city": "", "phone": "", "email": "", "owner": None, "owner_code": "", "gender": "", "birth_on": None,
    "company": "", "industry": "", "remark": "", "custom": {}, "last_contact_at": None, "satisfaction": None,
    "edited": {}, "published": "",
}  # fmt: skip
BLANK_RECORD: Final = {"name": "", "phone": "", "email": "", "address": "", "custom": None, "published": ""}
HANGING: Final = (ContactPoint, Address, Certificate, Preference, CustomerTag, Attachment, Ownership)


@command("customers.purge")
def purge_customers(work: Work, *, customer_ids: Sequence[int]) -> list[int]:
    """Erase who these customers in the bin were; returns the numbers of those that were there and are erased.

    Their numbers, purchases and standings stay, and so do revenue and figures. A data update does not fill them again.
    """
    wait_for_turn(TURN)
    binned = Customer.objects.binned().visible_to(work.actor).filter(pk__in=customer_ids)
    gone = list(binned.select_for_update().order_by("pk").values_list("pk", flat=True))
    if not gone:
        work.nothing_changed()
        return []
    ids = list(Customer.objects.filter(main__in=gone).order_by("pk").values_list("pk", flat=True))
    spoke_for = Contact.objects.filter(person__in=ids).exclude(customer__main__in=gone)
    firms = set(spoke_for.values_list("customer__main_id", flat=True))
    digests = set(Attachment.objects.filter(customer__in=ids).values_list("digest", flat=True))
    _erase_what_hangs_on(ids, work)
    SourceRecord.objects.filter(customer__in=ids).update(**BLANK_RECORD)
    Customer.objects.filter(pk__in=ids).update(**BLANK, purged_at=work.at)
    search.remove(ids)
    reindex(firms)
    forget_rows("customers", ids)
    if digests:
        enqueue(ERASE_FILES, {"digests": sorted(digests)})
    work.record("customers", {"purged": ids})
    return gone


class PurgeCustomers(BulkChange):
    """Delete for ever what lies in the bin."""

    kind, subject, permission, icon = "customers.purge", "customers", "customers.purge", "trash"
    title = _("Delete for ever")
    is_final = True

    def sentence(self, options: Options, count: int) -> str:
        """How many."""
        del options
        return ngettext(
            "Delete %(count)s customer for ever", "Delete %(count)s customers for ever", count
        ) % {"count": number(count)}  # fmt: skip

    def apply(self, work: Work, part: Part) -> Outcome:
        """Erase them."""
        gone = purge_customers(work.actor, customer_ids=part.ids)
        return Outcome(dict.fromkeys(gone), dict.fromkeys(set(part.ids) - set(gone), NOT_SEEN))

    def undo(self, work: Work, part: Part) -> NoReturn:
        """Nothing is left to bring back."""
        del work, part
        raise NothingToUndo

    def tell(self, work: Work, batch: str, ids: tuple[int, ...], options: Options, *, undone: bool) -> None:
        """They are gone."""
        del options, undone
        work.emit(CustomersPurged(ids, batch))


def _erase_what_hangs_on(ids: Sequence[int], work: Work) -> None:
    """Remove what told who they were; contacts and steps stay as facts without words."""
    Interaction.objects.filter(customer__in=ids).update(subject="", body="", contact=None, is_pinned=False)
    steps = Task.objects.filter(customer__in=ids)
    steps.filter(state=Task.State.OPEN).update(state=Task.State.DROPPED, done_at=work.at)
    steps.update(title="", reason="", outcome="")
    Contact.objects.filter(Q(customer__in=ids) | Q(person__in=ids)).delete()
    Relation.objects.filter(Q(customer__in=ids) | Q(other__in=ids)).delete()
    Merge.objects.filter(main__in=ids).delete()
    for kind in HANGING:
        kind._default_manager.filter(customer__in=ids).delete()
