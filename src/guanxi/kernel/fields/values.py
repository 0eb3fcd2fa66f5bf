"""Values of a company's own fields: read from what was typed, kept as JSON, shown, and typed again. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from guanxi.kernel.money import from_units, to_units
from guanxi.kernel.ui import formats

LONGEST: Final = {
    "text": 500, "number": 24, "money": 24, "date": 10, "choice": 24, "choices": 1_000, "flag": 5,
}  # fmt: skip
LARGEST: Final = Decimal(10) ** 12
PLACES: Final = 6
SEPARATOR: Final = ";"  # between several choices, where they are one text
_YES: Final = {"yes": True, "true": True, "是": True, "1": True, "no": False, "false": False, "否": False, "0": False}


class Unfit(ValueError):
    """What was typed is no value of the field; `reason` says why, in the reader's language."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class FieldOption:
    """An option of a choice; `names` are what it is called in each language."""

    key: str
    label: str
    is_archived: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class FieldDefinition:
    """A field as its users know it, in the language that is active.

    `is_filter` says that lists can be filtered and sorted by it: somebody marked it, and its index is there.
    """

    key: str
    kind: str
    label: str
    help: str = ""
    is_required: bool = False
    options: tuple[FieldOption, ...] = ()
    is_filter: bool = False
    is_archived: bool = False

    @property
    def words(self) -> dict[str, str]:
        """What an option may be called, in whatever language -> its key; keys come before names, and names in use."""
        in_use_last = sorted(self.options, key=lambda option: not option.is_archived)
        named = {name: option.key for option in in_use_last for name in (*option.names, option.label) if name}
        return named | {option.key: option.key for option in self.options}

    @property
    def longest(self) -> int:
        """The most characters that are typed."""
        return LONGEST[self.kind]

    def read(self, typed: Any) -> Any:
        """What is kept for what was typed; None for nothing.

        Raises
        ------
        Unfit
            It is no value of this field.
        """
        text = SEPARATOR.join(typed) if isinstance(typed, list | tuple) else str("" if typed is None else typed).strip()
        return _READ[self.kind](self, text) if text else None

    def typed(self, kept: Any) -> str:
        """A kept value as somebody would type it."""
        if kept is None:
            return ""
        match self.kind:
            case "money":
                return f"{from_units(kept):f}".rstrip("0").rstrip(".")
            case "number":
                return f"{Decimal(str(kept)):f}"
            case "flag":
                return "yes" if kept else "no"
            case "choices":
                return SEPARATOR.join(kept)
            case _:
                return str(kept)

    def show(self, kept: Any, currency: str = "CNY") -> str:
        """A kept value as it is read."""
        if kept is None:
            return ""
        match self.kind:
            case "money":
                return formats.money(from_units(kept), currency)
            case "number":
                return f"{Decimal(str(kept)).normalize():,f}"
            case "date":
                return formats.day(date.fromisoformat(kept))
            case "flag":
                return _("yes") if kept else _("no")
            case "choice":
                return self._label(kept)
            case "choices":
                return _(", ").join(map(self._label, kept))
            case _:
                return str(kept)

    def plain(self, kept: Any) -> Any:
        """A kept value as a spreadsheet takes it: a number, a day, text."""
        if kept is None:
            return None
        match self.kind:
            case "money":
                return from_units(kept)
            case "number":
                return Decimal(str(kept))
            case "date":
                return date.fromisoformat(kept)
            case _:
                return self.show(kept)

    def told(self, kept: Any) -> Any:
        """A kept value as programs read it, and may send it back; an amount of money is text, to be exact."""
        return self.typed(kept) if self.kind == "money" and kept is not None else kept

    def _label(self, key: str) -> str:
        return next((option.label for option in self.options if option.key == key), key)


def _read_text(field: FieldDefinition, text: str) -> str:
    del field
    return text


def _read_decimal(text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", "").replace("，", "").replace("¥", "").replace(" ", ""))
    except InvalidOperation:
        raise Unfit(_("this is no number")) from None
    if not number.is_finite() or abs(number) >= LARGEST:
        raise Unfit(_("this number is too large"))
    return number


def _read_number(field: FieldDefinition, text: str) -> int | float:
    del field
    number = _read_decimal(text)
    if number == number.to_integral_value():
        return int(number)
    if number != round(number, PLACES) or len(number.normalize().as_tuple().digits) > 15:  # what a float holds exactly
        raise Unfit(_("this number has too many places"))
    return float(number)


def _read_money(field: FieldDefinition, text: str) -> int:
    del field
    amount = _read_decimal(text)
    if amount != round(amount, 4):
        raise Unfit(_("an amount has four places at most"))
    return to_units(amount)


def _read_date(field: FieldDefinition, text: str) -> str:
    del field
    try:
        day = date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise Unfit(_("a date is written 2026-11-22")) from None
    return day.isoformat()


def _read_choice(field: FieldDefinition, text: str) -> str:
    if text not in field.words:
        raise Unfit(_("it is not one of the choices"))
    return field.words[text]


def _read_choices(field: FieldDefinition, text: str) -> list[str] | None:
    parts = text.replace("；", SEPARATOR).split(SEPARATOR)
    chosen = {_read_choice(field, part.strip()) for part in parts if part.strip()}
    return [option.key for option in field.options if option.key in chosen] or None


def _read_flag(field: FieldDefinition, text: str) -> bool:
    del field
    if text.lower() not in _YES:
        raise Unfit(_("the answer is yes or no"))
    return _YES[text.lower()]


_READ: Final[Mapping[str, Callable[[FieldDefinition, str], Any]]] = {
    "text": _read_text, "number": _read_number, "money": _read_money, "date": _read_date, "choice": _read_choice,
    "choices": _read_choices, "flag": _read_flag,
}  # fmt: skip


@dataclass(frozen=True)
class ShownValue:
    """A value with its label, ready to show."""

    key: str
    label: str | Promise
    text: str


def filled_values(fields: Sequence[FieldDefinition], kept: Mapping[str, Any], currency: str) -> list[ShownValue]:
    """What a record holds of the fields, in their order; those it holds nothing of are left out."""
    return [
        ShownValue(field.key, field.label, text)
        for field in fields
        if (text := field.show(kept.get(field.key), currency))
    ]


def told_values(fields: Sequence[FieldDefinition], kept: Mapping[str, Any]) -> dict[str, Any]:
    """What a record holds of the fields in use, by key, as programs read it; None where it holds nothing."""
    return {field.key: field.told(kept.get(field.key)) for field in fields}
