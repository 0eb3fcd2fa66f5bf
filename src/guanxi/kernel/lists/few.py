"""A list that few rows match: they are found, counted and sorted by one statement, and each is looked at once.

Of thousands whose keys are known the first page is met soon along the list's order, the rest need not be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, Count, F, Q, QuerySet, SmallIntegerField, Value, When, Window

from guanxi.kernel.lists.keyset import Cursor, Place, RowComparison
from guanxi.kernel.lists.lookups import unindexed
from guanxi.kernel.lists.sizes import place_of

STRETCH: Final = "stretch"
FAR: Final = 20_000  # rows of an order that are walked for a page of known keys, of a million and of 2,000 keys about


@dataclass(frozen=True)
class Few:
    """Rows that match, in the order of `keys`, all ascending or all descending; the last key is the listed row's own.

    Those that have no value there come last, by their own key: each of `without` says who lies in another stretch,
    the second and those behind it, and the last one that holds is meant.

    With `known`, of the rows only those match whose own key is one of these; if they are many, some are met soon.
    """

    rows: QuerySet[Any]
    keys: tuple[str, ...]
    without: tuple[Q, ...] = ()
    descending: bool = False
    first: int = 0  # the number of its first stretch
    known: QuerySet[Any] | None = None
    are_many: bool = False

    @property
    def last(self) -> int:
        """The number of its last stretch."""
        return self.first + len(self.without)

    def counted(self, size: int) -> tuple[list[Place], int]:
        """Up to `size` places from the beginning, and how many rows there are in all."""
        rows = self._sorted(backwards=False).annotate(counted=Window(Count("*")))
        found = list(rows.values_list("counted", STRETCH, *self.keys)[:size])
        return [self._place(*row[1:]) for row in found], found[0][0] if found else 0

    def page(self, cursor: Cursor | None, size: int, *, backwards: bool) -> list[Place]:
        """Up to `size` places from the beginning (or, backwards, the end), or from the cursor if it lies in here."""
        if self.are_many and cursor is None:
            met = self._met(size)
            if len(met) == size:
                return met
        rows = self._sorted(backwards=backwards)
        if cursor is not None and self.first <= cursor.stretch <= self.last:
            rows = rows.filter(self._behind(cursor, descending=self.descending != backwards))
        return [self._place(*row) for row in rows.values_list(STRETCH, *self.keys)[:size]]

    def walk(self) -> Iterator[Any]:
        """The listed row's key of every row, in order."""
        return self._sorted(backwards=False).values_list(self.keys[-1], flat=True).iterator()

    def _met(self, size: int) -> list[Place]:
        """Up to `size` places of the first stretch, as far as the order is walked."""
        rows = self.rows.filter(**{f"{self.keys[0]}__isnull": False}) if self.without else self.rows
        along = rows.order_by(*(f"-{key}" if self.descending else key for key in self.keys)).values_list(*self.keys)
        end = place_of(along, FAR)
        if end is not None:
            along = along.filter(RowComparison(self.keys, end, descending=not self.descending))
        return [(self.first, keys) for keys in along.filter(**{f"{self.keys[-1]}__met": self.known})[:size]]

    def _sorted(self, *, backwards: bool) -> QuerySet[Any]:
        order = unindexed(self.keys, descending=self.descending != backwards)
        stretch: Case | Value = Value(self.first)
        if self.without:
            whens = [When(condition, then=number) for number, condition in enumerate(self.without, self.first + 1)]
            stretch = Case(*reversed(whens), default=self.first, output_field=SmallIntegerField())
            order = [F(STRETCH).desc() if backwards else F(STRETCH).asc(), *order]
        found = self.rows if self.known is None else self.rows.filter(**{f"{self.keys[-1]}__among": self.known})
        rows: QuerySet[Any] = found.annotate(**{STRETCH: stretch}).order_by(*order)
        return rows

    def _behind(self, cursor: Cursor, *, descending: bool) -> Q:
        names = self.keys[-len(cursor.keys) :]
        rest = Q(RowComparison(names, cursor.keys, descending=descending))
        if not self.without:
            return rest
        others = Q(**{f"{STRETCH}__{'lt' if cursor.backwards else 'gt'}": cursor.stretch})
        return others | (Q(**{STRETCH: cursor.stretch}) & rest)

    def _place(self, stretch: int, *keys: Any) -> Place:
        return stretch, keys[-1:] if stretch else keys


def read_few(parts: Sequence[Few], cursor: Cursor | None, size: int) -> list[Place]:
    """Up to `size` places behind the cursor (or before it), read through the parts in order (or backwards)."""
    backwards = cursor is not None and cursor.backwards
    found: list[Place] = []
    for part in reversed(parts) if backwards else parts:
        is_over = cursor is not None and (cursor.stretch < part.first if backwards else cursor.stretch > part.last)
        if not is_over and len(found) < size:
            found += part.page(cursor, size - len(found), backwards=backwards)
    return found
