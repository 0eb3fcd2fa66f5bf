"""Settings: teams and branches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanxi.kernel.access.commands import (
    create_branch,
    create_team,
    delete_branch,
    delete_team,
    edit_branch,
    edit_team,
)
from guanxi.kernel.access.errors import BranchNotFound, TeamNotFound
from guanxi.kernel.access.queries import list_places
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.access.web.forms import BranchForm, TeamForm
from guanxi.kernel.errors import GuanxiError
from guanxi.kernel.ui.forms import HouseForm


@require_safe
def show_places(request: HttpRequest) -> HttpResponse:
    """The tree of branches, and the teams."""
    return render(request, "access/places.html", {"places": list_places(reader_of(request))})


@require_http_methods(["GET", "POST"])
def new_team(request: HttpRequest) -> HttpResponse:
    """Create a team."""
    reader = reader_of(request)
    form = TeamForm(request.POST or None, places=list_places(reader))
    return _saved(request, form, gettext("New team"), lambda: create_team(reader, **form.cleaned_data))


@require_http_methods(["GET", "POST"])
def edit_one_team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Rename or move a team."""
    reader = reader_of(request)
    places = list_places(reader)
    team = next((line for line in places.teams if line.id == team_id), None)
    if team is None:
        raise TeamNotFound
    initial = {"name": team.name, "branch_id": team.branch_id}
    form = TeamForm(request.POST or None, initial=initial, places=places)
    return _saved(request, form, team.name, lambda: edit_team(reader, team_id, **form.cleaned_data), {"team": team})


@require_http_methods(["GET", "POST"])
def new_branch(request: HttpRequest) -> HttpResponse:
    """Create a branch."""
    reader = reader_of(request)
    form = BranchForm(request.POST or None, places=list_places(reader))
    return _saved(request, form, gettext("New branch"), lambda: create_branch(reader, **form.cleaned_data))


@require_http_methods(["GET", "POST"])
def edit_one_branch(request: HttpRequest, branch_id: int) -> HttpResponse:
    """Rename or move a branch."""
    reader = reader_of(request)
    places = list_places(reader)
    branch = next((line for line in places.branches if line.id == branch_id), None)
    if branch is None:
        raise BranchNotFound
    initial = {"name": branch.name, "parent_id": branch.parent_id}
    form = BranchForm(request.POST or None, initial=initial, places=places)
    more = {"branch": branch}
    return _saved(request, form, branch.name, lambda: edit_branch(reader, branch_id, **form.cleaned_data), more)


@require_POST
def delete_one_team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Take away an empty team."""
    delete_team(reader_of(request), team_id)
    messages.success(request, gettext("The team is gone."))
    return redirect("settings-places")


@require_POST
def delete_one_branch(request: HttpRequest, branch_id: int) -> HttpResponse:
    """Take away an empty branch."""
    delete_branch(reader_of(request), branch_id)
    messages.success(request, gettext("The branch is gone."))
    return redirect("settings-places")


def _saved(
    request: HttpRequest,
    form: HouseForm,
    title: str,
    save: Callable[[], object],
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    """Save what was typed, or show the form with what is wrong."""
    if form.is_valid():
        try:
            save()
        except GuanxiError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("settings-places")
    context = {"form": form, "title": title, **(more or {})}
    return render(request, "access/place.html", context, status=422 if form.errors else 200)
