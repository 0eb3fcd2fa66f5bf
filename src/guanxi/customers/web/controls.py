"""How a field of a customer is typed in: the same control in a form, a cell of the list and a bulk action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guanxi.customers.fields import GENDERS, Field
from guanxi.customers.own_fields import own_definitions
from guanxi.customers.words import KINDS
from guanxi.kernel.places import known_places, place_name
from guanxi.kernel.ui.registry import Text

Kind = Literal["text", "textarea", "tel", "email", "date", "select", "number", "choices"]
_KINDS: Final[Mapping[str, Kind]] = {"phone": "tel", "email": "email", "birth_on": "date", "remark": "textarea"}
_OWN_KINDS: Final[Mapping[str, Kind]] = {
    "text": "text", "number": "number", "money": "number", "date": "date", "choice": "select", "flag": "select",
    "choices": "choices",
}  # fmt: skip


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
    own = own_definitions().get(field.name)
    if own is not None:
        options: list[tuple[str, Text]] = [
            (option.key, option.label) for option in own.options if not option.is_archived
        ]
        if own.kind == "flag":
            options = [("yes", _("yes")), ("no", _("no"))]
        if own.kind in {"choice", "flag"}:
            options = [("", ""), *options]
        return Control(
            field.name, own.label, _OWN_KINDS[own.kind], own.longest, options, own.help, is_required=own.is_required
        )
    options = _options(field.name)
    kind: Kind = "select" if options else _KINDS.get(field.name, "text")
    return Control(field.name, field.label, kind, field.longest, options, is_required=field.is_required)


def _options(name: str) -> list[tuple[str, Text]]:
    match name:
        case "kind":
            return [(value, word.label) for value, word in KINDS.items()]
        case "gender":
            return list(GENDERS.items())
        case "region_code":
            language = get_language() or "en"
            return [("", ""), *((code, place_name(code, language)) for code in known_places())]
        case _:
            return []
