"""About how many rows a condition finds: what plans are made by, as a database makes them by its statistics."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

REMEMBERED: Final = 1_800  # seconds: a plan made by an old number finds the same rows, only slower


def size_of(rows: QuerySet[Any], most: int) -> int:
    """How many of `rows` there are, or were within the last half hour, up to one more than `most`."""
    size = remembered_size(rows, most)
    if size is None:
        size = rows.order_by().values("pk")[: most + 1].count()
        remember_size(rows, most, size)
    return size


def place_of(rows: QuerySet[Any], behind: int) -> Any:
    """The row that lies so many behind the first, or lay there within the last half hour; nothing for the end."""
    name = f"place-{_digest(rows, behind)}"
    place = cache.get(name)
    if place is None:
        place = next(iter(rows[behind : behind + 1]), None)
        cache.set(name, place, REMEMBERED)
    return place


def remembered_size(rows: QuerySet[Any], most: int) -> int | None:
    """How many of `rows` there were within the last half hour; nothing if nobody asked."""
    name = _name(rows, most)
    size: int | None = cache.get(name) if name else 0
    return size


def remember_size(rows: QuerySet[Any], most: int, size: int) -> None:
    """Keep for half an hour that there are so many of `rows`, or more than `most`."""
    if name := _name(rows, most):
        cache.set(name, size, REMEMBERED)


def _name(rows: QuerySet[Any], most: int) -> str:
    try:
        return f"size-{_digest(rows.order_by().values('pk'), most)}"
    except EmptyResultSet:  # no row can meet it
        return ""


def _digest(rows: QuerySet[Any], number: int) -> str:
    return sha256(repr((rows.query.sql_with_params(), number)).encode()).hexdigest()
