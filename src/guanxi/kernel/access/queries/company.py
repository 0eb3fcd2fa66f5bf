"""The company, and users by what is known of them."""

from __future__ import annotations

from guanxi.kernel.access.models import Company, Role, User


def find_company() -> Company | None:
    """The company of this home; None as long as the home is empty."""
    return Company.objects.filter(pk=1).first()


def find_user(username: str) -> User | None:
    """The user of this log-in name."""
    return User.objects.filter(username=username).first()


def has_users() -> bool:
    """Whether anybody can sign in."""
    return User.objects.exists()


def list_who_may(permission: str) -> list[int]:
    """The numbers of all active users who hold a permission, in their order."""
    granted = Role.objects.filter(users__is_active=True).values_list("users", "permissions")
    return sorted({user_id for user_id, permissions in granted if permission in permissions})


def language_of(user_id: int | None) -> str:
    """The language the user has chosen; empty for none, and for the system."""
    chosen = User.objects.filter(pk=user_id).values_list("language", flat=True).first() if user_id is not None else None
    return chosen or ""
