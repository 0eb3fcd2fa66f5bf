"""A list as a file: the columns somebody looks at, with the values that this somebody may see, masked ones masked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext_lazy

from guanxi.kernel.batches.errors import NothingChosen
from guanxi.kernel.batches.registry import BulkExport, Options
from guanxi.kernel.batches.sheets import FORMATS, SheetColumn
from guanxi.kernel.batches.sheets import Kind as SheetKind
from guanxi.kernel.commands import Actor
from guanxi.kernel.lists.fields import Field, Ground, Kind
from guanxi.kernel.lists.matching import matching
from guanxi.kernel.lists.reading import read_rows
from guanxi.kernel.lists.spec import get_list
from guanxi.kernel.lists.state import ListState
from guanxi.kernel.ui.formats import number
from guanxi.kernel.ui.parts import Cell

SHEET_KINDS: Final[dict[Kind, SheetKind]] = {
    Kind.NUMBER: "number", Kind.MONEY: "money", Kind.DATE: "date", Kind.MOMENT: "moment",
}  # fmt: skip
UNSAFE_NAME: Final = re.compile(r'[\\/:*?"<>|\s]+')


class ListExport(BulkExport):
    """Rows of a list into a file. Options: `format`, and `columns` by the keys of their fields.

    An app makes one for each of its lists: `add_action(ListExport("customers", "customers.export"))`.
    """

    icon = "download"
    title = pgettext_lazy("verb", "Export")

    def __init__(self, list_key: str, permission: str) -> None:
        self.list_key = list_key
        self.kind = f"{list_key}.export"
        self.subject = list_key
        self.permission = permission

    def read(self, actor: Actor, options: Options) -> dict[str, Any]:
        """The format and the columns that are some."""
        fields = get_list(self.list_key).stand(actor).fields
        columns = [key for key in options["columns"] if key in fields and fields[key].is_column]
        if options["format"] not in FORMATS or not columns:
            raise NothingChosen(place="columns")
        return {"format": options["format"], "columns": columns}

    def sentence(self, options: Options, count: int) -> str:
        """How many rows of which list."""
        said = ngettext(
            "Export %(count)s row of “%(list)s” (%(format)s)", "Export %(count)s rows of “%(list)s” (%(format)s)", count
        )
        title = str(get_list(self.list_key).title)
        return said % {"count": number(count), "list": title, "format": options["format"].upper()}

    def told(self, options: Options) -> dict[str, Any]:
        """Which columns."""
        return {"columns": options["columns"], "format": options["format"]}

    def file_label(self, options: Options) -> str:
        """What the list is called."""
        del options
        return UNSAFE_NAME.sub("-", str(get_list(self.list_key).title))

    def columns(self, actor: Actor, options: Options) -> Sequence[SheetColumn]:
        """The columns, with the currency in the heads of money."""
        ground = get_list(self.list_key).stand(actor)
        return [_sheet_column(field, ground) for field in _fields(ground, options)]

    def rows(self, actor: Actor, options: Options, ids: Sequence[int]) -> Iterable[Sequence[Any]]:
        """The rows as the page would show them to the actor, with plain values."""
        spec = get_list(self.list_key)
        ground = spec.stand(actor)
        fields = _fields(ground, options)
        seen = set(matching(actor, spec, ListState(), ground=ground).filter(pk__in=ids).values_list("pk", flat=True))
        labels = [_labels(field) for field in fields]
        for row in read_rows(spec, ground, [key for key in ids if key in seen], fields):
            cells = [field.show(row, ground) for field in fields if field.show is not None]
            yield [plain_value(field, cell, named) for field, cell, named in zip(fields, cells, labels, strict=True)]


def plain_value(field: Field, cell: Cell, labels: dict[str, str]) -> Any:
    """What a spreadsheet takes of a cell: numbers, days and moments as such, everything else as it is read."""
    value = cell.value
    if field.kind in SHEET_KINDS:
        return value if isinstance(value, int | Decimal | date | datetime) else None
    if isinstance(value, str) and value in labels:
        return labels[value]
    if isinstance(value, str) and value:
        return value
    text = cell.text
    return strip_tags(text) if isinstance(text, SafeString) else str(text)


def _fields(ground: Ground, options: Options) -> list[Field]:
    """The asked columns; one that is gone meanwhile (an archived field) is left out."""
    return [ground.fields[key] for key in options["columns"] if key in ground.fields and ground.fields[key].is_column]


def _sheet_column(field: Field, ground: Ground) -> SheetColumn:
    label = str(field.label)
    if field.kind is Kind.MONEY and ground.currency:
        label = gettext("%(label)s (%(currency)s)") % {"label": label, "currency": ground.currency}
    return SheetColumn(label, SHEET_KINDS.get(field.kind, "text"))


def _labels(field: Field) -> dict[str, str]:
    if field.options is None or field.kind is not Kind.CHOICE:
        return {}
    return {value: str(option.label) for value, option in field.options().items()}
