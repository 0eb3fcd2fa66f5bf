"""Users as an administrator sees them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from allauth.socialaccount.models import SocialAccount
from django.db.models import F, Max, Q, Value
from django.db.models.functions import Coalesce, NullIf

from guanxi.kernel.access.errors import UserNotFound
from guanxi.kernel.access.lockout import locked_until
from guanxi.kernel.access.models import User
from guanxi.kernel.access.queries.gate import refuse_unless_manager
from guanxi.kernel.access.second_factor import has_second_factor, resting_until
from guanxi.kernel.access.words import REACHES, role_title
from guanxi.kernel.commands import Actor

State = Literal["active", "off", "all"]
STATES: Final[tuple[State, ...]] = get_args(State)
PAGE_SIZE: Final = 50


@dataclass(frozen=True)
class PersonLine:
    """One user in the list."""

    id: int
    name: str
    username: str
    roles: list[str]
    team: str
    branch: str
    employee_no: str
    last_login: datetime | None
    is_active: bool
    locked_until: datetime | None


@dataclass(frozen=True)
class PersonList:
    """One page of users; `count` is how many there are in all."""

    rows: list[PersonLine]
    count: int
    page: int
    pages: int


@dataclass(frozen=True)
class Person:
    """One user, with what the form needs; `reach` says whose customers he sees."""

    line: PersonLine
    display_name: str
    email: str
    role_names: list[str]
    team_id: int | None
    branch_id: int | None
    reach: str
    is_self: bool
    has_password: bool
    has_second_factor: bool
    linked_at: datetime | None  # to a provider of OpenID Connect


def list_people(actor: Actor, *, q: str = "", state: State = "active", page: int = 1) -> PersonList:
    """Users by name; `q` looks into name, log-in name and employee number.

    Raises
    ------
    PermissionDenied
        The actor does not manage settings.
    """
    refuse_unless_manager(actor)
    people = User.objects.select_related("team__branch", "branch").prefetch_related("roles")
    if state != "all":
        people = people.filter(is_active=state == "active")
    for word in q.split():
        people = people.filter(
            Q(username__icontains=word) | Q(display_name__icontains=word) | Q(employee_no__iexact=word)
        )
    count = people.count()
    pages = max(1, -(-count // PAGE_SIZE))
    page = min(max(1, page), pages)
    shown = Coalesce(NullIf(F("display_name"), Value("")), F("username"))
    first = (page - 1) * PAGE_SIZE
    rows = list(people.order_by(shown, "pk")[first : first + PAGE_SIZE])
    return PersonList(list(_lines(rows)), count, page, pages)


def get_person(actor: Actor, user_id: int) -> Person:
    """One user.

    Raises
    ------
    PermissionDenied
        The actor does not manage settings.
    UserNotFound
        There is none of that number.
    """
    refuse_unless_manager(actor)
    people = User.objects.select_related("team__branch", "branch").prefetch_related("roles")
    user = people.filter(pk=user_id).first()
    if user is None:
        raise UserNotFound
    (line,) = _lines([user])
    return Person(
        line=line, display_name=user.display_name, email=user.email,
        role_names=sorted(role.name for role in user.roles.all()),
        team_id=user.team_id, branch_id=user.branch_id, reach=str(REACHES[user.visibility.value]),
        is_self=user.pk == actor.pk, has_password=user.has_usable_password(),
        has_second_factor=has_second_factor(user.pk), linked_at=_linked_at(user),
    )  # fmt: skip


def _linked_at(user: User) -> datetime | None:
    at: datetime | None = SocialAccount.objects.filter(user=user).aggregate(at=Max("date_joined"))["at"]
    return at


def _lines(users: list[User]) -> Iterable[PersonLine]:
    locked, resting = locked_until([user.username for user in users]), resting_until([user.pk for user in users])
    for user in users:
        branch = user.branch or (user.team.branch if user.team else None)
        yield PersonLine(
            id=user.pk, name=str(user), username=user.username,
            roles=sorted(role_title(role.name) for role in user.roles.all()),
            team=str(user.team or ""), branch=str(branch or ""), employee_no=user.employee_no or "",
            last_login=user.last_login, is_active=user.is_active,
            locked_until=locked.get(user.username) or resting.get(user.pk),
        )  # fmt: skip
