"""Many customers into the bin, and out of it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from guanxi.customers.commands.many import lock_changed, lock_seen, touched_since
from guanxi.customers.events import CustomersDeleted, CustomersRestored
from guanxi.customers.models import Customer
from guanxi.customers.news import DELETED, tell_of_loss
from guanxi.kernel.batches.queries import held_before, who_asked
from guanxi.kernel.batches.registry import CHANGED_SINCE, NOT_SEEN, BulkChange, Options, Outcome, Part
from guanxi.kernel.bulk import update_rows
from guanxi.kernel.commands import Work
from guanxi.kernel.ui.formats import number


class DeleteCustomers(BulkChange):
    """Put customers into the bin; what hangs on them stays, and comes back with them."""

    kind, subject, permission, icon = "customers.delete", "customers", "customers.delete", "trash"
    title = _("Delete")

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
        """They went, or came back; whose they are is told of the loss."""
        del options
        if undone:
            work.emit(CustomersRestored(ids, batch))
            return
        went_at = {datetime.fromisoformat(at) for _pk, at in held_before(batch)}
        gone = Customer.objects.filter(deleted_at__in=went_at).order_by("owner")
        owners = gone.values_list("owner").annotate(count=Count("pk"))
        tell_of_loss(who_asked(batch), DELETED, dict(owners), batch=batch)
        work.emit(CustomersDeleted(ids, batch))


BY_HAND: Final = ("customers.commands.edit.delete_customer", "customers.commands.edit.restore_customer")


class RestoreCustomers(BulkChange):
    """Take customers out of the bin; undone, they lie there as before, since when and by whom."""

    kind, subject, permission, icon = "customers.restore", "customers", "customers.delete", "arrow-back-up"
    title = _("Restore")

    def sentence(self, options: Options, count: int) -> str:
        """How many."""
        del options
        return ngettext("Restore %(count)s customer", "Restore %(count)s customers", count) % {"count": number(count)}

    def apply(self, work: Work, part: Part) -> Outcome:
        """Take them out."""
        binned = Customer.objects.binned().visible_to(work.actor).filter(pk__in=part.ids)
        held = {
            pk: [at.isoformat(), by]
            for pk, at, by in binned.select_for_update().order_by("pk").values_list("pk", "deleted_at", "deleted_by_id")
            if at is not None
        }
        Customer.objects.filter(pk__in=list(held)).update(deleted_at=None, deleted_by=None)
        return Outcome(held, {pk: NOT_SEEN for pk in part.ids if pk not in held})

    def undo(self, work: Work, part: Part) -> Outcome:
        """Put those back that live still, and did all the time."""
        del work
        held, refused = lock_changed(part.ids, "deleted_at")
        touched = touched_since(part, BY_HAND, (DeleteCustomers.kind, RestoreCustomers.kind))
        living = [pk for pk, (at,) in held.items() if at is None and pk not in touched]
        update_rows(
            Customer, ["id"], ["deleted_at", "deleted_by_id"],
            [(pk, datetime.fromisoformat(part.before[pk][0]), part.before[pk][1]) for pk in living],
        )  # fmt: skip
        refused |= {pk: CHANGED_SINCE for pk in held if pk not in living}
        return Outcome(dict.fromkeys(living), refused)

    def tell(self, work: Work, batch: str, ids: tuple[int, ...], options: Options, *, undone: bool) -> None:
        """They came back, or went again."""
        del options
        work.emit(CustomersDeleted(ids, batch) if undone else CustomersRestored(ids, batch))
