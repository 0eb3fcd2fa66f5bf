"""Paging by keys: the next page starts after the last row of this one, however deep it lies.

A list is one or more *stretches*, each in a total order of its own, read one after the other: customers with a
standing by spend, then those without one. A cursor names the stretch and the keys of the row it stands on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core import signing
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F
from django.db.models.expressions import Expression
from django.db.models.sql.compiler import SQLCompiler

from guanxi.kernel.lists.lookups import unindexed

SALT = "guanxi.keyset"
WALKED = 10_000  # keys that are held at once while a whole list is walked
PROBES = (600, 6_000, 20_000)  # how far an index is walked before the rows are looked for by the filter instead


class RowComparison(Expression):
    """`(a, b) < (x, y)`: an index on (a, b) answers it directly, which the spelled-out form does not allow."""

    conditional = True
    output_field = models.BooleanField()

    def __init__(self, names: Sequence[str], values: Sequence[Any], *, descending: bool) -> None:
        super().__init__()
        self.columns: list[Any] = [F(name) for name in names]
        self.values = list(values)
        self.sign = "<" if descending else ">"

    def get_source_expressions(self) -> list[Any]:
        """The columns."""
        return self.columns

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        """Take them back resolved."""
        self.columns = list(exprs)

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
    ) -> tuple[str, tuple[Any, ...]]:
        """The comparison as a row value on either side."""
        parts = [compiler.compile(column) for column in self.columns]
        marks = ", ".join(["%s"] * len(self.values))
        sql = f"({', '.join(sql for sql, _ in parts)}) {self.sign} ({marks})"
        kept = (
            column.output_field.get_db_prep_value(column.output_field.to_python(value), connection)
            for column, value in zip(self.columns, self.values, strict=True)
        )
        return sql, (*(value for _, values in parts for value in values), *kept)


Narrow = Callable[[models.QuerySet[Any]], models.QuerySet[Any]]


@dataclass(frozen=True)
class Stretch:
    """Rows in the order of `keys`, all ascending or all descending; the last key is unique.

    `rows` are all that have this order, `narrow` keeps those that are asked for. An index of the order is walked a
    little way, and further if too few are met: neither a filter that nearly all rows pass nor one that hardly any
    passes is slow, and nobody has to know which it is. At last `search` finds them all, to be sorted; without one the
    walk goes on.
    """

    rows: models.QuerySet[Any]
    keys: tuple[str, ...]
    narrow: Narrow = lambda rows: rows
    search: Narrow | None = None
    descending: bool = False

    def page(self, after: Sequence[Any] | None, size: int, *, backwards: bool) -> list[tuple[Any, ...]]:
        """The keys of up to `size` rows behind (or, backwards, before) the row with the keys `after`."""
        descending = self.descending != backwards
        rest = self.rows
        if after is not None:
            rest = rest.filter(RowComparison(self.keys, after, descending=descending))
        order = [f"-{key}" if descending else key for key in self.keys]
        for far in PROBES:
            near = self._at(rest.order_by(*order).values("pk")[:far])
            found = self._sorted(self.narrow(near), size, descending=descending)
            if len(found) == size:
                return found
            if far > PROBES[0] and len(found) * PROBES[-1] < size * far:
                break  # as often as they are met, the farthest would not do either
        if self.search is not None:
            return self._sorted(self.search(rest), size, descending=descending)
        return list(self.narrow(rest).order_by(*order).values_list(*self.keys)[:size])

    def walk(self) -> Iterator[Any]:
        """The last key of every row that is asked for, in order, however many there are."""
        ordered = self.narrow(self.rows).order_by(*(f"-{key}" if self.descending else key for key in self.keys))
        return ordered.values_list(self.keys[-1], flat=True).iterator(chunk_size=WALKED)

    def _at(self, keys: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """The rows of these keys."""
        rows: models.QuerySet[Any] = self.rows.model._default_manager.filter(pk__among=keys)
        return rows

    def _sorted(self, rows: models.QuerySet[Any], size: int, *, descending: bool) -> list[tuple[Any, ...]]:
        return list(rows.order_by(*unindexed(self.keys, descending=descending)).values_list(*self.keys)[:size])


@dataclass(frozen=True)
class Cursor:
    """A place between two rows: the order of the list, which stretch, the keys of the row there, which way to read.

    It carries how many rows were counted on the first page, so that no other page counts them again.
    """

    order: str
    stretch: int
    keys: tuple[Any, ...]
    backwards: bool = False
    count: int = 0

    def encode(self) -> str:
        """The cursor for an address, signed: keys of a wrong type would reach the database."""
        place = [self.order, self.stretch, [_plain(key) for key in self.keys], int(self.backwards), self.count]
        return signing.dumps(place, salt=SALT)

    @classmethod
    def decode(cls, text: str, order: str) -> Cursor | None:
        """The cursor of an address; nothing if it is none or one of another order: that shows the first page."""
        try:
            of, stretch, keys, backwards, count = signing.loads(text, salt=SALT)
        except (signing.BadSignature, ValueError):
            return None
        return cls(of, stretch, tuple(keys), bool(backwards), count) if of == order else None


def _plain(key: Any) -> Any:
    if isinstance(key, Decimal):
        return str(key)
    return key.isoformat() if isinstance(key, date) else key


Place = tuple[int, tuple[Any, ...]]  # the stretch a row lies in, and its keys there, of which the last is its own


@dataclass(frozen=True)
class Page:
    """The keys of the rows of one page and the cursors to its neighbours; empty where there is none."""

    keys: list[Any]
    next_cursor: str = ""
    previous_cursor: str = ""
    count: int = 0


def walk_to_page(stretches: Sequence[Stretch], cursor: Cursor | None, size: int) -> list[Place]:
    """Up to `size` places behind the cursor (or before it), read through the stretches in order (or backwards)."""
    backwards = cursor is not None and cursor.backwards
    start = cursor.stretch if cursor else 0
    found: list[Place] = []
    for at in range(start, -1, -1) if backwards else range(start, len(stretches)):
        after = cursor.keys if cursor and at == start else None
        found += [(at, keys) for keys in stretches[at].page(after, size - len(found), backwards=backwards)]
        if len(found) == size:
            break
    return found


def cut_page(found: list[Place], cursor: Cursor | None, size: int, order: str, count: int) -> Page:
    """The page of places that were found with one more than fits; its cursors carry the count."""
    backwards = cursor is not None and cursor.backwards
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page([], count=count)

    def cursor_at(place: Place, *, back: bool) -> str:
        return Cursor(order, *place, back, count).encode()

    has_next = more or backwards
    has_previous = more if backwards else cursor is not None
    return Page(
        keys=[keys[-1] for _at, keys in found],
        next_cursor=cursor_at(found[-1], back=False) if has_next else "",
        previous_cursor=cursor_at(found[0], back=True) if has_previous else "",
        count=count,
    )
