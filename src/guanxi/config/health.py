"""`/health/`: whether this installation can work, for the machines that watch it."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guanxi.intelligence.snapshots import current_snapshot
from guanxi.kernel.jobs.schedule import find_worker_seen

SEEN_LATELY = timedelta(minutes=2)  # a worker says that it lives every half minute


@login_not_required
@never_cache
@require_safe
def health(_request: HttpRequest) -> JsonResponse:
    """Tell what works as JSON, with status 200, or 503 if something does not. Tells nothing about people or places.

    `snapshot_age_seconds` is for the watcher to judge: it is null before the first data update.
    """
    database = _database_answers()
    works = {
        "database": database,
        "migrations": database and _is_migrated(),
        "warehouse": _is_writable(),
        "worker": database and _has_worker(),
    }
    told = {
        "status": "ok" if all(works.values()) else "failing",
        **works,
        "snapshot_age_seconds": _snapshot_age() if works["migrations"] else None,
    }
    return JsonResponse(told, status=200 if all(works.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _is_migrated() -> bool:
    try:
        return _migrations() <= set(MigrationRecorder(connection).applied_migrations())
    except Error:
        return False


@lru_cache
def _migrations() -> frozenset[tuple[str, str]]:
    """The migrations of this version."""
    return frozenset(MigrationLoader(None).disk_migrations)


def _is_writable() -> bool:
    try:
        with tempfile.TemporaryFile(dir=settings.WAREHOUSE, prefix=".part-") as probe:
            probe.write(b"x")
            probe.flush()
    except OSError:
        return False
    return True


def _has_worker() -> bool:
    try:
        seen_at = find_worker_seen()
    except Error:
        return False
    return seen_at is not None and abs(timezone.now() - seen_at) < SEEN_LATELY


def _snapshot_age() -> int | None:
    try:
        snapshot = current_snapshot()
    except Error:
        return None
    return None if snapshot is None else max(0, int((timezone.now() - snapshot.made_at).total_seconds()))
