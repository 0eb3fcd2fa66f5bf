"""Groups and follow-ups: parse, call, render."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import GuanxiError
from guanxi.kernel.lists.actions import Selection
from guanxi.kernel.lists.spec import get_list
from guanxi.kernel.ui import formats
from guanxi.marketing.choice import LIST
from guanxi.marketing.commands import Terms, cancel_follow_up, follow_up_chosen, save_group
from guanxi.marketing.queries import get_follow_up, get_group, get_plan, list_follow_ups, list_groups
from guanxi.marketing.web.forms import FollowUpForm
from guanxi.marketing.web.pages import choose_context, follow_up_context, follow_ups_table, group_tabs, groups_table


@require_safe
def show_groups(request: HttpRequest) -> HttpResponse:
    """The customer groups."""
    reader = reader_of(request)
    table = groups_table(list_groups(reader))
    return render(request, "marketing/groups.html", {"table": table, "tabs": group_tabs("groups")})


@require_safe
def show_group(request: HttpRequest, group_id: int) -> HttpResponse:
    """One group and its follow-ups."""
    reader = reader_of(request)
    group = get_group(reader, group_id)
    lines = [line for line in list_follow_ups(reader) if line.group_id == group_id]
    context = {"group": group, "table": follow_ups_table(lines), "may_manage": reader.may("groups.manage")}
    return render(request, "marketing/group.html", context)


@require_safe
def show_follow_ups(request: HttpRequest) -> HttpResponse:
    """The follow-ups."""
    table = follow_ups_table(list_follow_ups(reader_of(request)))
    return render(request, "marketing/follow_ups.html", {"table": table, "tabs": group_tabs("follow_ups")})


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Save the customers chosen on a list as a group, and follow them up or not."""
    reader = reader_of(request)
    choice = Selection.from_request(get_list(LIST), request.POST if request.method == "POST" else request.GET)
    plan = get_plan(reader, choice)
    only_group = request.POST.get("what") == "group"
    form = FollowUpForm(
        request.POST or None, today=timezone.localdate(), helpers=plan.helpers, only_group=only_group,
        initial={"name": plan.words[:120], "reason": plan.words[:200]},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_begin(reader, choice, form, only_group=only_group))
        except GuanxiError as refused:
            if refused.place not in form.fields:
                raise
            form.add_error(refused.place, formats.told(refused))
    return render(
        request, "marketing/choose.html", choose_context(form, plan, choice), status=400 if form.errors else 200
    )


def _begin(reader: Actor, choice: Selection, form: FollowUpForm, *, only_group: bool) -> str:
    given = form.cleaned_data
    if only_group:
        return reverse("group", args=[save_group(reader, name=given["name"], choice=choice).pk])
    terms = Terms(
        title=given["name"], reason=given["reason"], started_on=form.today, due_on=given["due_on"],
        control_percent=given["control_percent"], control_reason=given["control_reason"],
        measured_days=given["measured_days"], fallback_id=given["fallback"],
    )  # fmt: skip
    started = follow_up_chosen(reader, name=given["name"], choice=choice, terms=terms)
    return reverse("follow_up", args=[started.pk])


@require_safe
def show_follow_up(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """What became of a follow-up; the fragment while it is prepared, and once it is, the page reloads."""
    reader = reader_of(request)
    context = follow_up_context(reader, get_follow_up(reader, follow_up_id))
    if not request.headers.get("HX-Request"):
        return render(request, "marketing/follow_up.html", context)
    response = render(request, "marketing/_follow_up.html", context)
    if not context["is_preparing"]:
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
def cancel(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """Take the open tasks back."""
    dropped = cancel_follow_up(reader_of(request), follow_up_id=follow_up_id)
    messages.success(request, gettext("%(count)s open tasks were taken back.") % {"count": formats.number(dropped)})
    return redirect("follow_up", follow_up_id)
