"""Reading a TOML table key by key, noting every mistake instead of stopping at the first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from guanxi.intelligence.sources.locate import KeyPath
from guanxi.intelligence.sources.mistakes import MistakeList, did_you_mean

SLUG: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class Scope:
    """One table of a contract. What is asked for is known; `close` complains about the rest."""

    def __init__(self, data: dict[str, Any], path: KeyPath, mistakes: MistakeList) -> None:
        self.data, self.path, self.mistakes = data, path, mistakes
        self._known: list[str] = []

    def complain(self, key: str | None, message: str, suggestion: str = "") -> None:
        """Note a mistake at `key`, or at the table itself."""
        self.mistakes.add(self.path if key is None else (*self.path, key), message, suggestion)

    def knows(self, *keys: str) -> None:
        """Name keys that are possible here, though nothing reads them this time."""
        self._known.extend(keys)

    @property
    def known(self) -> tuple[str, ...]:
        """The keys asked for so far."""
        return tuple(self._known)

    def has(self, key: str) -> bool:
        """Whether the key is written."""
        return key in self.data

    def raw(self, key: str, *, required: bool = False, example: str = "") -> Any:
        """The value as TOML has it; None if it is not there."""
        self._known.append(key)
        if required and key not in self.data:
            suggestion = _("Add: {example}").format(example=f"{key} = {example}") if example else ""
            self.complain(key, _("“{key}” is missing.").format(key=key), suggestion)
        return self.data.get(key)

    def text(
        self, key: str, default: str = "", *, required: bool = False, choices: Iterable[str] = (), example: str = ""
    ) -> str:
        """A text; `default` if it is missing or wrong."""
        value = self.raw(key, required=required, example=example)
        if value is None:
            return default
        if not isinstance(value, str):
            self._wrong_type(key, _("a text in quotes"))
            return default
        possible = list(choices)
        if possible and value not in possible:
            self.complain(key, _("“{value}” is not possible for “{key}”.").format(value=value, key=key),
                          did_you_mean(value, possible))  # fmt: skip
            return default
        return value

    def slug(self, key: str, *, example: str) -> str:
        """A short name that can stand in file names and addresses."""
        value = self.text(key, required=True, example=example)
        if value and not SLUG.fullmatch(value):
            near = re.sub(r"[^a-z0-9_-]+", "_", value.lower()).strip("_-")[:40]
            self.complain(
                key,
                _("“{value}” is not a short name: small letters, digits, - and _, at most 40.").format(value=value),
                did_you_mean(near, [near]) if near else "",
            )
            return ""
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self.raw(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self._wrong_type(key, _("true or false"))
        return default

    def whole(self, key: str, default: int) -> int:
        """A whole number, zero or more."""
        value = self.raw(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self._wrong_type(key, _("a whole number, 0 or more"))
            return default
        return value

    def day(self, key: str) -> date | None:
        """A date."""
        value = self.raw(key)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        self._wrong_type(key, _("a date without quotes, such as 2026-01-31"))
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self.raw(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._wrong_type(key, _('a list of texts, such as ["one", "two"]'))
            return ()
        return tuple(value)

    def text_map(self, key: str) -> dict[str, str]:
        """A table from text to text."""
        value = self.raw(key)
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(is_plain(item) for item in value.values()):
            self._wrong_type(key, _('a table of texts, such as { "old" = "new" }'))
            return {}
        return {old: as_text(new) for old, new in value.items()}

    def table(self, key: str) -> Scope | None:
        """A table within this one."""
        value = self.raw(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self._wrong_type(key, _("a table"))
            return None
        return Scope(value, (*self.path, key), self.mistakes)

    def tables(self, key: str) -> list[Scope]:
        """A list of tables."""
        value = self.raw(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self._wrong_type(key, _("a list of tables"))
            return []
        return [Scope(item, (*self.path, key, index), self.mistakes) for index, item in enumerate(value)]

    def close(self, elsewhere: Mapping[str, str] | None = None) -> None:
        """Complain about every key nobody asked for; those `elsewhere` get their explanation instead of a guess."""
        explained = elsewhere or {}
        for key in self.data:
            if key not in self._known:
                suggestion = explained.get(key) or did_you_mean(key, self._known)
                self.complain(key, _("“{key}” is not a key that belongs here.").format(key=key), suggestion)

    def _wrong_type(self, key: str, wanted: str) -> None:
        self.complain(
            key,
            _("“{key}” must be {wanted}, not {value}.").format(key=key, wanted=wanted, value=_shorten(self.data[key])),
        )


def is_plain(value: Any) -> bool:
    """Whether the value is a text, a number or a truth value."""
    return isinstance(value, str | int | Decimal)


def as_text(value: str | int | Decimal) -> str:
    """A plain value as it would stand in a file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _shorten(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
