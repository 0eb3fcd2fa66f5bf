"""One-time links by which somebody chooses a password. Nothing is stored: a link dies with the password it is for."""

from __future__ import annotations

from django.contrib.auth.tokens import default_token_generator
from django.utils.http import base36_to_int, int_to_base36

from guanxi.kernel.access.errors import LinkOver
from guanxi.kernel.access.models import User


def link_for(user: User) -> str:
    """The last part of a link for `user`; good for `PASSWORD_RESET_TIMEOUT` seconds and one password."""
    return f"{int_to_base36(user.pk)}-{default_token_generator.make_token(user)}"


def find_by_link(link: str) -> User:
    """The user who may choose a password by this link.

    Raises
    ------
    LinkOver
        It was used, is too old, or never was one: all are told alike.
    """
    number, _, token = link.partition("-")
    try:
        user = User.objects.filter(pk=base36_to_int(number), is_active=True).first()
    except (ValueError, OverflowError):
        user = None
    if user is None or not default_token_generator.check_token(user, token):
        raise LinkOver
    return user
