"""Mistakes in a contract: all of them at once, each with its line and what would mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.intelligence.sources.locate import KeyPath, Locator
from guanxi.kernel.errors import GuanxiError


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake, in the reader's language.

    `line` is the line of the contract, `path` the key in question (`feed.lines.purchase.order`), `suggestion` what
    would mend it, where that is known. A `warning` is worth knowing and stops nothing.
    """

    line: int
    path: str
    message: str
    suggestion: str = ""
    warning: bool = False

    def __str__(self) -> str:
        place = _("line {line}").format(line=self.line)
        place = f"{place}: {self.path}:" if self.path else f"{place}:"
        return " ".join(part for part in (place, self.message, self.suggestion) if part)


class ContractInvalid(GuanxiError):
    """A contract has mistakes; `mistakes` holds every one of them."""

    code = "contract_invalid"
    sentence = gettext_lazy("The contract {name} cannot be used. {details}")
    cure = gettext_lazy("Mend what is named and check again: guanxi source check {name}")

    mistakes: tuple[Mistake, ...] = ()

    @classmethod
    def of(cls, path: Path, mistakes: Iterable[Mistake]) -> ContractInvalid:
        """The error that tells all of `mistakes`."""
        found = tuple(mistakes)
        details = "; ".join(str(mistake) for mistake in found)
        error = cls(place=f"{path}:{found[0].line}", name=path.name, count=len(found), details=details)
        error.mistakes = found
        return error


@dataclass
class MistakeList:
    """Collects the mistakes of one contract, and knows where its keys stand."""

    locator: Locator
    found: list[Mistake] = field(default_factory=list)
    paths: list[KeyPath] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)  # feeds are shown by their names, not by their numbers

    def add(self, path: KeyPath, message: str, suggestion: str = "", *, warning: bool = False) -> None:
        """Note a mistake at `path`; a key that is missing stands where its table begins."""
        self.paths.append(path)
        self.found.append(Mistake(self.locator.line_of(path), self.show(path), message, suggestion, warning))

    def show(self, path: KeyPath) -> str:
        """`("feed", 0, "purchase", "order")` as `feed.lines.purchase.order`."""
        shown = ""
        for index, part in enumerate(path):
            if isinstance(part, str):
                shown += f".{part}" if shown else part
            elif path[index - 1 : index] == ("feed",) and part in self.names:
                shown += f".{self.names[part]}"
            else:
                shown += f"[{part + 1}]"
        return shown

    def sorted(self) -> list[Mistake]:
        """All mistakes in the order of their lines."""
        return sorted(self.found, key=lambda mistake: (mistake.line, mistake.path))


def did_you_mean(word: str, possible: Iterable[str]) -> str:
    """“Did you mean “order”?”, or the words there are if none is near and they are few."""
    words = list(dict.fromkeys(possible))
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if not near:
        folded = {known.casefold(): known for known in words}
        near = [folded[close] for close in difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)]
    if near:
        return _("Did you mean “{word}”?").format(word=near[0])
    if 0 < len(words) <= MOST_WORDS:
        return _("Possible: {words}.").format(words=", ".join(words))
    return ""


MOST_WORDS = 30  # beyond that a list of what is possible helps nobody
