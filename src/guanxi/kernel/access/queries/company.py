"""The company, and single users by what is known of them."""

from __future__ import annotations

from guanxi.kernel.access.models import Company, User


def find_company() -> Company | None:
    """The company of this home; None as long as the home is empty."""
    return Company.objects.filter(pk=1).first()


def find_user(username: str) -> User | None:
    """The user of this log-in name."""
    return User.objects.filter(username=username).first()


def has_users() -> bool:
    """Whether anybody can sign in."""
    return User.objects.exists()


def language_of(user_id: int | None) -> str:
    """The language the user has chosen; empty for none, and for the system."""
    chosen = User.objects.filter(pk=user_id).values_list("language", flat=True).first() if user_id is not None else None
    return chosen or ""
