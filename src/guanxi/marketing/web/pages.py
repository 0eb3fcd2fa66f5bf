"""What the templates of groups and follow-ups show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, pgettext

from guanxi.kernel.commands import Actor
from guanxi.kernel.lists.actions import Selection
from guanxi.kernel.lists.reading import COUNT_LIMIT
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.parts import Cell, Chart, Column, Row, Tab, Table
from guanxi.kernel.ui.templatetags.ui import badge
from guanxi.marketing import wording
from guanxi.marketing.queries import FollowUpLine, FollowUpPage, GroupLine, Plan
from guanxi.marketing.result import Result
from guanxi.marketing.web.forms import FollowUpForm


def group_tabs(active: str) -> list[Tab]:
    """Groups and follow-ups beside each other."""
    tabs = (("groups", gettext("Customer groups")), ("follow_ups", gettext("Follow-ups")))
    return [Tab(label, reverse(name), active=name == active) for name, label in tabs]


def choose_context(form: FollowUpForm, plan: Plan, choice: Selection) -> dict[str, Any]:
    """The context of `marketing/choose.html`."""
    return {
        "form": form,
        "words": plan.words,
        "count": formats.capped(plan.count, COUNT_LIMIT),
        "is_nobody": plan.count == 0,
        "without_owner": formats.capped(plan.without_owner, COUNT_LIMIT) if plan.without_owner else "",
        "chosen": choice.parameters(),
    }


def groups_table(groups: Sequence[GroupLine]) -> Table:
    """The groups, newest first."""
    return Table(
        columns=[
            Column("name", pgettext("marketing", "Group")), Column("words", gettext("Who is in it")),
            Column("size", pgettext("count", "Customers"), numeric=True),
            Column("follow_ups", gettext("Follow-ups"), numeric=True),
            Column("made_by", gettext("Saved by")), Column("made_at", gettext("Saved")),
        ],
        rows=[
            Row([
                Cell(group.name, href=reverse("group", args=[group.id])), Cell(group.words),
                Cell(formats.number(group.size), value=group.size),
                Cell(formats.number(group.follow_ups), value=group.follow_ups), Cell(group.made_by),
                Cell(formats.moment(group.made_at)),
            ], href=reverse("group", args=[group.id]))
            for group in groups
        ],
        caption=gettext("Customer groups"), name="groups", fits_page=True,
        empty=gettext("No groups yet. Choose customers on a list and save them as a group."),
    )  # fmt: skip


def follow_ups_table(lines: Sequence[FollowUpLine]) -> Table:
    """Follow-ups, newest first, each with what it brought."""
    return Table(
        columns=[
            Column("title", gettext("Follow-up")), Column("state", gettext("State")),
            Column("started", gettext("Started")), Column("due", gettext("Due")),
            Column("done", gettext("Done"), numeric=True), Column("of", gettext("Tasks"), numeric=True),
            Column("treated", gettext("Followed up: bought"), numeric=True),
            Column("control", gettext("Left alone: bought"), numeric=True), Column("verdict", gettext("Result")),
        ],
        rows=[
            Row([
                Cell(line.title, href=reverse("follow_up", args=[line.id])), Cell(_state(line.state)),
                Cell(formats.day(line.started_on)), Cell(formats.day(line.due_on)),
                Cell(formats.number(line.done), value=line.done), Cell(formats.number(line.tasks), value=line.tasks),
                *_rates(line.result), Cell(_verdict(line.result)),
            ], href=reverse("follow_up", args=[line.id]))
            for line in lines
        ],
        caption=gettext("Follow-ups"), name="follow-ups", fits_page=True,
        empty=gettext("No follow-ups yet. Choose customers on a list and hand them to their owners."),
    )  # fmt: skip


def follow_up_context(reader: Actor, page: FollowUpPage) -> dict[str, Any]:
    """The context of `marketing/follow_up.html`."""
    result = page.result
    return {
        "page": page,
        "line": page.line,
        "is_preparing": page.line.state == "preparing",
        "headline": wording.headline(page),
        "likely": wording.likely(page),
        "state": _state(page.line.state),
        "done": formats.percent(page.line.done / page.line.tasks, 0) if page.line.tasks else "",
        "reached": formats.number(result.reached) if result else "",
        "extra": wording.per_member(result, result.revenue) if result else "",
        "earned": wording.earned(result) if result else "",
        "points": wording.points(result.rate.value) if result and result.rate else "",
        "chart": _chart(result) if result and result.known_until else None,
        "owners": _owners(page),
        "may_cancel": reader.may("groups.manage") and page.line.state == "running" and page.line.done < page.line.tasks,
    }


def _state(state: str) -> Any:
    words = {
        "preparing": (gettext("being handed out"), "loader-2", "neutral"),
        "running": (gettext("running"), "player-play", "stage-2"),
        "cancelled": (gettext("taken back"), "circle-x", "neutral"),
    }
    label, icon, tone = words[state]
    return badge(label, icon, tone)


def _verdict(result: Result | None) -> str:
    if result is None or result.known_until is None or result.rate is None:
        return gettext("not measured")
    words = {"gain": gettext("helped"), "loss": gettext("did harm"), "unclear": gettext("no difference to be told")}
    return words[result.rate.verdict]


def _rates(result: Result | None) -> tuple[Cell, Cell]:
    if result is None or result.known_until is None:
        return Cell(""), Cell("")
    treated = Cell(formats.percent(result.treated.rate), value=round(result.treated.rate, 6))
    if not result.control.members:
        return treated, Cell("")
    return treated, Cell(formats.percent(result.control.rate), value=round(result.control.rate, 6))


def _chart(result: Result) -> Chart:
    arms = [(gettext("Followed up"), result.treated)]
    if result.control.members:
        arms.append((gettext("Left alone"), result.control))
    return Chart(
        key="bought", kind="hbar", title=gettext("Who bought"), height="s",
        data={
            "items": [
                {"label": label, "value": arm.rate, "text": formats.percent(arm.rate), "href": ""}
                for label, arm in arms
            ]
        },
        table=Table(
            columns=[
                Column("arm", gettext("Arm")), Column("members", pgettext("count", "Customers"), numeric=True),
                Column("buyers", gettext("Bought"), numeric=True), Column("rate", gettext("Share"), numeric=True),
                Column("revenue", gettext("Net revenue"), numeric=True),
                Column("mean", gettext("Per customer"), numeric=True),
            ],
            rows=[
                Row([
                    Cell(label), Cell(formats.number(arm.members), value=arm.members),
                    Cell(formats.number(arm.buyers), value=arm.buyers),
                    Cell(formats.percent(arm.rate), value=round(arm.rate, 6)),
                    Cell(formats.money_whole(f"{arm.revenue:.4f}", result.currency), value=round(arm.revenue, 4)),
                    Cell(formats.money(f"{arm.mean:.4f}", result.currency), value=round(arm.mean, 4)),
                ])
                for label, arm in arms
            ],
            caption=gettext("Who bought"), name="who-bought",
        ),
        meaning=gettext(
            "Everybody counts in the arm that chance drew, whether reached or not: otherwise unlike customers would be"
            " compared. Returns are taken off the revenue."
        ),
        as_of=result.known_until,
    )  # fmt: skip


def _owners(page: FollowUpPage) -> Table:
    return Table(
        columns=[
            Column("owner", gettext("Owner")), Column("tasks", gettext("Tasks"), numeric=True),
            Column("done", gettext("Done"), numeric=True), Column("open", gettext("Open"), numeric=True),
        ],
        rows=[
            Row([
                Cell(line.name or gettext("Nobody yet")), Cell(formats.number(line.tasks), value=line.tasks),
                Cell(formats.number(line.done), value=line.done), Cell(formats.number(line.open), value=line.open),
            ])
            for line in page.owners
        ],
        caption=gettext("By owner"), name="by-owner", empty=gettext("No tasks yet."),
    )  # fmt: skip
