"""Users: made, changed, switched off and on again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from axes.utils import reset

from guanxi.kernel.access.commands.administrators import refuse_without_administrator, wait_for_others
from guanxi.kernel.access.commands.passwords import checked
from guanxi.kernel.access.errors import (
    BranchNotFound,
    EmailTaken,
    EmployeeNumberTaken,
    RoleUnknown,
    TeamNotFound,
    UserExists,
    UserNameMissing,
    UserNotFound,
)
from guanxi.kernel.access.events import UserDeactivated
from guanxi.kernel.access.languages import refuse_unknown_language
from guanxi.kernel.access.models import Branch, Role, Team, User
from guanxi.kernel.access.second_factor import forget_wrong_codes
from guanxi.kernel.commands import Work, command

TOLD = frozenset({"team_id", "branch_id"})  # of the others the trail keeps only that they changed
CHANGED = ["changed", "changed"]


@command("settings.manage")
def create_user(
    work: Work,
    username: str,
    password: str | None = None,
    *,
    roles: Sequence[str] = (),
    display_name: str = "",
    employee_no: str | None = None,
    language: str = "",
    team_id: int | None = None,
    branch_id: int | None = None,
    email: str = "",
) -> User:
    """Make a user. Without a password he cannot sign in until he chose one (`reset_password` makes the way).

    Raises
    ------
    UserNameMissing, UserExists, EmployeeNumberTaken, EmailTaken, RoleUnknown, LanguageUnknown, TeamNotFound,
    BranchNotFound, PasswordTooWeak
        The user cannot be made so.
    """
    wait_for_others()
    user = User()
    granted = _granted(roles)
    if language:
        refuse_unknown_language(language)
    _fill(user, username, display_name, employee_no, team_id, branch_id)
    user.email = _free_email(email, user)
    user.language = language
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(checked(password, user))
    user.save()
    user.roles.set(granted)
    work.record(user, {"roles": [[], sorted(roles)]})
    return user


@command("settings.manage")
def edit_user(
    work: Work,
    user_id: int,
    *,
    username: str,
    roles: Sequence[str],
    display_name: str = "",
    employee_no: str | None = None,
    team_id: int | None = None,
    branch_id: int | None = None,
    email: str | None = None,
) -> User:
    """Change who a user is and what he may; without `email` that stays.

    Raises
    ------
    UserNotFound, UserNameMissing, UserExists, EmployeeNumberTaken, EmailTaken, RoleUnknown, TeamNotFound,
    BranchNotFound, NoAdministratorLeft
        It cannot be changed so; nothing is.
    """
    wait_for_others()
    user = lock_user(user_id)
    names = ("username", "display_name", "employee_no", "team_id", "branch_id", "email")
    before = {name: getattr(user, name) for name in names}
    had = sorted(user.roles.values_list("name", flat=True))
    granted = _granted(roles)
    _fill(user, username, display_name, employee_no, team_id, branch_id)
    if email is not None:
        user.email = _free_email(email, user)
    changed: dict[str, Any] = {
        name: [before[name], getattr(user, name)] if name in TOLD else CHANGED
        for name in names
        if before[name] != getattr(user, name)
    }
    if had != sorted(set(roles)):
        changed["roles"] = [had, sorted(set(roles))]
    if not changed:
        work.nothing_changed()
        return user
    user.save(update_fields=[*names])
    user.roles.set(granted)
    refuse_without_administrator()
    work.record(user, changed)
    return user


@command("settings.manage")
def deactivate_user(work: Work, user_id: int) -> User:
    """Switch a user off: he cannot sign in, and is signed out everywhere. What he did keeps his name.

    Raises
    ------
    UserNotFound, NoAdministratorLeft
        He stays.
    """
    user = lock_user(user_id)
    if not user.is_active:
        work.nothing_changed()
        return user
    user.is_active = False
    user.save(update_fields=["is_active"])
    user.sign_ins.all().delete()
    refuse_without_administrator()
    work.record(user, {"is_active": [True, False]})
    work.emit(UserDeactivated(user.pk))
    return user


@command("settings.manage")
def activate_user(work: Work, user_id: int) -> User:
    """Switch a user on again, with the roles and the password he had.

    Raises
    ------
    UserNotFound
        There is none.
    """
    user = lock_user(user_id)
    if user.is_active:
        work.nothing_changed()
        return user
    user.is_active = True
    user.save(update_fields=["is_active"])
    work.record(user, {"is_active": [False, True]})
    return user


@command("settings.manage")
def unlock_user(work: Work, user_id: int) -> None:
    """Let a user try again at once who typed too many wrong passwords or codes.

    Raises
    ------
    UserNotFound
        There is none.
    """
    user = lock_user(user_id)
    forgot = forget_wrong_codes(user.pk)
    if reset(username=user.username) or forgot:
        work.record(user, {"unlocked": True})
    else:
        work.nothing_changed()


def lock_user(user_id: int) -> User:
    """The user's row, locked for the running command.

    Raises
    ------
    UserNotFound
        There is none.
    """
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise UserNotFound
    return user


def _granted(roles: Sequence[str]) -> list[Role]:
    granted = list(Role.objects.filter(name__in=roles))
    for missing in sorted(set(roles) - {role.name for role in granted}):
        raise RoleUnknown(role=missing, roles=", ".join(Role.objects.order_by("name").values_list("name", flat=True)))
    return granted


def _free_email(email: str, user: User) -> str:
    email = email.strip()
    if email and User.objects.exclude(pk=user.pk).filter(email__iexact=email).exists():
        raise EmailTaken(email=email)
    return email


def _fill(
    user: User,
    username: str,
    display_name: str,
    employee_no: str | None,
    team_id: int | None,
    branch_id: int | None,
) -> None:
    """Put into `user` what was typed, or refuse it."""
    username, employee_no = username.strip(), (employee_no or "").strip() or None
    others = User.objects.exclude(pk=user.pk)
    if not username:
        raise UserNameMissing
    if others.filter(username=username).exists():
        raise UserExists(username=username)
    if employee_no is not None and others.filter(employee_no=employee_no).exists():
        raise EmployeeNumberTaken(employee_no=employee_no)
    if team_id is not None and not Team.objects.filter(pk=team_id).exists():
        raise TeamNotFound
    if branch_id is not None and not Branch.objects.filter(pk=branch_id).exists():
        raise BranchNotFound
    user.username, user.display_name, user.employee_no = username, display_name.strip(), employee_no
    user.team_id, user.branch_id = team_id, branch_id
