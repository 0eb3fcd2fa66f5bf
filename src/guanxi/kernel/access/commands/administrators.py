"""Somebody must always be able to manage the settings."""

from __future__ import annotations

from guanxi.kernel.access.errors import NoAdministratorLeft
from guanxi.kernel.access.models import Role, User

MANAGES = "settings.manage"


def refuse_without_administrator() -> None:
    """Raise `NoAdministratorLeft` if, after what the running command did, nobody could manage the settings.

    The roles that may are locked: two administrators cannot switch each other off at one time.
    """
    managing = [role.pk for role in Role.objects.select_for_update().order_by("pk") if MANAGES in role.permissions]
    if not User.objects.filter(is_active=True, roles__in=managing).exists():
        raise NoAdministratorLeft
