"""Filters by rows of another table: "has this tag", "is known from that source"."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from guanxi.kernel.lists.fields import At

FEW: Final = 10_000


def linked(at: At, rows: QuerySet[Any], column: str) -> Q:
    """Those to which at least one of `rows` belongs by `column`.

    Where these are few the list is found by them, else each row of the list is asked: SQLite would not choose by
    itself. Counting them up to the limit costs a look at an index.
    """
    if rows.order_by().values("pk")[: FEW + 1].count() <= FEW:
        return Q(**{f"{at('pk')}__in": rows.values(column)})
    return Q(Exists(rows.filter(**{column: OuterRef(at("pk"))})))
