"""By which of several conditions SQLite finds the rows of a list: the one that fewest rows meet.

PostgreSQL keeps statistics of the values and chooses by itself. SQLite knows only how many rows a value has on average,
and would look through every customer of a large province for the few that spent much.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.db.models import Field, Model, Q, QuerySet

from guanxi.kernel.lists.links import Known
from guanxi.kernel.lists.sizes import size_of

MOST: Final = (1_000, 8_000, 50_000)  # rows of one condition that are counted, in an index, before none is said to lead
COUNTED: Final = frozenset({"", "exact", "in", "gt", "gte", "lt", "lte"})


@dataclass(frozen=True)
class Candidate:
    """A condition rows could be found by, its place among the others, and the rows in whose index it is looked up."""

    place: int
    part: Q
    rows: QuerySet[Any]

    def count(self, most: int) -> int:
        """About how many rows meet it, up to one more than `most`."""
        return self.part.size if isinstance(self.part, Known) else size_of(self.rows.filter(self.part), most)


def candidates(parts: Sequence[Q], rows: QuerySet[Any], fixed: Iterable[str] = ()) -> Iterator[Candidate]:
    """Those of `parts` that an index of `rows` answers, or of the listed rows their keys.

    Rows of a side are `fixed` by some columns, with which their indexes begin.
    """
    if connection.vendor == "sqlite":
        begin = tuple(fixed)
        for place, part in enumerate(parts):
            is_known = isinstance(part, Known) and not part.negated and not begin
            if is_known or _is_indexed(part, rows.model, begin):
                yield Candidate(place, part, rows)


def find_leader(rivals: Sequence[Candidate]) -> Candidate | None:
    """The one that fewest rows meet; nothing if there is no choice, or if each is met by more than are counted."""
    for most in MOST if len(rivals) > 1 else ():
        sizes = [rival.count(most) for rival in rivals]
        if min(sizes) <= most:
            return rivals[sizes.index(min(sizes))]
    return None


def is_scan(rivals: Sequence[Candidate]) -> bool:
    """Whether SQLite finds the rows by none of their conditions, and looks through all there are."""
    return connection.vendor == "sqlite" and not rivals


def led(parts: Sequence[Q], leader: Candidate | None, model: type[Model]) -> list[Q]:
    """The same conditions on rows of `model`; for all but the leader SQLite looks for no index."""
    if leader is None:
        return list(parts)
    return [part if place == leader.place else _behind(part, model) for place, part in enumerate(parts)]


def scanned(parts: Sequence[Q], rows: QuerySet[Any], fixed: Iterable[str] = ()) -> list[Q]:
    """The same conditions; if each that has an index is met by too many, SQLite reads the rows as they lie."""
    rivals = list(candidates(parts, rows, fixed))
    if not rivals or any(rival.count(MOST[-1]) <= MOST[-1] for rival in rivals):
        return list(parts)
    return [_behind(part, rows.model) for part in parts]


def _behind(part: Q, model: type[Model]) -> Q:
    children = [_behind(child, model) if isinstance(child, Q) else _plain(child, model) for child in part.children]
    return Q(*children, _connector=part.connector, _negated=part.negated)


def _plain(child: Any, model: type[Model]) -> Any:
    if not isinstance(child, tuple) or hasattr(child[1], "resolve_expression"):
        return child
    path, _blank, lookup = child[0].rpartition("__")
    if not path or lookup not in Field.get_class_lookups():
        path, lookup = child[0], "exact"
    if _leads_to_a_row(path, model):
        path = f"{path.removesuffix('_id')}__id"
    return f"{path}__plain__{lookup}", child[1]


def _leads_to_a_row(path: str, model: type[Model]) -> bool:
    at: Any = model
    for name in path.split("__"):
        try:
            field = at._meta.get_field(name)
        except FieldDoesNotExist:
            return False
        at = field.related_model
    return at is not None


def _is_indexed(part: Q, model: type[Model], fixed: tuple[str, ...]) -> bool:
    """Whether an index begins with `fixed` and the one column that `part` compares."""
    columns = set(_columns(part, model))
    if len(columns) != 1:
        return False
    begin = (*fixed, *columns)
    return any(tuple(index.fields[: len(begin)]) == begin for index in model._meta.indexes if index.condition is None)


def _columns(part: Q, model: type[Model]) -> Iterator[str]:
    """The columns of `model` that are compared; an empty name for anything else."""
    for child in part.children:
        if part.negated or part.connector != Q.AND or not isinstance(child, Q | tuple):
            yield ""
        elif isinstance(child, Q):
            yield from _columns(child, model)
        else:
            name, _blank, lookup = child[0].partition("__")
            known = {word: field.name for field in model._meta.fields for word in (field.name, field.attname)}
            yield known.get(name, "") if lookup in COUNTED else ""
