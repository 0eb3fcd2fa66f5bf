"""Who I am, and my long work."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.api.answers import ERRORS, Number
from guanxi.kernel.api.build import add_router
from guanxi.kernel.jobs.commands import cancel_job
from guanxi.kernel.jobs.queries import get_job

me = Router()
jobs = Router()


class MeOut(Schema):
    """The user a call acts as."""

    id: int
    username: str
    name: str
    language: str
    permissions: list[str]
    visibility: str


class JobOut(Schema):
    """Background work; `done` and `total` in its own unit."""

    id: int
    name: str
    state: str
    created_at: datetime
    finished_at: datetime | None
    done: int
    total: int | None
    words: str
    error: str
    report: dict[str, Any]


@me.get("", response={200: MeOut, **ERRORS}, summary="Who I am")
def who(request: HttpRequest) -> Any:
    """The user, what they may do and how far they see."""
    user = reader_of(request)
    return {
        "id": user.pk, "username": user.username, "name": str(user), "language": user.language,
        "permissions": sorted(user.permissions), "visibility": user.visibility.value,
    }  # fmt: skip


@jobs.get("/{int:job_id}", response={200: JobOut, **ERRORS}, summary="One job")
def show(request: HttpRequest, job_id: Number) -> Any:
    """How far it is."""
    line = get_job(reader_of(request), job_id)
    return {name: getattr(line, name) for name in JobOut.model_fields}


@jobs.post("/{int:job_id}/cancel", response={200: JobOut, **ERRORS}, summary="Cancel a job")
def cancel(request: HttpRequest, job_id: Number) -> Any:
    """Asks it to end; what was done stays and is told."""
    cancel_job(reader_of(request), job_id=job_id)
    return show(request, job_id)


add_router("me", me, tag="Me")
add_router("jobs", jobs, tag="Jobs")
