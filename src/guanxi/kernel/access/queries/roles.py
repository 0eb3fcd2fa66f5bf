"""Roles, with what they may and how far they reach."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from guanxi.kernel.access.errors import RoleNotFound
from guanxi.kernel.access.models import Role
from guanxi.kernel.access.queries.gate import refuse_unless_manager
from guanxi.kernel.access.roles import PERMISSIONS, ROLES
from guanxi.kernel.access.words import PERMISSION_WORDS, REACHES, role_title
from guanxi.kernel.commands import Actor


@dataclass(frozen=True)
class RoleLine:
    """One role; `holders` counts the active users who have it."""

    id: int
    name: str
    title: str
    is_built_in: bool
    permissions: frozenset[str]
    may: list[str]
    visibility: str
    reach: str
    holders: int


def list_roles(actor: Actor) -> list[RoleLine]:
    """All roles: the built-in ones as the product orders them, then the company's own by name."""
    refuse_unless_manager(actor)
    order = list(ROLES)
    lines = [_line(role) for role in _roles()]
    return sorted(lines, key=lambda line: (not line.is_built_in, order.index(line.name) if line.is_built_in else 0))


def get_role(actor: Actor, role_id: int) -> RoleLine:
    """One role.

    Raises
    ------
    RoleNotFound
        There is none of that number.
    """
    refuse_unless_manager(actor)
    role = _roles().filter(pk=role_id).first()
    if role is None:
        raise RoleNotFound
    return _line(role)


def _roles() -> QuerySet[Role]:
    return Role.objects.annotate(holders=Count("users", filter=Q(users__is_active=True))).order_by("name")


def _line(role: Role) -> RoleLine:
    granted = frozenset(role.permissions) & PERMISSIONS
    return RoleLine(
        id=role.pk, name=role.name, title=role_title(role.name), is_built_in=role.name in ROLES, permissions=granted,
        may=[str(word.label) for name, word in PERMISSION_WORDS.items() if name in granted], visibility=role.visibility,
        reach=str(REACHES[role.visibility]), holders=role.holders,  # type: ignore[attr-defined]  # annotated above
    )  # fmt: skip
