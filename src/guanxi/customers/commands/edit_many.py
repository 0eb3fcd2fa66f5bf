"""One field of many customers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from guanxi.customers.commands.many import is_as_left, lock_changed, lock_seen, marked, unmarked, write_column
from guanxi.customers.errors import FieldUnknown
from guanxi.customers.events import CustomersEdited
from guanxi.customers.fields import FIELDS, SEARCHED, Field
from guanxi.customers.own_fields import HEAD, editable_fields, own_definitions, typed_value, with_value
from guanxi.customers.search_texts import reindex
from guanxi.kernel.batches.registry import CHANGED_SINCE, BulkChange, Options, Outcome, Part
from guanxi.kernel.commands import Actor, Work
from guanxi.kernel.ui.formats import number

# What several customers may have in common; nobody has another's name, phone or birthday.
MANY: Final = ("region_code", "city", "company", "industry")


def fields_of_many() -> dict[str, Field]:
    """The fields that can be set for many at once; the company's own ones too."""
    return {name: field for name, field in editable_fields().items() if name in MANY or name.startswith(HEAD)}


class EditCustomers(BulkChange):
    """Set one field of customers. Options: `field` and `value`, as typed; no value empties the field."""

    kind, subject, permission, icon = "customers.edit", "customers", "customers.edit", "pencil"
    title = _("Edit a field")

    def read(self, actor: Actor, options: Options) -> dict[str, Any]:
        """The field and its value as they can be stored; what they are called is kept for the sentence."""
        del actor
        name, fields = options["field"], fields_of_many()
        if name not in fields:
            raise FieldUnknown(place=name, field=name, fields=", ".join(fields))
        value = fields[name].parse(options["value"])
        own = own_definitions().get(name)
        typed = typed_value(name, value)
        label, shown = (own.label, own.show(value)) if own else ("", typed)
        return {"field": name, "value": typed, "label": label, "shown": shown}

    def sentence(self, options: Options, count: int) -> str:
        """Which field becomes what."""
        name = options["field"]
        label = FIELDS[name].label if name in FIELDS else options["label"]
        facts = {"count": number(count), "field": label, "value": options["shown"]}
        if not options["value"]:
            said = ngettext(
                "Empty “%(field)s” of %(count)s customer", "Empty “%(field)s” of %(count)s customers", count
            )
        else:
            said = ngettext(
                "Set “%(field)s” of %(count)s customer to “%(value)s”",
                "Set “%(field)s” of %(count)s customers to “%(value)s”",
                count,
            )
        return said % facts

    def told(self, options: Options) -> dict[str, Any]:
        """Which field."""
        return {"field": options["field"]}

    def apply(self, work: Work, part: Part) -> Outcome:
        """Set it where it is another."""
        name, value = _asked(part)
        held, refused = lock_seen(work.actor, part.ids, _column(name), "edited")
        changed = {pk: held[pk] for pk, (kept, _edited) in held.items() if _value(name, kept) != value}
        _write(name, [(pk, kept, value, marked(edited, name, work.at)) for pk, (kept, edited) in changed.items()])
        before = {pk: [_value(name, kept), edited.get(name)] for pk, (kept, edited) in changed.items()}
        return Outcome(before, refused)

    def undo(self, work: Work, part: Part) -> Outcome:
        """Give it back what it was, where it still is what the batch made it."""
        del work
        name, value = _asked(part)
        held, refused = lock_changed(part.ids, _column(name), "edited")
        rows = []
        for pk, (kept, edited) in held.items():
            former, mark = part.before[pk]
            if _value(name, kept) == value and is_as_left(edited, name, part):
                rows.append((pk, kept, former, unmarked(edited, name, mark)))
            else:
                refused[pk] = CHANGED_SINCE
        _write(name, rows)
        return Outcome({pk: None for pk, *_rest in rows}, refused)

    def tell(self, work: Work, batch: str, ids: tuple[int, ...], options: Options, *, undone: bool) -> None:
        """One field changed."""
        del undone
        work.emit(CustomersEdited(ids, (options["field"],), batch))


def _asked(part: Part) -> tuple[str, Any]:
    """The field, and what the batch makes of it; a field archived meanwhile is refused."""
    name, fields = part.options["field"], fields_of_many()
    if name not in fields:
        raise FieldUnknown(place=name, field=part.options["label"] or name, fields=", ".join(fields))
    return name, fields[name].read(part.options["value"])


def _column(name: str) -> str:
    return "custom" if name.startswith(HEAD) else name


def _value(name: str, kept: Any) -> Any:
    """The field's value in what its column holds."""
    return kept.get(name.removeprefix(HEAD)) if name.startswith(HEAD) else kept


def _write(name: str, rows: Iterable[tuple[int, Any, Any, Mapping[str, str]]]) -> None:
    """Set the field: rows of id, what the column holds, the new value, the marks of what people edited."""
    rows = list(rows)
    is_own = name.startswith(HEAD)
    write_column(
        _column(name),
        [(pk, with_value(kept, name, value) if is_own else value, edited) for pk, kept, value, edited in rows],
    )
    if name in SEARCHED and rows:
        reindex([pk for pk, *_rest in rows])
