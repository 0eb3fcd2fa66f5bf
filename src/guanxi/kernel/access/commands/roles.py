"""Roles: the built-in ones as this version says, and the company's own."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from guanxi.kernel.access.commands.administrators import refuse_without_administrator, wait_for_others
from guanxi.kernel.access.errors import (
    PermissionUnknown,
    RoleBuiltIn,
    RoleExists,
    RoleInUse,
    RoleNameMissing,
    RoleNotFound,
    VisibilityUnknown,
)
from guanxi.kernel.access.models import Role, Visibility
from guanxi.kernel.access.roles import PERMISSIONS, ROLES
from guanxi.kernel.commands import Work, command


@command("settings.manage")
def ensure_roles(work: Work) -> None:
    """Make the built-in roles, or bring them to what this version says of them; others are left alone."""
    wait_for_others()
    work.nothing_changed()
    for name, built_in in ROLES.items():
        wanted: dict[str, Any] = {"permissions": sorted(built_in.permissions), "visibility": built_in.visibility.value}
        role, new = Role.objects.select_for_update().get_or_create(name=name, defaults=wanted)
        before = {field: None if new else getattr(role, field) for field in wanted}
        if before != wanted:
            changed = {field: [before[field], value] for field, value in wanted.items() if before[field] != value}
            work.record(role, changed)
            role.permissions, role.visibility = wanted["permissions"], wanted["visibility"]
            role.save(update_fields=["permissions", "visibility"])


@command("settings.manage")
def create_role(work: Work, name: str, *, permissions: Collection[str], visibility: str) -> Role:
    """Make a role of the company's own.

    Raises
    ------
    RoleNameMissing, RoleExists, PermissionUnknown, VisibilityUnknown
        The role cannot be made so.
    """
    wait_for_others()
    role = Role(name=_free_name(name), permissions=_granted(permissions), visibility=_reach(visibility))
    role.save()
    work.record(role, {
        "name": [None, role.name], "permissions": [None, role.permissions], "visibility": [None, role.visibility],
    })  # fmt: skip
    return role


@command("settings.manage")
def edit_role(work: Work, role_id: int, *, name: str, permissions: Collection[str], visibility: str) -> Role:
    """Change a role of the company's own; whoever has it may at once what it says.

    Raises
    ------
    RoleNotFound, RoleBuiltIn, RoleNameMissing, RoleExists, PermissionUnknown, VisibilityUnknown, NoAdministratorLeft
        It cannot be changed so; nothing is.
    """
    role = _own_role(role_id)
    wanted = {
        "name": _free_name(name, role), "permissions": _granted(permissions), "visibility": _reach(visibility),
    }  # fmt: skip
    changed = {field: [getattr(role, field), value] for field, value in wanted.items() if getattr(role, field) != value}
    if not changed:
        work.nothing_changed()
        return role
    work.record(role, changed)
    for field, (_before, value) in changed.items():
        setattr(role, field, value)
    role.save(update_fields=list(changed))
    refuse_without_administrator()
    return role


@command("settings.manage")
def delete_role(work: Work, role_id: int) -> None:
    """Take away a role of the company's own that nobody has.

    Raises
    ------
    RoleNotFound, RoleBuiltIn, RoleInUse
        It stays.
    """
    role = _own_role(role_id)
    holders = role.users.count()
    if holders:
        raise RoleInUse(role=role.name, holders=holders)
    work.record(role, {"name": [role.name, None]})
    role.delete()


def _own_role(role_id: int) -> Role:
    wait_for_others()
    role = Role.objects.select_for_update().filter(pk=role_id).first()
    if role is None:
        raise RoleNotFound
    if role.name in ROLES:
        raise RoleBuiltIn
    return role


def _free_name(name: str, role: Role | None = None) -> str:
    name = " ".join(name.split())[:40]
    if not name:
        raise RoleNameMissing
    same = Role.objects.filter(name__iexact=name)
    if role is not None:
        same = same.exclude(pk=role.pk)
    if same.exists():
        raise RoleExists(role=name)
    return name


def _granted(permissions: Collection[str]) -> list[str]:
    for unknown in sorted(set(permissions) - PERMISSIONS):
        raise PermissionUnknown(permission=unknown)
    return sorted(set(permissions))


def _reach(visibility: str) -> str:
    if visibility not in Visibility.values:
        raise VisibilityUnknown(visibility=visibility)
    return visibility
