"""About how many rows a condition finds: what plans are made by, as a database makes them by its statistics."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

REMEMBERED: Final = 300  # seconds: a plan made by an old number finds the same rows, only slower


def size_of(rows: QuerySet[Any], most: int) -> int:
    """How many of `rows` there are, or were some minutes ago, up to one more than `most`."""
    counted = rows.order_by().values("pk")[: most + 1]
    try:
        asked = sha256(repr(counted.query.sql_with_params()).encode()).hexdigest()
    except EmptyResultSet:  # no row can meet it
        return 0
    return int(cache.get_or_set(f"size-{asked}", counted.count, REMEMBERED) or 0)
