"""The download of rejected rows: complete, readable in a spreadsheet, and harmless there."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.utils import translation
from pytest_django import Settings

from guanxi.intelligence.land.schema import REJECTS
from guanxi.intelligence.models import Delivery
from guanxi.intelligence.queries.rejects import iter_rejects_csv, safe_cell
from guanxi.intelligence.tests.demo_figures import publish_figures
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.runs.errors import RunNotFound
from guanxi.kernel.tests.actors import NOBODY, holding

OPERATOR = holding("updates.view")
NAME = "landed/shop/rejects.parquet"


def reject(delivery: int, line: int, raw: str) -> dict[str, object]:
    return {
        "source": "shop", "feed": "lines", "delivery_id": delivery, "file": "2026-07-03.csv", "line": line,
        "reason": "bad_date", "column": "InvoiceDate", "value": "31/31/2026", "raw": raw,
    }  # fmt: skip


def deliver(settings: Settings, run_id: int, rows: list[dict[str, object]], number: int = 1) -> None:
    path = Path(settings.WAREHOUSE, NAME)
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=REJECTS), path)
    Delivery.objects.create(
        pk=number, source="shop", feed="lines", name="2026-07-03.csv", digest=str(number),
        run_id=run_id, landed_at=datetime(2026, 7, 4, tzinfo=UTC), rows=9, landed=9 - len(rows), rejected=len(rows),
        filtered=0, files={"rejects": [NAME]},
    )  # fmt: skip


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_taken_for_a_formula(start: str) -> None:
    assert safe_cell(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"


def test_other_cells_stay_as_they_are() -> None:
    assert [safe_cell(cell) for cell in (None, 7, "a=1", "'=1", "王伟")] == ["", "7", "a=1", "'=1", "王伟"]


@pytest.mark.django_db
def test_all_rejected_rows_come_with_line_and_reason(settings: Settings) -> None:
    run = publish_figures()
    raw = "=cmd|' /C calc'!A0,\"王伟, Hangzhou\""
    deliver(settings, run.pk, [reject(1, 12, raw), reject(1, 40, "short")])
    with translation.override("en"):
        text = "".join(iter_rejects_csv(OPERATOR, run.pk))
    assert text.startswith("\ufeffSource,Feed,File,Line,Column,Reason,Row as delivered\r\n")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row[:5] for row in rows[1:]] == [
        ["shop", "lines", "2026-07-03.csv", "12", "InvoiceDate"],
        ["shop", "lines", "2026-07-03.csv", "40", "InvoiceDate"],
    ]
    assert rows[1][6] == "'" + raw
    assert "31/31/2026" in rows[1][5]


@pytest.mark.django_db
def test_a_run_without_rejects_gives_the_head_only() -> None:
    run = publish_figures()
    with translation.override("en"):
        assert "".join(iter_rejects_csv(OPERATOR, run.pk)) == (
            "\ufeffSource,Feed,File,Line,Column,Reason,Row as delivered\r\n"
        )


@pytest.mark.django_db
def test_the_refusal_comes_before_the_first_piece() -> None:
    run = publish_figures()
    with pytest.raises(PermissionDenied):
        iter_rejects_csv(NOBODY, run.pk)
    with pytest.raises(RunNotFound):
        iter_rejects_csv(OPERATOR, run.pk + 1)
