"""A company's own fields, for forms, lists, pages, exports and the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import get_language

from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.fields import memory
from guanxi.kernel.fields.errors import CustomFieldUnknown
from guanxi.kernel.fields.models import CustomField
from guanxi.kernel.fields.sql import index_name
from guanxi.kernel.fields.values import FieldDefinition, FieldOption

PERMISSION = "settings.manage"


@dataclass(frozen=True)
class FieldLine:
    """A field as its settings show it; `index` is none, waiting or ready."""

    key: str
    kind: str
    label: str
    label_zh: str
    label_en: str
    help_zh: str
    help_en: str
    is_required: bool
    options: tuple[dict[str, Any], ...]
    is_filterable: bool
    index: str
    is_archived: bool


def list_definitions(subject: str, *, with_archived: bool = False) -> list[FieldDefinition]:
    """The fields of these records, in their order, in the language that is active."""
    language = get_language() or "en"
    kept = memory.known()
    if subject not in kept:
        kept[subject] = list(CustomField.objects.filter(subject=subject).order_by("position", "pk"))
    rows: list[CustomField] = kept[subject]
    return [_definition(row, language) for row in rows if with_archived or row.archived_at is None]


def find_definition(subject: str, key: str) -> FieldDefinition | None:
    """The field of that key that is in use, or none."""
    return next((field for field in list_definitions(subject) if field.key == key), None)


def list_field_lines(actor: Actor, subject: str) -> list[FieldLine]:
    """The fields for their settings, the archived ones last.

    Raises
    ------
    PermissionDenied
        The actor may not set them.
    """
    _refuse_unless_allowed(actor)
    rows = CustomField.objects.filter(subject=subject).order_by("position", "pk")
    return sorted((_line(row) for row in rows), key=lambda line: line.is_archived)


def get_field_line(actor: Actor, subject: str, key: str) -> FieldLine:
    """One field for its settings.

    Raises
    ------
    PermissionDenied, CustomFieldUnknown
        The actor may not set it, or there is none.
    """
    _refuse_unless_allowed(actor)
    row = CustomField.objects.filter(subject=subject, key=key).first()
    if row is None:
        raise CustomFieldUnknown(key=key)
    return _line(row)


def has_index(field: CustomField) -> bool:
    """Whether the database has the field's index."""
    table = "pg_indexes WHERE indexname" if connection.vendor == "postgresql" else "sqlite_master WHERE name"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} = %s", [index_name(field.subject, field.key)])  # noqa: S608
        return cursor.fetchone() is not None


def _refuse_unless_allowed(actor: Actor) -> None:
    if not actor.may(PERMISSION):
        raise PermissionDenied(permission=PERMISSION)


def _definition(row: CustomField, language: str) -> FieldDefinition:
    return FieldDefinition(
        key=row.key, kind=row.kind, label=_in(language, row.label_zh, row.label_en),
        help=_in(language, row.help_zh, row.help_en), is_required=row.is_required,
        options=tuple(
            FieldOption(
                option["key"], _in(language, option["zh"], option["en"]), bool(option.get("archived")),
                (option["zh"], option["en"]),
            )
            for option in row.options
        ),
        is_filter=row.is_filterable and row.index == CustomField.Index.READY, is_archived=row.archived_at is not None,
    )  # fmt: skip


def _line(row: CustomField) -> FieldLine:
    return FieldLine(
        key=row.key, kind=row.kind, label=_in(get_language() or "en", row.label_zh, row.label_en),
        label_zh=row.label_zh, label_en=row.label_en, help_zh=row.help_zh, help_en=row.help_en,
        is_required=row.is_required, options=tuple(row.options), is_filterable=row.is_filterable, index=row.index,
        is_archived=row.archived_at is not None,
    )  # fmt: skip


def _in(language: str, chinese: str, english: str) -> str:
    first, second = (chinese, english) if language.startswith("zh") else (english, chinese)
    return first or second
