"""Users, roles and places are changed one at a time, and somebody must always be able to manage the settings."""

from __future__ import annotations

from guanxi.kernel.access.errors import NoAdministratorLeft
from guanxi.kernel.access.models import Role, User
from guanxi.kernel.turns import wait_for_turn

MANAGES = "settings.manage"


def wait_for_others() -> None:
    """Let nobody else change users, roles, teams, branches or the company until the running command ends.

    Their names are each given once, and they refer to each other. Called first, before any row is locked.
    """
    wait_for_turn("users and places")


def refuse_without_administrator() -> None:
    """Raise `NoAdministratorLeft` if, after what the running command did, nobody could manage the settings.

    The roles that may are locked: two administrators cannot switch each other off at one time.
    """
    managing = [role.pk for role in Role.objects.select_for_update().order_by("pk") if MANAGES in role.permissions]
    if not User.objects.filter(is_active=True, roles__in=managing).exists():
        raise NoAdministratorLeft
