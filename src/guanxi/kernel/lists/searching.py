"""How rows are looked for when the walk along a list's order met too few of them.

What is asked of the listed rows themselves is asked of all of them as they lie, one after the other: along the walk
each would be read in a place of its own. What is looked up by their keys alone, in an index of another table, is asked
along the walk, which ends as soon as the page is full.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Q

from guanxi.kernel.lists.conditions import Group
from guanxi.kernel.lists.fields import Ground
from guanxi.kernel.lists.keyset import Narrow
from guanxi.kernel.lists.leading import scanned
from guanxi.kernel.lists.matching import parts
from guanxi.kernel.lists.spec import ListSpec

KEYS = ("", "pk", "id")


def search_rows(spec: ListSpec, group: Group, ground: Ground) -> Narrow | None:
    """The search among the listed rows; nothing where the walk had better go on."""
    asked = parts(spec, group, spec.at_main, ground, prefix="")
    return None if _ask_keys(asked) else lambda rows: spec.beside(rows, ground).filter(*asked)


def search_side(spec: ListSpec, group: Group, ground: Ground) -> Narrow | None:
    """The search among rows of the side; nothing where the walk had better go on."""
    if spec.side is None:
        raise LookupError(f"{spec.key} has no side")
    back = spec.side.back
    asked = parts(spec, group, spec.at_side, ground, prefix=f"{back}__")
    of_rows = [all(name in ("", back) for name in _names(part)) for part in asked]
    own = [part for part, is_of_rows in zip(asked, of_rows, strict=True) if not is_of_rows]
    there = parts(spec, group, spec.at_main, ground, prefix="")
    rest = [part for part, is_of_rows in zip(there, of_rows, strict=True) if is_of_rows]
    if not _ask_keys(rest):
        by_rows = [Q(**{f"{back}_id__among": spec.model._default_manager.filter(*rest).values("pk")})]
    elif own:
        by_rows = [part for part, is_of_rows in zip(asked, of_rows, strict=True) if is_of_rows]
    else:
        return None
    return lambda rows: rows.filter(*scanned(own, spec.side_rows(ground), ground.side or ()), *by_rows)


def _ask_keys(asked: Iterable[Q]) -> bool:
    return all(name in KEYS for part in asked for name in _names(part))


def _names(part: Q) -> Iterator[str]:
    """The columns or relations that are compared, and an empty name for what looks elsewhere."""
    for child in part.children:
        if isinstance(child, Q):
            yield from _names(child)
        else:
            yield child[0].partition("__")[0] if isinstance(child, tuple) else ""
