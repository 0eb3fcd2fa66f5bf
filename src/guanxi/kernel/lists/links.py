"""Filters by rows of another table: "has this tag", "is known from that source"."""

from __future__ import annotations

from typing import Any, Final

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from guanxi.kernel.lists.fields import At
from guanxi.kernel.lists.sizes import size_of

FEW: Final = 50_000


class Known(Q):
    """One of some known keys: what a list is best found by, whatever else is asked.

    `living` are the same keys, each once, where all of them are of rows that whoever sees all rows sees.
    """

    size: int
    living: QuerySet[Any] | None = None


def known(path: str, keys: Any, size: int) -> Known:
    """`path` is one of `keys`, about so many."""
    found = Known(**{f"{path}__in": keys})
    found.size = size
    return found


def linked(at: At, rows: QuerySet[Any], column: str, also: QuerySet[Any]) -> Q:
    """Those to which at least one of `rows` belongs by `column`, and the few whose keys `also` are.

    All of them are living. Where these are few the list is found by them, else each row of the list is asked: SQLite
    would not choose by itself.
    """
    size = size_of(rows, FEW)
    if size <= FEW:
        may_repeat = connection.vendor == "sqlite"  # PostgreSQL plans for 200 keys unless each of them comes once
        found = known(at("pk"), rows.values(column).union(also, all=may_repeat), size)
        found.living = rows.values(column).union(also)
        return found
    return Q(Exists(rows.filter(**{column: OuterRef(at("pk"))}))) | Q(**{f"{at('pk')}__in": also})
