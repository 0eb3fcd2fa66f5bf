"""Which columns fill a company's own fields of customers: the table `custom` of [feed.customer].

A contract lies in a file, the fields are defined in the company's database; they meet here, once, before anything is
read: what the contract says of a field becomes part of its terms, so landing asks no database.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from guanxi.intelligence.sources.fields import NO, OWN, OWN_HEAD, YES, FieldKind
from guanxi.intelligence.sources.mistakes import did_you_mean
from guanxi.intelligence.sources.parse_field import FieldParser
from guanxi.intelligence.sources.scope import Scope, as_text, is_plain
from guanxi.intelligence.sources.terms import Mapped, OwnMapped
from guanxi.kernel.fields.values import FieldDefinition, Unfit

Definitions = Mapping[str, FieldDefinition] | None  # the fields by key; None where they are not known
UNKNOWN: Final = ""  # the kind of a field that nobody knows
_FLAGS: Final = dict.fromkeys(YES, "true") | dict.fromkeys(NO, "false")
_WORDED: Final = (FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.FLAG)


def parse_own(customer: Scope, definitions: Definitions) -> dict[str, OwnMapped]:
    """What fills the own fields of customers, by their keys."""
    scope = customer.table(OWN_HEAD)
    if scope is None:
        return {}
    found = {}
    for key, value in scope.data.items():
        own = _find(scope, key, definitions) or FieldDefinition(key, UNKNOWN, key)
        mapped = _OwnParser(scope, own).parse(value)
        if mapped is not None:
            found[key] = mapped
    return found


def _find(scope: Scope, key: str, definitions: Definitions) -> FieldDefinition | None:
    """The field of that key, if it can be filled."""
    if definitions is None:
        return None
    own = definitions.get(key)
    if own is not None and own.is_archived:
        scope.complain(key, _("The field of your own “{key}” was archived.").format(key=key),
                       _("Bring it back in the settings, or take it out of the contract."))  # fmt: skip
        return None
    if own is None:
        known = [field.key for field in definitions.values() if not field.is_archived]
        none = _("There are none yet: make it in the settings.")
        scope.complain(key, _("There is no field of your own with the key “{key}”.").format(key=key),
                       did_you_mean(key, known) if known else none)  # fmt: skip
    return own


class _OwnParser(FieldParser):
    """Reads what fills one own field."""

    def __init__(self, scope: Scope, own: FieldDefinition) -> None:
        super().__init__(scope, own.key, OWN[own.kind])
        self.own = own
        self.words = _FLAGS if self.kind is FieldKind.FLAG else own.words

    def parse(self, value: Any) -> OwnMapped | None:
        mapped = super().parse(value)
        if mapped is None:
            return None
        said = {field.name: getattr(mapped, field.name) for field in dataclasses.fields(Mapped)}
        words: dict[str, str] = {}
        if self.kind in _WORDED:
            said["map"] = {}
            words = self.words | {old: self.words.get(self._word(new), "") for old, new in mapped.map.items()}
            words = {self._word(word): meant for word, meant in words.items()}
        return OwnMapped(
            **said, kind=self.own.kind, words=words, options=tuple(option.key for option in self.own.options)
        )

    def _word(self, text: str) -> str:
        return text.lower() if self.kind is FieldKind.FLAG else text

    def _constant(self, scope: Scope) -> str | None:
        value = scope.raw("value")
        if value is None:
            return None
        is_day = isinstance(value, date) and not isinstance(value, datetime)
        text = value.isoformat() if is_day else as_text(value) if is_plain(value) else None
        if text is None:
            scope.complain("value", _("A constant is a text, a number or a date."))
            return None
        if self.own.kind == UNKNOWN:
            return json.dumps(text)
        try:
            if len(text) > self.own.longest:
                raise Unfit(_("it is longer than {longest} characters").format(longest=self.own.longest))
            kept = self.own.read(text)
        except Unfit as unfit:
            message = _("“{value}” does not fit “{field}”: {reason}.")
            scope.complain("value", message.format(value=text, field=self.field, reason=unfit.reason),
                           did_you_mean(text, self.own.words))  # fmt: skip
            return None
        return None if kept is None else json.dumps(kept, ensure_ascii=False)

    def _map(self, scope: Scope) -> Mapping[str, str]:
        if self.kind not in _WORDED:
            return super()._map(scope)
        mapped = scope.text_map("map")
        for old, new in mapped.items():
            if new and self._word(new) not in self.words:
                scope.mistakes.add(
                    (*scope.path, "map", old), _("“{value}” is not one of the choices of “{key}”.")
                    .format(value=new, key=self.field), did_you_mean(new, self.words),
                )  # fmt: skip
        return mapped

    def _verified(self, scope: Scope) -> bool:
        if scope.raw("verified") is not None:
            scope.complain("verified", _("Only phone and email can be verified."))
        return False

    def _is_lenient(self, scope: Scope) -> bool:
        return scope.text("unreadable", choices=("nothing",)) == "nothing"
