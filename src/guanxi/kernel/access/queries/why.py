"""Why somebody can or cannot: what a user may and sees, by which role, and who could change it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise

from guanxi.kernel.access.errors import UserNotFound
from guanxi.kernel.access.models import Role, User, Visibility
from guanxi.kernel.access.roles import ROLES
from guanxi.kernel.access.words import PERMISSION_WORDS, REACHES, role_title
from guanxi.kernel.commands import Actor

MANAGES: Final = "settings.manage"
ASSIGNS: Final = "customers.assign"
NAMED: Final = 5  # administrators, in words


@dataclass(frozen=True)
class Reach:
    """Whose records a user sees: by which roles, from which place, and who could widen it.

    Attributes
    ----------
    visibility, words
        The widest of the roles, as a code and in words.
    is_lost
        The reach goes by team or branch, but the user is in none: it is narrowed to the user's own records.
    """

    user_id: int
    name: str
    is_self: bool
    is_active: bool
    roles: list[str]
    visibility: str
    words: str
    place: str
    is_lost: bool
    administrators: list[str]


@dataclass(frozen=True)
class PermissionReason:
    """One permission: which of the user's roles give it, or which roles would."""

    permission: str
    group: str | Promise
    label: str | Promise
    given_by: list[str]
    would_give: list[str]

    @property
    def holds(self) -> bool:
        """Whether the user may."""
        return bool(self.given_by)


def find_askable(actor: Actor, user_id: int | None) -> User:
    """The user one may ask about: oneself; for who manages settings anybody; for who assigns customers whom he sees.

    Raises
    ------
    UserNotFound
        There is no such user, or none the actor may ask about: both are told alike.
    """
    wanted = actor.pk if user_id is None else user_id
    user = User.objects.select_related("team__branch", "branch").filter(pk=wanted).first() if wanted else None
    if user is None or not _may_ask(actor, user):
        raise UserNotFound
    return user


def list_askable(actor: Actor) -> list[tuple[int, str]]:
    """The active users the actor may ask about, by name; only oneself for most."""
    people = User.objects.filter(is_active=True)
    seen = actor.seen_owners()
    if not actor.may(MANAGES) and not (actor.may(ASSIGNS) and seen is None):
        people = people.filter(pk__in=seen if actor.may(ASSIGNS) and seen is not None else [actor.pk])
    return sorted(((user.pk, str(user)) for user in people), key=lambda pair: (pair[1], pair[0]))


def explain_reach(actor: Actor, user_id: int | None = None) -> Reach:
    """Whose records a user sees, and why.

    Raises
    ------
    UserNotFound
        There is no such user, or none the actor may ask about.
    """
    user = find_askable(actor, user_id)
    visibility = user.visibility
    branch = user.branch or (user.team.branch if user.team else None)
    place = {Visibility.TEAM: user.team, Visibility.BRANCH: branch}.get(visibility)
    return Reach(
        user_id=user.pk, name=str(user), is_self=user.pk == actor.pk, is_active=user.is_active,
        roles=sorted(role_title(name) for name in user.roles.values_list("name", flat=True)),
        visibility=visibility.value, words=str(REACHES[visibility.value]), place=str(place or ""),
        is_lost=place is None and visibility in {Visibility.TEAM, Visibility.BRANCH},
        administrators=list_administrators(),
    )  # fmt: skip


def explain_permissions(actor: Actor, user_id: int | None = None) -> list[PermissionReason]:
    """Every permission: whether a user holds it and by which role; else which roles would give it.

    Raises
    ------
    UserNotFound
        There is no such user, or none the actor may ask about.
    """
    user = find_askable(actor, user_id)
    own = {role.pk for role in user.roles.all()} if user.is_active else set()
    order = {name: number for number, name in enumerate(ROLES)}
    roles = sorted(Role.objects.all(), key=lambda role: (order.get(role.name, len(order)), role.name))
    return [
        PermissionReason(
            permission, word.group, word.label,
            given_by=[role_title(role.name) for role in roles if role.pk in own and permission in role.permissions],
            would_give=[role_title(role.name) for role in roles if permission in role.permissions],
        )
        for permission, word in PERMISSION_WORDS.items()
    ]  # fmt: skip


def list_administrators() -> list[str]:
    """Some of those who can grant roles, by name."""
    managing = [role.pk for role in Role.objects.all() if MANAGES in role.permissions]
    people = User.objects.filter(is_active=True, roles__in=managing).distinct()
    return sorted(str(user) for user in people)[:NAMED]


def _may_ask(actor: Actor, user: User) -> bool:
    if user.pk == actor.pk or actor.may(MANAGES):
        return True
    seen = actor.seen_owners()
    return actor.may(ASSIGNS) and (seen is None or user.pk in seen)
