"""One field of many customers."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import ngettext

from guanxi.customers.commands.many import lock_changed, lock_seen, marked, unmarked, write_column
from guanxi.customers.errors import FieldUnknown
from guanxi.customers.events import CustomersEdited
from guanxi.customers.fields import FIELDS, SEARCHED, as_typed
from guanxi.customers.search_texts import reindex
from guanxi.kernel.batches.registry import CHANGED_SINCE, BulkChange, Options, Outcome, Part
from guanxi.kernel.commands import Actor, Work
from guanxi.kernel.ui.formats import number

# What several customers may have in common; nobody has another's name, phone or birthday.
MANY: Final = ("region_code", "city", "company", "industry")


class EditCustomers(BulkChange):
    """Set one field of customers. Options: `field` and `value`, as typed; no value empties the field."""

    kind, subject, permission, icon = "customers.edit", "customers", "customers.edit", "pencil"

    def read(self, actor: Actor, options: Options) -> dict[str, Any]:
        """The field and its value, as they can be stored."""
        del actor
        name = options["field"]
        if name not in MANY:
            raise FieldUnknown(place=name, field=name, fields=", ".join(MANY))
        return {"field": name, "value": as_typed(FIELDS[name].parse(options["value"]))}

    def sentence(self, options: Options, count: int) -> str:
        """Which field becomes what."""
        facts = {"count": number(count), "field": FIELDS[options["field"]].label, "value": options["value"]}
        if not options["value"]:
            return (
                ngettext("Empty “%(field)s” of %(count)s customer", "Empty “%(field)s” of %(count)s customers", count)
                % facts
            )
        return (
            ngettext(
                "Set “%(field)s” of %(count)s customer to “%(value)s”",
                "Set “%(field)s” of %(count)s customers to “%(value)s”",
                count,
            )
            % facts
        )

    def told(self, options: Options) -> dict[str, Any]:
        """Which field."""
        return {"field": options["field"]}

    def apply(self, work: Work, part: Part) -> Outcome:
        """Set it where it is another."""
        name = part.options["field"]
        value = FIELDS[name].parse(part.options["value"])
        held, refused = lock_seen(work.actor, part.ids, name, "edited")
        changed = {pk: (before, edited) for pk, (before, edited) in held.items() if before != value}
        write_column(name, [(pk, value, marked(edited, name, work.at)) for pk, (_, edited) in changed.items()])
        _find_again(name, list(changed))
        before = {pk: [as_typed(held), edited.get(name)] for pk, (held, edited) in changed.items()}
        return Outcome(before, refused)

    def undo(self, work: Work, part: Part) -> Outcome:
        """Give it back what it was, where it still is what the batch made it."""
        del work
        name = part.options["field"]
        value = FIELDS[name].parse(part.options["value"])
        held, refused = lock_changed(part.ids, name, "edited")
        rows = []
        for pk, (now, edited) in held.items():
            before, mark = part.before[pk]
            if now == value:
                rows.append((pk, FIELDS[name].parse(before), unmarked(edited, name, mark)))
            else:
                refused[pk] = CHANGED_SINCE
        write_column(name, rows)
        given_back = [pk for pk, *_rest in rows]
        _find_again(name, given_back)
        return Outcome(dict.fromkeys(given_back), refused)

    def tell(self, work: Work, batch: str, ids: tuple[int, ...], options: Options, *, undone: bool) -> None:
        """One field changed."""
        del undone
        work.emit(CustomersEdited(ids, (options["field"],), batch))


def _find_again(name: str, ids: list[int]) -> None:
    if name in SEARCHED and ids:
        reindex(ids)
