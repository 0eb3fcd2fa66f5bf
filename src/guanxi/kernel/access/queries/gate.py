"""Who may read about users and roles."""

from __future__ import annotations

from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied

MANAGES = "settings.manage"


def refuse_unless_manager(actor: Actor) -> None:
    """Raise `PermissionDenied` unless the actor manages the settings."""
    if not actor.may(MANAGES):
        raise PermissionDenied(permission=MANAGES)
