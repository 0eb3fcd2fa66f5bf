"""The fields of a list: what each is called, how it is filtered, sorted and shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Literal

from django.db.models import Q

from guanxi.kernel.commands import Actor
from guanxi.kernel.lists.conditions import Condition
from guanxi.kernel.ui.parts import Cell
from guanxi.kernel.ui.registry import Text

At = Callable[[str], str]  # where a path of the listed row stands in the rows that are read


class Kind(StrEnum):
    """What the values of a field are; it decides the operators."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    MOMENT = "moment"  # a point in time; filtered by its day on the reader's clock
    CHOICE = "choice"
    USER = "user"
    BOOL = "bool"
    TAG = "tag"
    SEARCH = "search"  # free text, found by an index of its own


@dataclass(frozen=True)
class Ground:
    """What a list stands on while it is read: who asks, which day it is, which rows of its side are current.

    `as_of` is the day computed values are of, `currency` the one of all money; `side` narrows the list's side table
    to its current rows (`{"run_id": 7}`), `None` while there are none. `fields` are all the list has now, by key.
    """

    actor: Actor
    today: date
    as_of: date | None = None
    currency: str = ""
    side: Mapping[str, Any] | None = None
    fields: Mapping[str, Field] = field(default_factory=dict)


@dataclass(frozen=True)
class Option:
    """A value one can choose; `sentence` replaces "Field is label", `where` the plain comparison."""

    label: Text
    sentence: Text = ""
    where: Callable[[At, Ground], Q] | None = None


Options = Callable[[], Mapping[str, Option]]


@dataclass(frozen=True)
class Field:
    """One field of a list.

    Parameters
    ----------
    key
        Its name in addresses: short, lower case.
    path
        Where it stands, seen from the listed row, as the ORM says it ("owner__display_name"); a path into the
        list's side begins with the side's name. The key itself where nothing is given.
    options
        The choices, for fields that have some; read anew each time, so that they may depend on the database.
    options_for
        The choices where they depend on who reads; a list that stands for somebody has them as its options.
    where
        Builds the comparison itself, for fields that are no plain column (tags, a search index).
    order
        The paths a list is sorted by; the row's own key is added. Empty: cannot be sorted by.
    falls
        Whether the first click on its head shows the largest first.
    needs
        The paths its cell reads.
    load
        Reads what its cell needs for the keys of a page at once (key -> value); the row has it under the field's key.
    show
        Makes the cell from a row (path -> value); nothing: not a column.
    is_default
        Whether it is one of the columns a reader sees who has chosen none.
    is_filter
        Whether the page offers it as a filter; what an address asks for is understood anyway.
    is_asked
        Whether rows can be asked for by it at all, be it by an address that somebody wrote by hand.
    is_of_side
        Whether its own comparison asks the list's side, where its path does not say so.
    is_quick
        Whether its options are offered by one click.
    heading
        Its column's head where that depends on the ground (the currency).
    is_open
        Whether values beyond its options can be asked for: a source that delivers no more.
    is_masked
        Only whether it is filled can be asked: anything more would tell what is hidden.
    may_be_empty
        Whether rows can be without it.
    dated_by
        What "the last 90 days" count back from: the day the computed values are of, or today.
    edits
        What of the row is edited in its cells, as the row's own form names it; nothing: they are only read.
    """

    key: str
    label: Text
    kind: Kind
    path: str = ""
    options: Options | None = None
    options_for: Callable[[Actor], Mapping[str, Option]] | None = None
    where: Callable[[Condition, At, Ground], Q] | None = None
    order: tuple[str, ...] = ()
    falls: bool = False
    needs: tuple[str, ...] = ()
    load: Callable[[Sequence[int], Ground], Mapping[int, Any]] | None = None
    show: Callable[[Mapping[str, Any], Ground], Cell] | None = None
    is_default: bool = False
    is_filter: bool = True
    is_asked: bool = True
    is_of_side: bool = False
    is_quick: bool = False
    heading: Callable[[Ground], Text] | None = None
    is_open: bool = False
    is_masked: bool = False
    may_be_empty: bool = True
    dated_by: Literal["today", "as_of"] = "today"
    operators: tuple[str, ...] = ()  # instead of those of its kind
    group: Text = ""  # under which heading the chooser lists it
    total: bool = False  # whether its sum means something
    edits: str = ""

    @property
    def source(self) -> str:
        """Its path."""
        return self.path or self.key

    @property
    def is_column(self) -> bool:
        """Whether it can be shown."""
        return self.show is not None

    @property
    def is_numeric(self) -> bool:
        """Whether its column is aligned to the right."""
        return self.kind in (Kind.NUMBER, Kind.MONEY)

    def read_by(self, actor: Actor) -> Field:
        """The same with the choices that `actor` has, which are read once."""
        options, options_for = self.options, self.options_for
        if options_for is not None:
            return replace(self, options=cache(lambda: options_for(actor)))
        return self if options is None else replace(self, options=cache(options))

    def day(self, ground: Ground) -> date:
        """The day relative dates count from."""
        return ground.as_of if self.dated_by == "as_of" and ground.as_of else ground.today
