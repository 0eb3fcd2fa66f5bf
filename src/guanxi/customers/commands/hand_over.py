"""What a leaver looks after goes to a colleague: customers and open tasks, in bulk, and back again if need be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from guanxi.customers.commands.many import is_as_left, lock_changed, lock_seen, marked, unmarked, write_column
from guanxi.customers.commands.owners import follow_owners
from guanxi.customers.errors import OwnerUnknown
from guanxi.customers.events import CustomersEdited, OwnerChanged
from guanxi.customers.models import Customer, Ownership, Task
from guanxi.customers.news import TAKEN, tell_of_loss
from guanxi.kernel.access.models import User
from guanxi.kernel.batches.commands import start_batch
from guanxi.kernel.batches.models import Batch
from guanxi.kernel.batches.queries import changed_ids, who_asked
from guanxi.kernel.batches.registry import CHANGED_SINCE, BulkChange, Options, Outcome, Part
from guanxi.kernel.commands import Actor, Work
from guanxi.kernel.ui.formats import number


def hand_over(actor: Actor, *, from_id: int, to_id: int) -> Batch:
    """Begin to give all customers of one user to another, with the open tasks about them.

    Raises
    ------
    PermissionDenied, OwnerUnknown, NothingChosen
        Nothing is begun.
    """
    mine = Customer.objects.living().visible_to(actor).filter(owner=from_id)
    ids = list(mine.values_list("pk", flat=True))
    return start_batch(actor, kind=HandOver.kind, options={"from_id": from_id, "to_id": to_id}, ids=ids)


class HandOver(BulkChange):
    """Options: `from_id`, `to_id`; the names are kept for the sentence."""

    kind, subject, permission, icon = "customers.hand_over", "customers", "customers.assign", "users"
    title = _("Hand over")

    def read(self, actor: Actor, options: Options) -> dict[str, Any]:
        """From whom to whom; only who works here takes customers over."""
        del actor
        people = User.objects.in_bulk([options["from_id"], options["to_id"]])
        leaver, taker = people.get(options["from_id"]), people.get(options["to_id"])
        if leaver is None or taker is None or not taker.is_active or taker == leaver:
            raise OwnerUnknown(owner_id=options["to_id"])
        return {"from_id": leaver.pk, "from": str(leaver), "to_id": taker.pk, "to": str(taker)}

    def sentence(self, options: Options, count: int) -> str:
        """Who hands over how many to whom."""
        return ngettext(
            "Hand over %(count)s customer of %(leaver)s to %(taker)s",
            "Hand over %(count)s customers of %(leaver)s to %(taker)s",
            count,
        ) % {"count": number(count), "leaver": options["from"], "taker": options["to"]}

    def told(self, options: Options) -> dict[str, Any]:
        """Both by their numbers."""
        return {"from_id": options["from_id"], "to_id": options["to_id"]}

    def apply(self, work: Work, part: Part) -> Outcome:
        """Set owner and assignee; what belongs to somebody else by now is left alone."""
        leaver, taker = part.options["from_id"], part.options["to_id"]
        held, refused = lock_seen(work.actor, part.ids, "owner_id", "edited")
        moved = {pk: edited for pk, (owner_id, edited) in held.items() if owner_id == leaver}
        refused |= dict.fromkeys(held.keys() - moved.keys(), CHANGED_SINCE)
        write_column("owner_id", [(pk, taker, marked(edited, "owner_id", work.at)) for pk, edited in moved.items()])
        follow_owners(
            list(moved), at=work.at, got=Ownership.Got.HANDED_OVER, lost=Ownership.Lost.HANDED_OVER, batch=part.batch
        )
        tasks = self._move_tasks(list(moved), leaver, taker)
        return Outcome({pk: [edited.get("owner_id"), tasks.get(pk, [])] for pk, edited in moved.items()}, refused)

    def undo(self, work: Work, part: Part) -> Outcome:
        """Give back customers and tasks that are still with the one who took them over."""
        leaver, taker = part.options["from_id"], part.options["to_id"]
        held, refused = lock_changed(part.ids, "owner_id", "edited")
        still = {
            pk: edited
            for pk, (owner_id, edited) in held.items()
            if owner_id == taker and is_as_left(edited, "owner_id", part)
        }
        refused |= dict.fromkeys(held.keys() - still.keys(), CHANGED_SINCE)
        write_column(
            "owner_id", [(pk, leaver, unmarked(edited, "owner_id", part.before[pk][0])) for pk, edited in still.items()]
        )
        follow_owners(
            list(still), at=work.at, got=Ownership.Got.HANDED_OVER, lost=Ownership.Lost.HANDED_OVER, batch=part.batch
        )
        moved = [task for pk in still for task in part.before[pk][1]]
        Task.objects.filter(pk__in=moved, assignee=taker, state=Task.State.OPEN).update(assignee=leaver)
        return Outcome(dict.fromkeys(still, taker), refused)

    def tell(self, work: Work, batch: str, ids: tuple[int, ...], options: Mapping[str, Any], *, undone: bool) -> None:
        """Who owns them now, and whose they were."""
        former = options["to_id"] if undone else options["from_id"]
        tell_of_loss(who_asked(batch), TAKEN, {former: sum(1 for _ in changed_ids(batch))}, batch=batch)
        if undone:
            work.emit(CustomersEdited(ids, ("owner_id",), batch))
        else:
            work.emit(OwnerChanged(ids, options["to_id"], batch))

    def _move_tasks(self, ids: Sequence[int], leaver: int, taker: int) -> Mapping[int, list[int]]:
        """Give the open tasks about these customers to the other; returns them by the living customer."""
        tasks = Task.objects.filter(customer__main__in=ids, assignee=leaver, state=Task.State.OPEN)
        moved: defaultdict[int, list[int]] = defaultdict(list)
        for task_id, main_id in tasks.order_by("pk").values_list("pk", "customer__main_id"):
            moved[main_id].append(task_id)
        Task.objects.filter(pk__in=[task for found in moved.values() for task in found]).update(assignee=taker)
        return moved
