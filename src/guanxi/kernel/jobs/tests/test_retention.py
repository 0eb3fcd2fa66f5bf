"""What is over goes after its time, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guanxi.kernel.access.models import SignIn
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.commands import expire_entries
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.events.models import EventRecord
from guanxi.kernel.jobs.jobs import tidy
from guanxi.kernel.jobs.models import Job, Slot
from guanxi.kernel.tests.actors import NOBODY

pytestmark = pytest.mark.django_db


def add_job(name: str, state: str, days_ago: int, **others: object) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    finished_at = at if state in {"done", "failed"} else None
    Job.objects.create(name=name, state=state, created_at=at, run_at=at, finished_at=finished_at, **others)


def add_entries(*days_ago: int) -> None:
    for days in days_ago:
        AuditEntry.objects.create(at=timezone.now() - timedelta(days=days), command="test", target_key=f"{days}")


def test_what_is_over_goes_after_its_time() -> None:
    event = EventRecord.objects.create(name="tea.Poured", at=timezone.now() - timedelta(days=60))
    EventRecord.objects.create(name="tea.Spilt", at=timezone.now() - timedelta(days=60))
    EventRecord.objects.create(name="tea.Drunk", at=timezone.now() - timedelta(days=6))
    for name, state, days in (
        ("old done", "done", 31), ("old failed", "failed", 31), ("young", "done", 29), ("waits", "ready", 300),
    ):  # fmt: skip
        add_job(name, state, days)
    add_job("listens", "ready", 60, event=event)
    SignIn.objects.create(session_key="gone", session_data="", expire_date=timezone.now() - timedelta(minutes=1))
    SignIn.objects.create(session_key="here", session_data="", expire_date=timezone.now() + timedelta(hours=1))
    Slot.objects.create(name="x", day=timezone.localdate() - timedelta(days=40))
    Slot.objects.create(name="x", day=timezone.localdate())
    add_entries(731, 729)

    tidy({})

    assert sorted(Job.objects.values_list("name", flat=True)) == ["listens", "waits", "young"]
    assert sorted(EventRecord.objects.values_list("name", flat=True)) == ["tea.Drunk", "tea.Poured"]
    assert list(SignIn.objects.values_list("session_key", flat=True)) == ["here"]
    assert Slot.objects.count() == 1
    told = dict(AuditEntry.objects.exclude(command="test").values_list("target_key", "changes__expired"))
    assert told == {"jobs": 2, "events": 1, "sessions": 1, "slots": 1, "audit": 1}
    assert list(AuditEntry.objects.filter(command="test").values_list("target_key", flat=True)) == ["729"]
    before = AuditEntry.objects.count()
    tidy({})
    assert AuditEntry.objects.count() == before


def test_the_trail_goes_in_chunks_and_the_oldest_first() -> None:
    add_entries(900, 1000, 800, 10)
    before = timezone.now() - timedelta(days=730)
    assert expire_entries(SYSTEM, before=before, limit=2) == 2
    assert list(AuditEntry.objects.filter(command="test").order_by("at").values_list("target_key", flat=True)) == [
        "800",
        "10",
    ]
    assert [expire_entries(SYSTEM, before=before, limit=2) for _time in range(2)] == [1, 0]


def test_nobody_else_shortens_the_trail() -> None:
    add_entries(900)
    with pytest.raises(PermissionDenied):
        expire_entries(NOBODY, before=timezone.now())
    assert AuditEntry.objects.count() == 1
