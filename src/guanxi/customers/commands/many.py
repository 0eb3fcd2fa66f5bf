"""What bulk actions on customers share: rows locked by number, columns set and given back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F

from guanxi.customers.models import Customer
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.batches.queries import changed_since
from guanxi.kernel.batches.registry import CHANGED_SINCE, NOT_SEEN, Part
from guanxi.kernel.bulk import update_rows
from guanxi.kernel.commands import Actor


def lock_seen(actor: Actor, ids: Sequence[int], *columns: str) -> tuple[dict[int, tuple[Any, ...]], dict[int, str]]:
    """The living ones of these customers that the actor may see, locked, with some columns; and who is none."""
    rows = Customer.objects.living().visible_to(actor).filter(pk__in=ids)
    held = {pk: tuple(values) for pk, *values in _locked(rows, columns)}
    return held, {key: NOT_SEEN for key in ids if key not in held}


def lock_changed(ids: Sequence[int], *columns: str) -> tuple[dict[int, tuple[Any, ...]], dict[int, str]]:
    """What is left of the customers a batch changed, whoever sees them now; those merged away since are told."""
    rows = Customer.objects.filter(main=F("id"), purged_at__isnull=True, pk__in=ids)
    held = {pk: tuple(values) for pk, *values in _locked(rows, columns)}
    return held, {key: CHANGED_SINCE for key in ids if key not in held}


def _locked(rows: Any, columns: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    found: Iterable[tuple[Any, ...]] = rows.select_for_update().order_by("pk").values_list("pk", *columns)
    return found


def marked(edited: Mapping[str, str], name: str, at: datetime) -> dict[str, str]:
    """The marks of what people edited, with one more: a data update leaves the field alone from now on."""
    return {**edited, name: at.isoformat()}


def is_as_left(edited: Mapping[str, str], name: str, part: Part) -> bool:
    """Whether nobody has edited the field since the batch that is taken back."""
    return edited.get(name) == part.done_at.isoformat()


def touched_since(part: Part, commands: Collection[str], kinds: Collection[str], tag_id: int | None = None) -> set[int]:
    """Whom of a batch that is taken back these commands or kinds of bulk action changed since, all or with one tag."""
    told = AuditEntry.objects.filter(
        target_kind=Customer._meta.label, target_key__in=[str(pk) for pk in part.ids], command__in=commands,
        at__gt=part.done_at,
    )  # fmt: skip
    one_by_one = {
        int(key)
        for key, changes in told.values_list("target_key", "changes")
        if tag_id is None or tag_id in changes["tag"]
    }
    return one_by_one | changed_since(part, kinds, {} if tag_id is None else {"tag_id": tag_id})


def unmarked(edited: Mapping[str, str], name: str, mark: str | None) -> dict[str, str]:
    """The marks as they were before a batch: `mark` is the field's own of then, if there was one."""
    rest = {other: at for other, at in edited.items() if other != name}
    return rest if mark is None else {**rest, name: mark}


def write_column(column: str, rows: Iterable[tuple[int, Any, Mapping[str, str]]]) -> None:
    """Set a column and the marks of what people edited: rows of id, value, marks."""
    update_rows(Customer, ["id"], [column, "edited"], [(pk, value, dict(edited)) for pk, value, edited in rows])
