"""A list as its app declares it, and the register of all lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from django.db.models import FilteredRelation, Model, Q, QuerySet
from django.urls import reverse

from guanxi.kernel.commands import Actor
from guanxi.kernel.lists.errors import FilterUnknown
from guanxi.kernel.lists.fields import At, Field, Ground
from guanxi.kernel.ui.registry import Text

Scope = Callable[[Actor, str], Q]
A_NUMBER: Final = 7_777_777


def numbered(url_name: str) -> Callable[[int], str]:
    """The addresses of the rows' pages; the router is asked once, not for every row."""

    @cache
    def around() -> tuple[str, str]:
        before, _number, after = reverse(url_name, args=[A_NUMBER]).rpartition(str(A_NUMBER))
        return before, after

    return lambda number: str(number).join(around())


@dataclass(frozen=True)
class Side:
    """A table with at most one current row for each listed row, such as the latest scores.

    Fields reach it by paths that begin with `name`. A list sorted by such a field is read from the side, whose
    indexes hold that order. What it has of the listed row itself (`copies`) is asked of it there.
    """

    name: str  # in paths: "now"
    model: type[Model]
    relation: str  # from the listed row to it: "standings"
    back: str  # from it to the listed row: "customer"
    copies: frozenset[str] = frozenset()  # columns that are always the same in both


@dataclass(frozen=True)
class ListSpec:
    """A list.

    Parameters
    ----------
    key
        Its name in saved views and registers.
    permission
        What a reader must hold to see any of it.
    url_name
        The page that shows it.
    scope
        What an actor may see of the living rows; the prefix says where the listed row stands in the rows read.
    ground
        What the list stands on now.
    fields
        Its own fields; others come by `add_fields`.
    default_sort
        The key of the field it is sorted by when nothing is asked.
    row_url, card_url
        Where a row's page is, and the card that the side panel shows of it.
    row_name
        What a row is called, for readers who do not see it.
    nothing
        What is said when no row matches.
    needs
        Paths that are read of every row, whatever columns are shown.
    cells_url, edit_permission
        Where cells are edited in place (below it the row's key and the field's `edits`), and who may.
    """

    key: str
    title: Text
    model: type[Model]
    permission: str
    url_name: str
    scope: Scope
    ground: Callable[[Actor], Ground]
    fields: tuple[Field, ...]
    default_sort: str
    row_url: Callable[[int], str]
    row_name: Callable[[Mapping[str, Any]], str]
    card_url: Callable[[int], str] | None = None
    side: Side | None = None
    nothing: Text = ""
    needs: tuple[str, ...] = ()
    cells_url: Callable[[], str] | None = None
    edit_permission: str = ""

    def all_fields(self) -> dict[str, Field]:
        """Every field by its key, those of other apps too."""
        found = {field.key: field for field in self.fields}
        for source in _more_fields.get(self.key, ()):
            found |= {field.key: field for field in source()}
        return found

    def stand(self, actor: Actor) -> Ground:
        """What the list stands on, with all its fields: read once for everything that is asked of it together."""
        fields = {key: field.read_by(actor) for key, field in self.all_fields().items()}
        return replace(self.ground(actor), fields=fields)

    def main_rows(self, ground: Ground, *, side_leads: bool = True) -> QuerySet[Any]:
        """The listed rows, each beside its current row of the side."""
        return self.beside(self.model._default_manager.all(), ground, leads=side_leads)

    def beside(self, rows: QuerySet[Any], ground: Ground, *, leads: bool = True) -> QuerySet[Any]:
        """Listed rows, each with its current row of the side; unless that `leads`, it is found by the row."""
        if self.side is None:
            return rows
        current = self._current(ground.side or {"pk": None}, f"{self.side.relation}__", leads=leads)
        beside = {self.side.name: FilteredRelation(self.side.relation, condition=Q(**current))}
        annotated: QuerySet[Any] = rows.annotate(**beside)
        return annotated

    def side_rows(self, ground: Ground, *, leads: bool = True) -> QuerySet[Any]:
        """The current rows of the side; unless it `leads`, they are to be found by the rows they belong to."""
        if self.side is None or ground.side is None:
            raise LookupError(f"{self.key} has no side now")
        rows: QuerySet[Any] = self.side.model._default_manager.filter(**self._current(ground.side, leads=leads))
        return rows

    @staticmethod
    def _current(side: Mapping[str, Any], prefix: str = "", *, leads: bool) -> dict[str, Any]:
        return {f"{prefix}{name}{'' if leads else '__plain'}": value for name, value in side.items()}

    @property
    def at_main(self) -> At:
        """Where paths stand in `main_rows`: as they are."""
        return lambda path: path

    @property
    def at_side(self) -> At:
        """Where paths stand in `side_rows`."""
        side = self.side
        if side is None:
            raise LookupError(f"{self.key} has no side")
        head = f"{side.name}__"

        def at(path: str) -> str:
            if path in side.copies:
                return path
            return path.removeprefix(head) if path.startswith(head) else f"{side.back}__{path}"

        return at

    def is_of_side(self, path: str) -> bool:
        """Whether a path leads into the side."""
        return self.side is not None and path.startswith(f"{self.side.name}__")


_lists: dict[str, ListSpec] = {}
_more_fields: dict[str, list[Callable[[], Iterable[Field]]]] = {}


def add_list(spec: ListSpec) -> ListSpec:
    """Register a list; the same key replaces, so loading twice is safe."""
    _lists[spec.key] = spec
    return spec


def get_list(key: str) -> ListSpec:
    """The list of that key.

    Raises
    ------
    LookupError
        There is none.
    """
    return _lists[key]


def lists() -> Mapping[str, ListSpec]:
    """All lists by key."""
    return _lists


def add_fields(list_key: str, source: Callable[[], Iterable[Field]]) -> None:
    """Let `source` add fields to a list; it is asked at every reading, so its fields may come and go."""
    sources = _more_fields.setdefault(list_key, [])
    if source not in sources:
        sources.append(source)


def field_of(fields: Mapping[str, Field], key: str, value: str = "") -> Field:
    """The field of that key.

    Raises
    ------
    FilterUnknown
        The list has none.
    """
    try:
        return fields[key]
    except KeyError:
        raise FilterUnknown(name=key, value=value) from None
