"""Who was reached."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from guanxi.customers.models import Interaction


def reached_since(living: QuerySet, day: date) -> QuerySet[Interaction]:  # type: ignore[type-arg]  # rows of one id
    """The contacts from `day` on in which one of the `living` customers was reached."""
    return Interaction.objects.filter(customer__main__in=living, reached=True, at__date__gte=day, deleted_at=None)
