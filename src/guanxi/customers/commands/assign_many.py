"""Many customers to another owner, or to nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from guanxi.customers.commands.many import is_as_left, lock_changed, lock_seen, marked, unmarked, write_column
from guanxi.customers.commands.owners import follow_owners
from guanxi.customers.errors import OwnerUnknown
from guanxi.customers.events import CustomersEdited, OwnerChanged
from guanxi.customers.models import Ownership
from guanxi.customers.news import TAKEN, tell_of_loss
from guanxi.kernel.access.models import User
from guanxi.kernel.batches.queries import held_before, who_asked
from guanxi.kernel.batches.registry import CHANGED_SINCE, BulkChange, Options, Outcome, Part
from guanxi.kernel.commands import Actor, Work
from guanxi.kernel.ui.formats import number

OWNER_GONE = "owner_gone"


class AssignCustomers(BulkChange):
    """Hand customers over. Options: `owner_id`, or None for nobody."""

    kind, subject, permission, icon = "customers.assign", "customers", "customers.assign", "user-check"
    title = _("Assign")
    reasons = {OWNER_GONE: _("the former owner is no user any more")}  # noqa: RUF012

    def read(self, actor: Actor, options: Options) -> dict[str, Any]:
        """Who it is to be; the name is kept for the sentence."""
        del actor
        owner_id = options["owner_id"]
        if owner_id is None:
            return {"owner_id": None, "owner": ""}
        owner = User.objects.filter(pk=owner_id, is_active=True).first()
        if owner is None:
            raise OwnerUnknown(owner_id=owner_id)
        return {"owner_id": owner.pk, "owner": str(owner)}

    def sentence(self, options: Options, count: int) -> str:
        """Who gets how many."""
        facts = {"count": number(count), "owner": options["owner"]}
        if options["owner_id"] is None:
            said = ngettext(
                "Leave %(count)s customer without an owner", "Leave %(count)s customers without an owner", count
            )
        else:
            said = ngettext("Assign %(count)s customer to %(owner)s", "Assign %(count)s customers to %(owner)s", count)
        return said % facts

    def told(self, options: Options) -> dict[str, Any]:
        """The owner's number."""
        return {"owner_id": options["owner_id"]}

    def apply(self, work: Work, part: Part) -> Outcome:
        """Set the owner, and keep the periods of the old and the new one."""
        held, refused = lock_seen(work.actor, part.ids, "owner_id", "edited")
        wanted = part.options["owner_id"]
        moved = {pk: edited for pk, (owner_id, edited) in held.items() if owner_id != wanted}
        write_column("owner_id", [(pk, wanted, marked(edited, "owner_id", work.at)) for pk, edited in moved.items()])
        lost = Ownership.Lost.RELEASED if wanted is None else Ownership.Lost.REASSIGNED
        follow_owners(list(moved), at=work.at, got=Ownership.Got.BULK, lost=lost, batch=part.batch)
        return Outcome({pk: [held[pk][0], edited.get("owner_id")] for pk, edited in moved.items()}, refused)

    def undo(self, work: Work, part: Part) -> Outcome:
        """Give customers back to whom they belonged."""
        held, refused = lock_changed(part.ids, "owner_id", "edited")
        former = {owner_id for owner_id, _mark in part.before.values()}
        users = set(User.objects.filter(pk__in=former - {None}).values_list("pk", flat=True)) | {None}
        rows = []
        for pk, (owner_id, edited) in held.items():
            before, mark = part.before[pk]
            if owner_id != part.options["owner_id"] or not is_as_left(edited, "owner_id", part):
                refused[pk] = CHANGED_SINCE
            elif before not in users:
                refused[pk] = OWNER_GONE
            else:
                rows.append((pk, before, unmarked(edited, "owner_id", mark)))
        write_column("owner_id", rows)
        given_back = [pk for pk, *_rest in rows]
        follow_owners(given_back, at=work.at, got=Ownership.Got.BULK, batch=part.batch)
        return Outcome({pk: held[pk][0] for pk in given_back}, refused)

    def tell(self, work: Work, batch: str, ids: tuple[int, ...], options: Mapping[str, Any], *, undone: bool) -> None:
        """Who owns them now, which after an undo differs from row to row; and whose they were."""
        former = (held if undone else held[0] for _pk, held in held_before(batch))
        tell_of_loss(who_asked(batch), TAKEN, Counter(former), batch=batch)
        if undone:
            work.emit(CustomersEdited(ids, ("owner_id",), batch))
        else:
            work.emit(OwnerChanged(ids, options["owner_id"], batch))
