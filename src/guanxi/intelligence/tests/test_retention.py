"""Old updates go, and what the next one or a reader needs stays; the nightly refresh knows when to keep quiet."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from guanxi.intelligence.jobs import ask_for_nightly_refresh
from guanxi.intelligence.models import Delivery, Snapshot, Source
from guanxi.intelligence.retention import expire_rejects, expire_runs
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.process import this_process
from guanxi.kernel.runs.models import Checkpoint, Run, RunStep

pytestmark = pytest.mark.django_db


def ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def add_run(number: int, state: str, days: int, *, resolved: bool = False) -> None:
    over = state in {"done", "abandoned"}
    run = Run.objects.create(
        pk=number, job=f"refresh {number}", state=state, started_at=ago(days), finished_at=ago(days) if over else None
    )
    step = RunStep.objects.create(
        run=run, name="resolve" if resolved else "land", position=1, state="done", started_at=ago(days)
    )
    Checkpoint.objects.create(step=step, chunk="a", at=ago(days))


def test_old_runs_go_with_their_checkpoints() -> None:
    add_run(1, "done", 500)
    add_run(2, "abandoned", 500)
    add_run(3, "done", 500)
    Snapshot.objects.create(run_id=3, business_date=date(2025, 6, 30), made_at=ago(500))
    add_run(4, "done", 450, resolved=True)
    add_run(5, "stopped", 450)
    add_run(6, "done", 399)
    assert [expire_runs(SYSTEM, before=ago(400), limit=1) for _time in range(3)] == [1, 1, 0]
    assert sorted(Run.objects.values_list("pk", flat=True)) == [3, 4, 5, 6]
    assert Checkpoint.objects.count() == 4


def add_delivery(number: int, days: int, *, current: bool, rejects: str) -> None:
    Delivery.objects.create(
        pk=number, source="shop", feed="orders", name=f"{number}.csv", digest=str(number), run_id=1,
        landed_at=ago(days), rows=2, landed=1, rejected=1, filtered=0, is_current=current,
        files={"purchase": [f"landed/{number}.parquet"], "rejects": [rejects]},
    )  # fmt: skip


def test_rejected_rows_of_replaced_deliveries_go(
    tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    for name in ("old", "shared", "young", "current"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    add_delivery(1, 91, current=False, rejects="old")
    add_delivery(2, 91, current=False, rejects="shared")
    add_delivery(3, 89, current=False, rejects="shared")
    add_delivery(4, 89, current=False, rejects="young")
    add_delivery(5, 91, current=True, rejects="current")
    with django_capture_on_commit_callbacks(execute=True):
        assert expire_rejects(SYSTEM, root=tmp_path, before=ago(90)) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["current", "shared", "young"]
    assert dict(Delivery.objects.values_list("pk", "files")) == {
        1: {"purchase": ["landed/1.parquet"]},
        2: {"purchase": ["landed/2.parquet"]},
        3: {"purchase": ["landed/3.parquet"], "rejects": ["shared"]},
        4: {"purchase": ["landed/4.parquet"], "rejects": ["young"]},
        5: {"purchase": ["landed/5.parquet"], "rejects": ["current"]},
    }
    assert expire_rejects(SYSTEM, root=tmp_path, before=ago(90)) == 0


def add_source() -> None:
    Source.objects.create(name="shop", contract_path="shop.toml", priority=10, currency="CNY", added_at=ago(1))


def test_no_nightly_refresh_without_a_source() -> None:
    ask_for_nightly_refresh({"day": "2026-11-22"})
    assert not Job.objects.exists()


def test_the_nightly_refresh_is_asked_for_once() -> None:
    add_source()
    ask_for_nightly_refresh({"day": "2026-11-22"})
    ask_for_nightly_refresh({"day": "2026-11-22"})
    assert list(Job.objects.values_list("name", "payload")) == [
        ("intelligence.refresh", {"business_date": None, "actor_id": None})
    ]


def test_no_nightly_refresh_beside_another() -> None:
    add_source()
    Run.objects.create(job="refresh", state="running", started_at=ago(0), lease_holder=dict(this_process()))
    ask_for_nightly_refresh({"day": "2026-11-22"})
    assert not Job.objects.exists()
