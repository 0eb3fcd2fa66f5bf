"""Many customers into the bin."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import ngettext

from guanxi.customers.commands.many import lock_changed, lock_seen
from guanxi.customers.events import CustomersDeleted, CustomersRestored
from guanxi.customers.models import Customer
from guanxi.kernel.batches.registry import CHANGED_SINCE, BulkChange, Options, Outcome, Part
from guanxi.kernel.commands import Work
from guanxi.kernel.ui.formats import number


class DeleteCustomers(BulkChange):
    """Put customers into the bin; what hangs on them stays, and comes back with them."""

    kind, subject, permission, icon = "customers.delete", "customers", "customers.delete", "trash"

    def sentence(self, options: Options, count: int) -> str:
        """How many."""
        del options
        return ngettext("Delete %(count)s customer", "Delete %(count)s customers", count) % {"count": number(count)}

    def apply(self, work: Work, part: Part) -> Outcome:
        """Put them into the bin."""
        held, refused = lock_seen(work.actor, part.ids)
        Customer.objects.filter(pk__in=list(held)).update(deleted_at=work.at, deleted_by_id=work.actor.pk)
        return Outcome(dict.fromkeys(held, work.at.isoformat()), refused)

    def undo(self, work: Work, part: Part) -> Outcome:
        """Take out of the bin those that this batch put there."""
        del work
        held, refused = lock_changed(part.ids, "deleted_at")
        mine = {pk: at for pk, (at,) in held.items() if at == datetime.fromisoformat(part.before[pk])}
        Customer.objects.filter(pk__in=list(mine)).update(deleted_at=None, deleted_by=None)
        refused |= {pk: CHANGED_SINCE for pk in held if pk not in mine}
        return Outcome(dict.fromkeys(mine), refused)

    def tell(self, work: Work, batch: str, ids: tuple[int, ...], options: Options, *, undone: bool) -> None:
        """They went, or came back."""
        del options
        work.emit(CustomersRestored(ids, batch) if undone else CustomersDeleted(ids, batch))
