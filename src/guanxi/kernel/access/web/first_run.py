"""The first-run page and the doors behind it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.kernel.access.errors import PasswordTooWeak, UserExists, UserNameMissing
from guanxi.kernel.access.first_run import HomeTaken, move_in, start_door_job
from guanxi.kernel.access.queries import has_users
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.access.web.forms import FirstRunForm
from guanxi.kernel.errors import GuanxiError
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.ui.formats import told
from guanxi.kernel.ui.registry import doors, find_door

FIELD_OF: dict[type[GuanxiError], str] = {
    UserNameMissing: "username",
    UserExists: "username",
    PasswordTooWeak: "password",
}


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def first_run(request: HttpRequest) -> HttpResponse:
    """Company and administrator of an empty home; a home that is taken shows the log-in instead."""
    if has_users():
        return _to_log_in(request)
    form = FirstRunForm(request.POST or None)
    if form.is_valid():
        try:
            user = move_in(SYSTEM, **form.cleaned_data, language=get_language() or "zh-hans")
        except HomeTaken:
            return _to_log_in(request)
        except (PasswordTooWeak, UserExists, UserNameMissing) as refusal:
            form.add_error(FIELD_OF[type(refusal)], told(refusal))
        else:
            login(request, user, backend=settings.AUTHENTICATION_BACKENDS[-1])
            return redirect("doors")
    return render(request, "access/first_run.html", {"form": form})


def _to_log_in(request: HttpRequest) -> HttpResponse:
    """Who typed something in is told why nothing came of it."""
    if request.method == "POST":
        messages.error(request, str(HomeTaken()))
    return redirect("login")


@require_GET
def show_doors(request: HttpRequest) -> HttpResponse:
    """Three ways to begin."""
    return render(request, "access/doors.html", {"doors": doors()})


@require_POST
def open_door(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for the job behind a door, and show how it goes."""
    door = find_door(key)
    if door is None or not door.job:
        raise Http404
    asked = start_door_job(reader_of(request), job=door.job, key=f"door:{key}")
    return redirect("door_job", key=key, job_id=asked.pk)


@require_GET
def show_door_job(request: HttpRequest, key: str, job_id: int) -> HttpResponse:
    """How the job behind a door goes; asked again every two seconds until it ends."""
    door = find_door(key)
    if door is None or not reader_of(request).may("updates.view"):
        raise Http404
    job = get_object_or_404(Job, pk=job_id, name=door.job)
    template = "access/_door_job.html" if request.headers.get("HX-Request") else "access/door_job.html"
    response = render(request, template, {"door": door, "job": job})
    if job.state not in {Job.State.READY, Job.State.RUNNING} and request.headers.get("HX-Request"):
        response.status_code = 286  # htmx: this was the last answer
    return response
