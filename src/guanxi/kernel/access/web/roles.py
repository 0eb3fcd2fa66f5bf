"""Settings: roles."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanxi.kernel.access.commands import create_role, delete_role, edit_role
from guanxi.kernel.access.queries import get_role, list_roles
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.access.web.forms import RoleForm
from guanxi.kernel.errors import GuanxiError


@require_safe
def show_roles(request: HttpRequest) -> HttpResponse:
    """All roles, with what they may and how far they reach."""
    return render(request, "access/roles.html", {"roles": list_roles(reader_of(request))})


@require_http_methods(["GET", "POST"])
def new_role(request: HttpRequest) -> HttpResponse:
    """Create a role; `like` names one to begin from."""
    reader = reader_of(request)
    like = next((role for role in list_roles(reader) if str(role.id) == request.GET.get("like")), None)
    initial = {"permissions": sorted(like.permissions), "visibility": like.visibility} if like else None
    form = RoleForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            create_role(reader, **form.cleaned_data)
        except GuanxiError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("settings-roles")
    return render(request, "access/role.html", {"form": form, "like": like}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit_one(request: HttpRequest, role_id: int) -> HttpResponse:
    """Change a role of the company's own; a built-in one is only shown."""
    reader = reader_of(request)
    role = get_role(reader, role_id)
    initial = {"name": role.name, "permissions": sorted(role.permissions), "visibility": role.visibility}
    form = RoleForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            edit_role(reader, role_id, **form.cleaned_data)
        except GuanxiError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("settings-roles")
    return render(request, "access/role.html", {"form": form, "role": role}, status=422 if form.errors else 200)


@require_POST
def delete_one(request: HttpRequest, role_id: int) -> HttpResponse:
    """Take away a role that nobody has."""
    delete_role(reader_of(request), role_id)
    messages.success(request, gettext("The role is gone."))
    return redirect("settings-roles")
