"""Groups and follow-ups for programs: parse, call, answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.http import urlencode
from ninja import Field, Router, Schema

from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.api.answers import ERRORS, Id, Number
from guanxi.kernel.api.idempotency import idempotent
from guanxi.kernel.lists.actions import Selection
from guanxi.kernel.lists.spec import get_list
from guanxi.kernel.lists.state import ListState
from guanxi.marketing.choice import LIST
from guanxi.marketing.commands import Terms, cancel_follow_up, follow_up_chosen, save_group
from guanxi.marketing.queries import get_follow_up, get_group, list_groups
from guanxi.marketing.rules import CONTROL_PERCENT, MEASURED_DAYS

groups = Router()
follow_ups = Router()


class GroupOut(Schema):
    """A customer group."""

    id: int
    name: str
    words: str
    size: int
    is_complete: bool
    made_by: str
    made_at: datetime


class GroupIn(Schema):
    """The customers to keep: single ones by number, else all that the list's filter matches."""

    name: str
    ids: list[Id] = Field(default_factory=list, max_length=1000)
    where: str = ""
    q: str = ""


class FollowUpIn(GroupIn):
    """A group and how it is followed up."""

    reason: str
    due_on: date
    control_percent: Annotated[int, Field(ge=0, le=100)] = CONTROL_PERCENT
    control_reason: str = ""
    measured_days: Annotated[int, Field(ge=0, le=10_000)] = MEASURED_DAYS
    fallback_id: Id | None = None


class CreatedOut(Schema):
    """The number of what was made."""

    id: int


class TakenBackOut(Schema):
    """How many open tasks were taken back."""

    dropped: int


class FollowUpOut(Schema):
    """A follow-up and, as measured last, what it brought: `result` holds both arms and their difference."""

    id: int
    title: str
    group_id: int
    state: str
    reason: str
    started_on: date
    due_on: date
    control_percent: int
    measured_days: int
    members: int
    control: int
    tasks: int
    done: int
    result: dict[str, Any] | None


@groups.get("", response={200: list[GroupOut], **ERRORS}, summary="Customer groups")
def find(request: HttpRequest) -> Any:
    """The latest 200 you may see."""
    return [_group(line) for line in list_groups(reader_of(request))]


@groups.post("", response={201: CreatedOut, **ERRORS}, summary="Save a group")
@idempotent(201)
def save(request: HttpRequest, body: GroupIn) -> Any:
    """The members are put in by the worker; `is_complete` says when."""
    return {"id": save_group(reader_of(request), name=body.name, choice=_choice(body)).pk}


@groups.get("/{int:group_id}", response={200: GroupOut, **ERRORS}, summary="One group")
def show(request: HttpRequest, group_id: Number) -> Any:
    """Its members are the customers with `where=group:is:ID`."""
    return _group(get_group(reader_of(request), group_id))


@follow_ups.post("", response={201: CreatedOut, **ERRORS}, summary="Follow customers up")
@idempotent(201)
def follow_up(request: HttpRequest, body: FollowUpIn) -> Any:
    """Saves the group, draws the control group and hands out the tasks."""
    terms = Terms(
        title=body.name, reason=body.reason, started_on=timezone.localdate(), due_on=body.due_on,
        control_percent=body.control_percent, control_reason=body.control_reason, measured_days=body.measured_days,
        fallback_id=body.fallback_id,
    )  # fmt: skip
    return {"id": follow_up_chosen(reader_of(request), name=body.name, choice=_choice(body), terms=terms).pk}


@follow_ups.get("/{int:follow_up_id}", response={200: FollowUpOut, **ERRORS}, summary="One follow-up")
def result(request: HttpRequest, follow_up_id: Number) -> Any:
    """How far it is and what it brought."""
    page = get_follow_up(reader_of(request), follow_up_id)
    line = page.line
    return {
        "id": line.id, "title": line.title, "group_id": line.group_id, "state": line.state, "reason": page.reason,
        "started_on": line.started_on, "due_on": line.due_on, "control_percent": page.control_percent,
        "measured_days": page.measured_days, "members": page.members, "control": page.control, "tasks": line.tasks,
        "done": line.done, "result": line.result.to_json() if line.result else None,
    }  # fmt: skip


@follow_ups.post("/{int:follow_up_id}/cancel", response={200: TakenBackOut, **ERRORS}, summary="Take a follow-up back")
@idempotent(200)
def take_back(request: HttpRequest, follow_up_id: Number) -> Any:
    """Open tasks are dropped; what was done stays."""
    return {"dropped": cancel_follow_up(reader_of(request), follow_up_id=follow_up_id)}


def _choice(body: GroupIn) -> Selection:
    if body.ids:
        return Selection(ids=tuple(dict.fromkeys(body.ids)))
    address = urlencode({"q": body.q, "where": body.where})
    return Selection(state=ListState.from_address(get_list(LIST), QueryDict(address)))


def _group(line: Any) -> dict[str, Any]:
    return {name: getattr(line, name) for name in GroupOut.model_fields}
