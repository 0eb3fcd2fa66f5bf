"""How the columns of a delivery differ from those of the one before it, and what the contract makes of them."""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from guanxi.intelligence.sources.fit import called_by_contract
from guanxi.intelligence.sources.readers.options import TableOptions, named_columns
from guanxi.intelligence.sources.terms import Feed

ORDERED: Final = ("csv", "parquet", "xlsx")  # formats in which the place of a column is the sender's doing
NEAR: Final = 0.6  # how alike two names must be to be taken for one column, of 1


@dataclass(frozen=True, slots=True)
class Drift:
    """What is to be told of the columns of one file; all names as they stand in the files.

    Attributes
    ----------
    before
        The file of the delivery before; empty if there was none.
    added, removed, moved
        Columns that are new, gone, or stand elsewhere among the others.
    renamed, perhaps
        (old name, new name): by the contract's aliases; and where it only looks like it.
    unknown
        Columns of this file that the contract neither reads nor ignores.
    lacking
        Columns the contract reads, that this file does not have and need not have.
    """

    before: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    perhaps: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def is_change(self) -> bool:
        """Whether anything differs from the delivery before."""
        return bool(self.added or self.removed or self.moved or self.renamed or self.perhaps)

    def as_json(self) -> dict[str, Any]:
        """What there is to tell, as JSON; `from_json` reads it back."""
        return {key: value for key, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Drift:
        """The drift that `as_json` gave."""
        told: dict[str, Any] = {key: tuple(value) for key, value in kept.items() if key != "before"}
        for key in ("renamed", "perhaps"):
            told[key] = tuple((old, new) for old, new in kept.get(key, ()))
        return cls(before=kept.get("before", ""), **told)


def delivered_columns(feed: Feed, written: Sequence[str]) -> tuple[str, ...]:
    """The columns a file itself names; none where the contract gives the names. A column may be without one."""
    return () if named_columns(feed.options) else tuple(filter(None, written))


def find_drift(feed: Feed, written: Sequence[str], before: Sequence[str] = (), name: str = "") -> Drift:
    """Compare the columns of a file, `written`, with those of the file `name` before it.

    Ignored columns are passed over. No column before means that there is nothing to compare with.
    """
    now = _Columns(feed, written)
    unknown = tuple(column for column in now.written if now.called[column] not in now.known)
    lacking = tuple(column for column in feed.leeway.optional if column not in now.called.values()) if written else ()
    if not before or not now.written:
        return Drift(unknown=unknown, lacking=lacking)
    then = _Columns(feed, before)
    old = {then.called[column]: column for column in then.written}
    new = {now.called[column]: column for column in now.written}
    added = [column for column in new if column not in old]
    removed = [column for column in old if column not in new]
    perhaps = _perhaps_renamed(list(old), list(new), removed, [column for column in added if column not in now.known])
    guessed = {column for pair in perhaps for column in pair}
    stayed = [column for column in new if column in old]
    drift = Drift(
        before=name,
        added=tuple(new[column] for column in added if column not in guessed),
        removed=tuple(old[column] for column in removed if column not in guessed),
        moved=tuple(new[column] for column in _moved(list(old), stayed)) if feed.format in ORDERED else (),
        renamed=tuple((old[column], new[column]) for column in stayed if old[column] != new[column]),
        perhaps=tuple((old[gone], new[come]) for gone, come in perhaps),
        unknown=unknown, lacking=lacking,
    )  # fmt: skip
    return drift if drift.is_change else Drift(unknown=unknown, lacking=lacking)


class _Columns:
    """The columns of a file that are worth a word, and what the contract calls them."""

    def __init__(self, feed: Feed, written: Sequence[str]) -> None:
        self.known = {*feed.columns(), *feed.leeway.required}
        if isinstance(feed.options, TableOptions) and feed.options.lookup is not None:
            self.known.add(feed.options.lookup.key)
        self.called = dict(zip(written, called_by_contract(feed, written), strict=True))
        self.written = [
            name for name, called in self.called.items() if called in self.known or not feed.leeway.is_ignored(name)
        ]


def _perhaps_renamed(
    old: Sequence[str], new: Sequence[str], removed: Sequence[str], unknown: Sequence[str]
) -> list[tuple[str, str]]:
    """Of the columns gone and the unknown ones come, those alike in name, or between the same two neighbours."""
    pairs, free = [], list(unknown)
    for gone in removed:
        folded = {column.casefold(): column for column in free}
        near = difflib.get_close_matches(gone.casefold(), list(folded), n=1, cutoff=NEAR)
        found = [folded[column] for column in near]
        found += [column for column in free if _neighbours(old, gone) == _neighbours(new, column)]
        if found:
            pairs.append((gone, found[0]))
            free.remove(found[0])
    return pairs


def _neighbours(columns: Sequence[str], column: str) -> tuple[str, str]:
    edged = ["", *columns, ""]
    at = edged.index(column, 1)
    return edged[at - 1], edged[at + 1]


def _moved(old: Sequence[str], stayed: Sequence[str]) -> list[str]:
    """The fewest columns one has to take out so that the others stand in their old order."""
    places = [old.index(column) for column in stayed]
    ends: list[int] = []  # the place that ends the best row of each length, and where it stands
    at: list[int] = []
    came: list[int] = []
    for index, place in enumerate(places):
        length = bisect_left(ends, place)
        came.append(at[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        at[length : length + 1] = [index]
    kept = set()
    index = at[-1] if at else -1
    while index >= 0:
        kept.add(index)
        index = came[index]
    return [column for index, column in enumerate(stayed) if index not in kept]
