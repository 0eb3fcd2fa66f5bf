"""Who there is, and which company this is."""

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
