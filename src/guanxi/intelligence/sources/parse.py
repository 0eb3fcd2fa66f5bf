"""From the TOML of a contract to its terms, noting every mistake on the way."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from guanxi.intelligence.sources.currencies import currencies
from guanxi.intelligence.sources.errors import ContractMissing, FileUnreadable
from guanxi.intelligence.sources.locate import Locator
from guanxi.intelligence.sources.mistakes import Mistake, MistakeList, did_you_mean
from guanxi.intelligence.sources.parse_feed import FeedParser
from guanxi.intelligence.sources.parse_own import Definitions
from guanxi.intelligence.sources.scope import SLUG, Scope
from guanxi.intelligence.sources.terms import OWN_SOURCE, Contract, Feed
from guanxi.intelligence.sources.zones import check_zone, is_zone

LANGUAGES: Final = ("zh", "en")
LATER: Final = 100  # the priority of a source that names none
_SYNTAX_PLACE: Final = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(frozen=True)
class Parsed:
    """What was read of a contract. `contract` is only to be relied on where `mistakes` has nothing on it."""

    contract: Contract | None
    mistakes: MistakeList

    @property
    def sound_feeds(self) -> list[tuple[int, Feed]]:
        """The feeds without a mistake, by their places in the contract."""
        if self.contract is None:
            return []
        spoiled = {path[1] for path in self.mistakes.paths if path[:1] == ("feed",) and len(path) > 1}
        return [(index, feed) for index, feed in enumerate(self.contract.feeds) if index not in spoiled]


def parse_contract(path: Path, own: Definitions) -> Parsed:
    """Read a contract, going on after every mistake; `own` are the company's own fields, where they are known.

    Raises
    ------
    ContractMissing, FileUnreadable
        There is no such file, or it cannot be read.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise ContractMissing(path=str(path)) from None
    except OSError as error:
        raise FileUnreadable(file=str(path), reason=error.strerror or str(error)) from error
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return _unread(Mistake(line, "", _("The contract is not UTF-8 text."), _("Save it as UTF-8.")))
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        return _unread(_syntax_mistake(str(error), text))
    mistakes = MistakeList(Locator(text))
    return Parsed(_Parser(path, mistakes, own).contract(data), mistakes)


def _unread(mistake: Mistake) -> Parsed:
    return Parsed(None, MistakeList(Locator(""), [mistake]))


def _syntax_mistake(message: str, text: str) -> Mistake:
    place = _SYNTAX_PLACE.search(message)
    line = text.count("\n") + 1
    if place is not None:
        line = int(place[1]) if place[1] else line
        message = message[: place.start()]
    return Mistake(line, "", _("This is not TOML: {detail}.").format(detail=message),
                   _("Texts stand in quotes, lists in [ ], tables in { } on one line."))  # fmt: skip


class _Parser:
    def __init__(self, path: Path, mistakes: MistakeList, own: Definitions) -> None:
        self.path, self.mistakes, self.own = path.resolve(), mistakes, own

    def contract(self, data: dict[str, Any]) -> Contract:
        scope = Scope(data, (), self.mistakes)
        name = scope.slug("name", example='"shop"')
        if name == OWN_SOURCE:
            mistake = _("“{name}” is the source of what is written down in Guanxi itself.").format(name=name)
            scope.complain("name", mistake, _("Give this source another name."))
        title = self._title(scope, name)
        priority = scope.whole("priority", LATER)
        timezone = scope.text("timezone", required=True, example='"Asia/Shanghai"')
        check_zone(scope, "timezone", timezone)
        currency = scope.text("currency", required=True, example='"CNY"')
        if currency and currency not in currencies():
            scope.complain("currency", _("There is no currency “{code}”.").format(code=currency),
                           did_you_mean(currency.upper(), currencies()))  # fmt: skip
        business_date = scope.day("business_date")
        feeds = self._feeds(scope)
        scope.close()
        known_zone = timezone if is_zone(timezone) else "UTC"
        return Contract(self.path, name, title, priority, known_zone, currency, business_date, feeds)

    def _title(self, scope: Scope, name: str) -> Mapping[str, str]:
        if isinstance(scope.data.get("title"), str):
            return dict.fromkeys(LANGUAGES, scope.text("title"))
        titles = scope.table("title")
        if titles is None:
            return dict.fromkeys(LANGUAGES, name)
        found = {language: titles.text(language) for language in LANGUAGES}
        titles.close()
        any_title = next((title for title in found.values() if title), name)
        return {language: title or any_title for language, title in found.items()}

    def _feeds(self, scope: Scope) -> tuple[Feed, ...]:
        scopes = scope.tables("feed")
        if not scopes and not isinstance(scope.data.get("feed"), dict | list):
            add = _("Add: {example}").format(example="[[feed]]")
            scope.complain("feed", _("The contract has no feed: nothing to read."), add)
        for index, feed in enumerate(scopes):
            name = feed.data.get("name")
            if isinstance(name, str) and SLUG.fullmatch(name):
                self.mistakes.names[index] = name
        feeds, names = [], set[str]()
        for feed in scopes:
            parsed = FeedParser(feed, self.path.parent, os.environ, self.own).parse()
            if parsed.name in names:
                feed.complain("name", _("There is another feed named “{name}”.").format(name=parsed.name),
                              _("Names of feeds are unique within a contract."))  # fmt: skip
            names.add(parsed.name)
            feeds.append(parsed)
        return tuple(feeds)
