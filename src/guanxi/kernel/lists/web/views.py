"""The parts of any list: parse, call, render."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.kernel.access.models import User
from guanxi.kernel.access.queries import list_roles
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.access.words import role_title
from guanxi.kernel.errors import GuanxiError
from guanxi.kernel.lists import commands
from guanxi.kernel.lists.actions import actions_for
from guanxi.kernel.lists.matching import matching, refuse_unless_allowed
from guanxi.kernel.lists.queries import roles_opening, views_of
from guanxi.kernel.lists.reading import sum_up
from guanxi.kernel.lists.spec import ListSpec, lists
from guanxi.kernel.lists.state import ListState
from guanxi.kernel.lists.web import columns, editor
from guanxi.kernel.lists.web.page import view_address
from guanxi.kernel.row_numbers import read_row_number
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.parts import Cell
from guanxi.kernel.ui.toasts import leave_toast

Context = Mapping[str, Any]


def _asked(request: HttpRequest, list_key: str) -> tuple[User, ListSpec, ListState, QueryDict]:
    """Who asks, which list, in which state, and what else was given."""
    spec, actor = lists().get(list_key), reader_of(request)
    if spec is None:
        raise Http404
    refuse_unless_allowed(actor, spec)
    given = request.POST if request.method == "POST" else request.GET
    return actor, spec, ListState.from_address(spec, QueryDict(given.get("state", ""))), given


@require_http_methods(["GET", "HEAD", "POST"])
def edit_filter(request: HttpRequest, list_key: str) -> HttpResponse:
    """The form of one condition, of a group, or of the whole filter."""
    _actor, spec, state, given = _asked(request, list_key)
    fields, at = spec.all_fields(), given.get("at", "new")
    if at != "all" and editor.place_of(state.filter, at) is None:
        at = "new"
    deed = given.get("do", "")
    draft = editor.from_form(given) if request.method == "POST" else editor.taken(state.filter, at)
    draft = editor.settled(editor.edited(draft, deed) if ":" in deed else draft, fields)
    if deed == "apply":
        draft = editor.checked(draft, fields)
        if not any(editor.errors(draft)):
            return _go(request, state.changed(filter=editor.placed(state.filter, at, draft)).address(spec))
    context = {
        "spec": spec, "at": at, "state": state.query(), "node": editor.nodes(draft, fields),
        "field_groups": editor.field_groups(fields),
    }  # fmt: skip
    return _dialog(request, "lists/_filter_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def choose_columns(request: HttpRequest, list_key: str) -> HttpResponse:
    """The form of the columns."""
    _actor, spec, state, given = _asked(request, list_key)
    fields, deed = spec.all_fields(), given.get("do", "")
    if deed == "usual":
        return _go(request, state.changed(columns=(), widths=()).address(spec))
    lines = columns.from_form(given, fields) if request.method == "POST" else columns.lines_of(state, fields)
    if deed == "apply":
        return _go(request, columns.chosen(state, lines, fields).address(spec))
    context = {"spec": spec, "state": state.query(), "lines": columns.moved(lines, deed)}
    return _dialog(request, "lists/_columns_form.html", context)


@require_GET
def show_totals(request: HttpRequest, list_key: str) -> HttpResponse:
    """The row of sums over all that match."""
    actor, spec, state, _given = _asked(request, list_key)
    shown = state.shown(spec.all_fields())
    totals = sum_up(actor, spec, state, shown)
    sums = totals.sums or {}
    cells = [Cell("" if sums.get(f.key) is None else formats.number(sums[f.key]), value=sums.get(f.key)) for f in shown]
    if totals.sums is None:
        cells[0] = Cell(gettext("Too many to add up"))
    else:
        cells[0] = Cell(gettext("Sum of %(count)s") % {"count": formats.number(totals.count)})
    context = {
        "cells": [(f.label, cell) for f, cell in zip(shown, cells, strict=True)],
        "with_pick": bool(actions_for(spec.key, actor)),
    }
    return render(request, "lists/_totals.html", context)


@require_GET
def count(request: HttpRequest, list_key: str) -> HttpResponse:
    """How many rows match, exactly: asked for when somebody chooses them all."""
    actor, spec, state, _given = _asked(request, list_key)
    return HttpResponse(formats.number(matching(actor, spec, state).count()), content_type="text/plain")


@require_http_methods(["GET", "HEAD", "POST"])
def keep_views(request: HttpRequest, list_key: str) -> HttpResponse:
    """The views of the list: kept, renamed, shared, pinned, chosen, deleted."""
    actor, spec, state, given = _asked(request, list_key)
    error: GuanxiError | None = None
    if request.method == "POST":
        try:
            if (address := _deed_on_view(request, actor, spec, state)) is not None:
                return _go(request, address)
        except GuanxiError as refused:
            error = refused
    views, opening = views_of(actor, spec.key), roles_opening(spec.key)
    current = next((view for view in views if str(view.id) == state.view), None)
    context = {
        "spec": spec, "state": state.query(), "error": error, "name": given.get("name", ""),
        "lines": [(view, [(role, role_title(role)) for role in opening.get(view.id, ())]) for view in views],
        "may_share": actor.may(commands.SHARE),
        "roles": [(role.name, role.title) for role in list_roles(actor)] if actor.may("settings.manage") else [],
        "current": current, "is_changed": current is not None and current.query != state.changed(view="").query(),
    }  # fmt: skip
    return _dialog(request, "lists/_views_form.html", context)


def _deed_on_view(request: HttpRequest, actor: User, spec: ListSpec, state: ListState) -> str | None:
    """Do what a button of the form asks; where to go then, or nothing to stay at the form."""
    what, _colon, number = request.POST.get("do", "").partition(":")
    view_id = read_row_number(number) or 0
    query, name = state.query(), request.POST.get("name", "")
    match what:
        case "new":
            shared = request.POST.get("shared") == "on"
            view = commands.save_view(actor, list_key=spec.key, name=name, query=query, is_shared=shared)
            leave_toast(request, gettext("Saved as “%(name)s”.") % {"name": view.name})
            return view_address(spec, view.pk)
        case "over":
            view = commands.change_view(actor, view_id=view_id, query=query)
            leave_toast(request, gettext("“%(name)s” was saved.") % {"name": view.name})
            return view_address(spec, view.pk)
        case "rename":
            commands.rename_view(actor, view_id=view_id, name=request.POST.get(f"name:{view_id}", ""))
        case "share" | "unshare":
            commands.share_view(actor, view_id=view_id, is_shared=what == "share")
        case "pin" | "unpin":
            commands.pin_view(actor, view_id=view_id, is_pinned=what == "pin")
        case "default" | "undefault":
            chosen = view_id if what == "default" else None
            commands.choose_default(actor, list_key=spec.key, view_id=chosen)
        case "opens":
            role = request.POST.get(f"role:{view_id}", "")
            commands.choose_role_default(actor, list_key=spec.key, role=role, view_id=view_id)
        case "unopens":
            commands.choose_role_default(actor, list_key=spec.key, role=number, view_id=None)
        case "delete":
            view = commands.delete_view(actor, view_id=view_id)
            undo = reverse("list_view_restore", args=[spec.key, view.pk])
            leave_toast(request, gettext("“%(name)s” was deleted.") % {"name": view.name}, undo_url=undo)
            return state.changed(view="").address(spec)
    return None


@require_POST
def restore(request: HttpRequest, list_key: str, view_id: int) -> HttpResponse:
    """Bring a deleted view back."""
    actor, spec, _state, _given = _asked(request, list_key)
    view = commands.restore_view(actor, view_id=view_id)
    leave_toast(request, gettext("“%(name)s” is back.") % {"name": view.name})
    return _go(request, view_address(spec, view.pk))


def _dialog(request: HttpRequest, template: str, context: Context) -> HttpResponse:
    """The form as a dialog's content, or on a page of its own where there is no script."""
    if request.headers.get("HX-Request"):
        return render(request, template, context)
    return render(request, "lists/dialog_page.html", {**context, "form_template": template})


def _go(request: HttpRequest, address: str) -> HttpResponse:
    """To another address, also out of a dialog."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
