"""A company defines its own fields, changes and archives them, and lets lists be filtered by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import Max, Q

from guanxi.kernel.commands import Work, command
from guanxi.kernel.fields import memory
from guanxi.kernel.fields.errors import (
    CustomFieldExists,
    CustomFieldKeyInvalid,
    CustomFieldKindUnknown,
    CustomFieldUnknown,
    CustomFieldUnnamed,
    OptionInUse,
    OptionsMissing,
    TooManyFields,
    TooManyFilters,
)
from guanxi.kernel.fields.models import CustomField
from guanxi.kernel.fields.queries import has_index
from guanxi.kernel.fields.rules import (
    LONGEST_KEY,
    LONGEST_LABEL,
    MOST_FIELDS,
    MOST_FILTERS,
    is_key,
    new_key,
    read_options,
)
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.queue import enqueue
from guanxi.kernel.turns import wait_for_turn

PERMISSION: Final = "settings.manage"
JOB: Final = "custom_fields.index"
CHOOSING: Final = frozenset({CustomField.Kind.CHOICE, CustomField.Kind.CHOICES})


@dataclass(frozen=True)
class Looks:
    """What of a field may change: its names, its help, whether it must be filled, its options (one a line)."""

    label_zh: str = ""
    label_en: str = ""
    help_zh: str = ""
    help_en: str = ""
    is_required: bool = False
    options: str = ""


@command(PERMISSION)
def define_field(work: Work, *, subject: str, kind: str, looks: Looks, key: str = "") -> CustomField:
    """Add a field to the records of `subject`; without a `key` it gets one from its English name.

    Raises
    ------
    CustomFieldKindUnknown, CustomFieldKeyInvalid, CustomFieldExists, CustomFieldUnnamed, OptionsMissing, TooManyFields
        Nothing is kept.
    """
    if kind not in CustomField.Kind.values:
        raise CustomFieldKindUnknown(place="kind", kind=kind, kinds=", ".join(CustomField.Kind.values))
    _wait_for_turn(subject)
    ours = CustomField.objects.filter(subject=subject)
    if ours.filter(archived_at=None).count() >= MOST_FIELDS:
        raise TooManyFields(most=MOST_FIELDS)
    taken = set(ours.values_list("key", flat=True))
    if key and not is_key(key):
        raise CustomFieldKeyInvalid(place="key", key=key, longest=LONGEST_KEY)
    if key in taken:
        raise CustomFieldExists(place="key", name=key)
    last = ours.aggregate(last=Max("position"))["last"]
    field = CustomField(
        subject=subject, key=key or new_key(looks.label_en, taken, head="field"), kind=kind,
        position=0 if last is None else last + 1, created_at=work.at,
    )  # fmt: skip
    _put_on(field, looks)
    field.save(force_insert=True)
    memory.forget()
    work.record(field, {"key": field.key, "kind": kind, "subject": subject})
    return field


@command(PERMISSION)
def change_field(work: Work, *, subject: str, key: str, looks: Looks) -> None:
    """Change how a field looks; options stay or are archived, since values hold them.

    Raises
    ------
    CustomFieldUnknown, CustomFieldExists, CustomFieldUnnamed, OptionsMissing, OptionInUse
        Nothing is changed.
    """
    field = _locked(subject, key)
    before = {name: getattr(field, name) for name in _LOOKS}
    _put_on(field, looks)
    changed = {name: [old, getattr(field, name)] for name, old in before.items() if old != getattr(field, name)}
    if not changed:
        work.nothing_changed()
        return
    field.save(update_fields=list(changed))
    memory.forget()
    work.record(field, changed)


@command(PERMISSION)
def move_field(work: Work, *, subject: str, key: str, by: int) -> None:
    """Let a field stand `by` places later (earlier if negative) among those in use.

    Raises
    ------
    CustomFieldUnknown
        There is none.
    """
    field = _locked(subject, key)
    ours = CustomField.objects.select_for_update().filter(subject=subject).order_by("pk")
    row = sorted(ours, key=lambda other: (other.archived_at is not None, other.position, other.pk))
    at = row.index(field)
    in_use = sum(other.archived_at is None for other in row)
    to = max(0, min(in_use - 1, at + by))
    if to == at or field.archived_at is not None:
        work.nothing_changed()
        return
    row.insert(to, row.pop(at))
    for position, other in enumerate(row):
        other.position = position
    CustomField.objects.bulk_update(row, ["position"])
    memory.forget()
    work.record(field, {"position": [at, to]})


@command(PERMISSION)
def archive_field(work: Work, *, subject: str, key: str) -> None:
    """Take a field out of forms, lists and filters; its values stay, and it can be brought back.

    Raises
    ------
    CustomFieldUnknown
        There is none.
    """
    field = _locked(subject, key)
    if field.archived_at is not None:
        work.nothing_changed()
        return
    field.archived_at = work.at
    field.save(update_fields=["archived_at"])
    work.record(field, {"archived": [False, True]})
    _filter_by(work, field, wanted=False)
    memory.forget()


@command(PERMISSION)
def restore_field(work: Work, *, subject: str, key: str) -> None:
    """Bring an archived field back, not filterable.

    Raises
    ------
    CustomFieldUnknown, CustomFieldExists, TooManyFields
        It cannot come back.
    """
    field = _locked(subject, key)
    if field.archived_at is None:
        work.nothing_changed()
        return
    if CustomField.objects.filter(subject=subject, archived_at=None).count() >= MOST_FIELDS:
        raise TooManyFields(most=MOST_FIELDS)
    _refuse_twin(field, {"label_zh": field.label_zh, "label_en": field.label_en})
    field.archived_at = None
    field.save(update_fields=["archived_at"])
    memory.forget()
    work.record(field, {"archived": [True, False]})


@command(PERMISSION)
def mark_filterable(work: Work, *, subject: str, key: str, wanted: bool) -> None:
    """Let lists be filtered and sorted by a field, or no more; a job makes the index, or drops it.

    Raises
    ------
    CustomFieldUnknown, TooManyFilters
        It cannot be, or enough others are.
    """
    field = _locked(subject, key)
    if field.archived_at is not None and wanted:
        raise CustomFieldUnknown(key=key)
    marked = CustomField.objects.filter(subject=subject, is_filterable=True).exclude(pk=field.pk)
    if wanted and marked.count() >= MOST_FILTERS:
        raise TooManyFilters(most=MOST_FILTERS)
    if not _filter_by(work, field, wanted=wanted):
        work.nothing_changed()
    memory.forget()


@command(PERMISSION)
def settle_index(work: Work, *, field_id: int, is_there: bool) -> bool:
    """Note what the index is now; False where the field was marked otherwise meanwhile."""
    field = CustomField.objects.select_for_update().get(pk=field_id)
    state = CustomField.Index.READY if is_there else CustomField.Index.NONE
    if field.is_filterable != is_there or field.index == state:
        work.nothing_changed()
        return field.is_filterable == is_there
    work.record(field, {"index": [field.index, state.value]})
    field.index = state
    field.save(update_fields=["index"])
    memory.forget()
    return True


def mend_indexes(**_: Any) -> None:
    """See that the indexes are as the fields are marked: a migration that rebuilds a table on SQLite loses them."""
    if CustomField._meta.db_table not in connection.introspection.table_names():
        return  # migrated back to before there were any
    for field in CustomField.objects.filter(Q(is_filterable=True) | Q(index=CustomField.Index.WAITING)):
        if field.index == CustomField.Index.WAITING or not has_index(field):
            CustomField.objects.filter(pk=field.pk).update(index=CustomField.Index.WAITING)
            _ask_for_job(field)


_LOOKS: Final = ("label_zh", "label_en", "help_zh", "help_en", "is_required", "options")


def _wait_for_turn(subject: str) -> None:
    """Their keys, names, places and numbers are decided by all fields of the subject."""
    wait_for_turn(f"own fields of {subject}")


def _locked(subject: str, key: str) -> CustomField:
    _wait_for_turn(subject)
    field = CustomField.objects.select_for_update().filter(subject=subject, key=key).first()
    if field is None:
        raise CustomFieldUnknown(key=key)
    return field


def _put_on(field: CustomField, looks: Looks) -> None:
    texts = {name: " ".join(getattr(looks, name).split()) for name in ("label_zh", "label_en", "help_zh", "help_en")}
    texts = {name: text[: 200 if name.startswith("help") else LONGEST_LABEL] for name, text in texts.items()}
    if not texts["label_zh"] and not texts["label_en"]:
        raise CustomFieldUnnamed(place="label_zh")
    _refuse_twin(field, texts)
    for name, text in texts.items():
        setattr(field, name, text)
    field.is_required = looks.is_required
    if field.kind in CHOOSING:
        field.options = _options(looks.options, field.options)


def _refuse_twin(field: CustomField, labels: Mapping[str, str]) -> None:
    others = CustomField.objects.filter(subject=field.subject, archived_at=None).exclude(pk=field.pk)
    for name in ("label_zh", "label_en"):
        if labels[name] and others.filter(**{name: labels[name]}).exists():
            raise CustomFieldExists(place=name, name=labels[name])


def _options(typed: str, known: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    options = read_options(typed, known)
    for option in known:
        if option["key"] not in {kept["key"] for kept in options}:
            raise OptionInUse(place="options", option=option["zh"] or option["en"])
    in_use = [option for option in options if not option["archived"]]
    names = [option[name] for name in ("zh", "en") for option in in_use if option[name]]
    is_named = all(option["zh"] or option["en"] for option in options)
    if len(in_use) < 2 or not is_named or len(names) != len({*names}) + _twins(in_use):
        raise OptionsMissing(place="options")
    return options


def _twins(options: list[dict[str, Any]]) -> int:
    """How many options are called alike in both languages: that is no mistake."""
    return sum(option["zh"] == option["en"] != "" for option in options)


def _filter_by(work: Work, field: CustomField, *, wanted: bool) -> bool:
    if field.is_filterable == wanted:
        return False
    field.is_filterable, field.index = wanted, CustomField.Index.WAITING
    field.save(update_fields=["is_filterable", "index"])
    work.record(field, {"is_filterable": [not wanted, wanted]})
    _ask_for_job(field)
    return True


def _ask_for_job(field: CustomField) -> None:
    enqueue(JOB, {"field": field.pk}, key=f"{JOB} {field.pk}", priority=Job.Priority.INTERACTIVE)
