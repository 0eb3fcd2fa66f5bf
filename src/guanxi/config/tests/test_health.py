"""What a watching machine learns."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from guanxi.intelligence.models import Snapshot
from guanxi.kernel.access.commands import create_user
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.jobs.models import WorkerSeen
from guanxi.kernel.jobs.schedule import note_worker

pytestmark = pytest.mark.django_db
WELL = {
    "status": "ok",
    "database": True,
    "migrations": True,
    "warehouse": True,
    "worker": True,
    "snapshot_age_seconds": None,
}


@pytest.fixture(autouse=True)
def warehouse(settings: Settings) -> Path:
    folder = Path(settings.WAREHOUSE)
    folder.mkdir(parents=True)
    return folder


@pytest.mark.parametrize("has_users", [False, True])
def test_all_is_well_and_nobody_has_to_sign_in(client: Client, warehouse: Path, has_users: bool) -> None:
    if has_users:
        create_user(SYSTEM, "li", "a long enough password 7")
    note_worker()
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (200, WELL)
    assert list(warehouse.iterdir()) == []


def test_no_worker_was_seen(client: Client) -> None:
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (503, WELL | {"status": "failing", "worker": False})
    WorkerSeen.objects.create(pk=1, seen_at=timezone.now() - timedelta(minutes=3))
    assert client.get("/health/").json()["worker"] is False


def test_the_warehouse_is_gone(client: Client, warehouse: Path) -> None:
    note_worker()
    warehouse.rmdir()
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (503, WELL | {"status": "failing", "warehouse": False})


def test_a_migration_is_missing(client: Client) -> None:
    note_worker()
    MigrationRecorder.Migration.objects.filter(app="jobs", name="0002_schedule").delete()
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (503, WELL | {"status": "failing", "migrations": False})


def test_the_age_of_the_snapshot(client: Client) -> None:
    note_worker()
    made_at = timezone.now() - timedelta(hours=2)
    Snapshot.objects.create(run_id=1, business_date=date(2025, 12, 31), made_at=made_at, is_current=True)
    answer = client.get("/health/")
    assert answer.status_code == 200
    assert 7200 <= answer.json()["snapshot_age_seconds"] < 7200 + 600
