"""Passwords: chosen by their owner only. An administrator hands out a way to choose one, never reads one."""

from __future__ import annotations

import secrets
from typing import Literal

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from guanxi.kernel.access.errors import PasswordTooWeak, PasswordWrong, UserNotFound
from guanxi.kernel.access.links import find_by_link, link_for
from guanxi.kernel.access.models import FormerPassword, User
from guanxi.kernel.access.passwords import REMEMBERED
from guanxi.kernel.commands import Work, command
from guanxi.kernel.errors import PermissionDenied

CLEAR = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read wrong over the phone: no l and 1, no o and 0


@command(None)
def change_password(work: Work, *, present: str, new: str, session_key: str | None = None) -> User:
    """Change one's own password. Ends one's sessions on all devices but `session_key`.

    Raises
    ------
    PasswordWrong, PasswordTooWeak
        It stays.
    """
    if work.actor.pk is None:
        raise PermissionDenied(permission="")
    user = User.objects.select_for_update().get(pk=work.actor.pk)
    if not user.check_password(present):
        raise PasswordWrong
    _take(user, new, session_key)
    work.record(user, {"password_changed": True})
    return user


@command("settings.manage")
def choose_password_by_link(work: Work, *, link: str, new: str) -> User:
    """Set the password of the user whose one-time link this is. Run by the system: who holds the link is the user.

    Raises
    ------
    LinkOver, PasswordTooWeak
        The link was used, is too old or never was one; or the password is too weak.
    """
    user = User.objects.select_for_update().get(pk=find_by_link(link).pk)
    _take(user, new, None)
    work.record(user, {"password_changed": True})
    return user


@command("settings.manage")
def reset_password(work: Work, user_id: int, *, way: Literal["link", "temporary"]) -> str:
    """End a user's password and sessions; returns a one-time link or a temporary password, to be told once.

    A temporary password has to be changed after the first log-in.

    Raises
    ------
    UserNotFound
        There is none.
    """
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise UserNotFound
    secret = "-".join("".join(secrets.choice(CLEAR) for _ in range(4)) for _ in range(3))
    _remember(user)
    if way == "link":
        user.set_unusable_password()
    else:
        user.set_password(secret)
    user.must_change_password = way == "temporary"
    user.save(update_fields=["password", "must_change_password"])
    user.sign_ins.all().delete()
    work.record(user, {"password_reset": way})
    return link_for(user) if way == "link" else secret


def checked(password: str, user: User) -> str:
    """The password, if it meets the rules.

    Raises
    ------
    PasswordTooWeak
        It does not.
    """
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PasswordTooWeak(reasons=" ".join(error.messages)) from None
    return password


def _take(user: User, new: str, session_key: str | None) -> None:
    checked(new, user)
    _remember(user)
    user.set_password(new)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    user.sign_ins.exclude(session_key=session_key).delete()


def _remember(user: User) -> None:
    """Keep the present password among the former ones, and no more of them than are asked about."""
    if user.has_usable_password():
        FormerPassword.objects.create(user=user, password=user.password)
    kept = user.former_passwords.order_by("-pk").values_list("pk", flat=True)[: REMEMBERED - 1]
    user.former_passwords.exclude(pk__in=list(kept)).delete()
