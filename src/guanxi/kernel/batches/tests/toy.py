"""A bulk action on rows that the kernel has: branches get another name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guanxi.kernel.access.models import Branch, User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.batches.commands import start_batch
from guanxi.kernel.batches.errors import NothingChosen
from guanxi.kernel.batches.models import Batch
from guanxi.kernel.batches.registry import (
    CHANGED_SINCE,
    NOT_SEEN,
    BulkChange,
    BulkExport,
    Outcome,
    Part,
    Subject,
    add_action,
    add_subject,
)
from guanxi.kernel.batches.sheets import SheetColumn
from guanxi.kernel.commands import Actor, Work
from guanxi.kernel.events.models import EventRecord
from guanxi.kernel.events.outbox import Event


@dataclass(frozen=True)
class BranchesNamed(Event):
    branch_ids: tuple[int, ...]
    batch: str
    undone: bool


class NameBranches(BulkChange):
    """Name branches "red 7"; those called "locked ..." refuse, and 13 falls over where the options say so."""

    kind, subject, permission, icon = "toy.name", "branches", "toy.name", "pencil"
    title = "Name"
    reasons = {"locked": "is locked"}  # noqa: RUF012

    def read(self, actor: Actor, options: Mapping[str, Any]) -> dict[str, Any]:
        if not options["word"]:
            raise NothingChosen
        return dict(options)

    def sentence(self, options: Mapping[str, Any], count: int) -> str:
        return f"Name {count} branches {options['word']}"

    def told(self, options: Mapping[str, Any]) -> dict[str, Any]:
        return {"letters": len(options["word"])}

    def apply(self, work: Work, part: Part) -> Outcome:
        rows = Branch.objects.select_for_update().filter(pk__in=part.ids).order_by("pk")
        names = dict(rows.values_list("pk", "name"))
        refused = dict.fromkeys(set(part.ids) - set(names), NOT_SEEN)
        before = {}
        for pk, name in names.items():
            wanted = f"{part.options['word']} {pk}"
            if name.startswith("locked"):
                refused[pk] = "locked"
            elif name == "falls" or pk == part.options.get("falls"):
                raise RuntimeError("a mistake in the program")
            elif name != wanted:
                before[pk] = name
                Branch.objects.filter(pk=pk).update(name=wanted)
        return Outcome(before, refused)

    def undo(self, work: Work, part: Part) -> Outcome:
        names = dict(Branch.objects.select_for_update().filter(pk__in=part.ids).values_list("pk", "name"))
        mine = {pk for pk, name in names.items() if name == f"{part.options['word']} {pk}"}
        for pk in mine:
            Branch.objects.filter(pk=pk).update(name=part.before[pk])
        return Outcome({pk: names[pk] for pk in mine}, dict.fromkeys(set(part.ids) - mine, CHANGED_SINCE))

    def tell(self, work: Work, batch: str, ids: tuple[int, ...], options: Mapping[str, Any], *, undone: bool) -> None:
        work.emit(BranchesNamed(ids, batch, undone))


class ExportBranches(BulkExport):
    kind, subject, permission, icon = "toy.export", "branches", "toy.export", "download"
    title = "Export"

    def sentence(self, options: Mapping[str, Any], count: int) -> str:
        return f"Export {count} branches"

    def file_label(self, options: Mapping[str, Any]) -> str:
        return "branches"

    def columns(self, actor: Actor, options: Mapping[str, Any]) -> Sequence[SheetColumn]:
        return [SheetColumn("No.", "number"), SheetColumn("Name")]

    def rows(self, actor: Actor, options: Mapping[str, Any], ids: Sequence[int]) -> Iterable[Sequence[Any]]:
        names = Branch.objects.in_bulk(ids)
        return [(key, names[key].name) for key in ids if key in names]


def register() -> None:
    add_subject(
        Subject("branches", "home", lambda _, ids: dict(Branch.objects.filter(pk__in=ids).values_list("pk", "name")))
    )
    add_action(NameBranches())
    add_action(ExportBranches())


register()


def make_branches(count: int) -> list[int]:
    """Branches "branch 1" ...; returns their ids."""
    Branch.objects.bulk_create(Branch(name=f"branch {number}") for number in range(1, count + 1))
    return list(Branch.objects.order_by("pk").values_list("pk", flat=True))


def begin(count: int, word: str) -> int:
    """For a process of its own: make branches and ask for a batch in the system's name."""
    ids = list(Branch.objects.values_list("pk", flat=True)) or make_branches(count)
    return start_batch(SYSTEM, kind="toy.name", options={"word": word}, ids=ids).pk


def state() -> dict[str, Any]:
    """What a clean run leaves, whatever happened on the way."""
    plain: dict[str, Any] = json.loads(
        json.dumps(
            {
                "branches": list(Branch.objects.order_by("pk").values_list("pk", "name")),
                "batches": list(
                    Batch.objects.order_by("pk").values_list("pk", "state", "total", "done", "changed", "refused")
                ),
                "parts": sorted(
                    AuditEntry.objects.filter(changes__has_key="part").values_list("target_key", "changes__part")
                ),
                "events": list(
                    EventRecord.objects.exclude(name="kernel.jobs.JobFailed")  # a job killed too often says so
                    .order_by("pk")
                    .values_list("name", "payload")
                ),
                "users": User.objects.count(),
            },
            default=str,
        )
    )
    return plain
