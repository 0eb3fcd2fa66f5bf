"""Making and dropping the indexes of filterable fields."""

from __future__ import annotations

from typing import Any

from django.db import connection

from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.fields.commands import JOB, mend_indexes, settle_index
from guanxi.kernel.fields.models import CustomField
from guanxi.kernel.fields.registry import find_holder
from guanxi.kernel.fields.sql import index_name, value_sql
from guanxi.kernel.jobs.progress import running
from guanxi.kernel.jobs.registry import job
from guanxi.kernel.jobs.schedule import scheduled


@job(JOB)
def follow_mark(payload: dict[str, Any]) -> None:
    """Let the field's index be there or not, as it is marked; safe to run twice, and to be killed in the middle."""
    while True:
        field = CustomField.objects.get(pk=payload["field"])
        running().expect(None, words=field.label_zh or field.label_en)
        if field.is_filterable:
            _build(field)
        else:
            _drop(field)
        if settle_index(SYSTEM, field_id=field.pk, is_there=field.is_filterable):
            return


@scheduled("custom_fields.mend", at="03:45")
def mend(_payload: dict[str, Any]) -> None:
    """See that no index is missing."""
    mend_indexes()


def _build(field: CustomField) -> None:
    """Make the index anew: one whose making was killed is there on PostgreSQL, but of no use."""
    holder = find_holder(field.subject)
    if holder is None:
        return
    _drop(field)
    quote = connection.ops.quote_name
    value = value_sql(connection.vendor, quote(holder.column), field.kind, field.key)
    table, key = quote(holder.model._meta.db_table), quote(str(holder.model._meta.pk.column))
    method = f"USING gin ({value})" if _is_gin(field) else f"({value}, {key})"
    name = quote(index_name(field.subject, field.key))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE INDEX{_beside_work()} {name} ON {table} {method}")
        if connection.vendor == "postgresql":
            cursor.execute(f"ANALYZE {table}")  # so that the planner knows how the values lie


def _drop(field: CustomField) -> None:
    name = connection.ops.quote_name(index_name(field.subject, field.key))
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX{_beside_work()} IF EXISTS {name}")


def _is_gin(field: CustomField) -> bool:
    return field.kind == CustomField.Kind.CHOICES and connection.vendor == "postgresql"


def _beside_work() -> str:
    """On PostgreSQL nobody waits; it wants no transaction around it then."""
    return " CONCURRENTLY" if connection.vendor == "postgresql" and not connection.in_atomic_block else ""
