"""How a field of a customer is typed in: the same control in a form, a cell of the list and a bulk action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.translation import get_language

from guanxi.customers.fields import FIELDS, GENDERS, Field
from guanxi.customers.words import KINDS
from guanxi.kernel.places import known_places, place_name
from guanxi.kernel.ui.registry import Text

Kind = Literal["text", "textarea", "tel", "email", "date", "select", "number", "choices"]
_KINDS: Final[Mapping[str, Kind]] = {"phone": "tel", "email": "email", "birth_on": "date", "remark": "textarea"}


@dataclass(frozen=True)
class Control:
    """One control. `options` are pairs of what is sent and what is read."""

    name: str
    label: Text
    kind: Kind
    longest: int
    options: Sequence[tuple[str, Text]] = ()
    help: Text = ""
    is_required: bool = False


def control_of(field: Field) -> Control:
    """The control of a field."""
    options = _options(field.name)
    kind: Kind = "select" if options else _KINDS.get(field.name, "text")
    return Control(field.name, field.label, kind, field.longest, options, is_required=field.is_required)


def control_named(name: str) -> Control:
    """The control of the field of that name."""
    return control_of(FIELDS[name])


def _options(name: str) -> Sequence[tuple[str, Text]]:
    match name:
        case "kind":
            return [(value, word.label) for value, word in KINDS.items()]
        case "gender":
            return list(GENDERS.items())
        case "region_code":
            language = get_language() or "en"
            return [("", ""), *((code, place_name(code, language)) for code in known_places())]
        case _:
            return ()
