"""What the built-in roles may do, and whose records they reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from guanxi.kernel.access.models import Visibility

PERMISSIONS: Final = frozenset(
    {
        "api.use",  # give tokens to programs that act as this user
        "customers.view",
        "customers.edit",
        "customers.assign",  # hand customers to another owner
        "customers.delete",
        "customers.purge",  # delete for ever what lies in the bin
        "customers.export",
        "customers.unmask",  # read a masked phone, mail or certificate number; every look is kept
        "groups.view",
        "groups.manage",  # save customer groups, start follow-ups
        "insight.view",
        "updates.view",
        "updates.run",
        "settings.manage",
        "views.save",  # keep lists as one has set them up
        "views.share",  # show such views to everybody, and look after the shared ones
        "warehouse.sql",
    }
)


@dataclass(frozen=True)
class BuiltIn:
    """A role that every home has."""

    permissions: frozenset[str]
    visibility: Visibility


_READER: Final = frozenset({"api.use", "customers.view", "views.save"})
_AGENT: Final = _READER | {"customers.edit", "customers.unmask"}
_SELLER: Final = _AGENT | {"groups.view"}
_MANAGER: Final = _SELLER | {
    "customers.assign", "customers.delete", "customers.export", "groups.manage", "insight.view", "updates.view",
    "views.share",
}  # fmt: skip
_ANALYST: Final = _READER | {"customers.export", "groups.view", "insight.view"}

ROLES: Final[dict[str, BuiltIn]] = {
    "administrator": BuiltIn(PERMISSIONS, Visibility.ALL),
    "manager": BuiltIn(_MANAGER, Visibility.ALL),
    "branch_manager": BuiltIn(_MANAGER - {"insight.view", "updates.view"}, Visibility.BRANCH),
    "team_leader": BuiltIn(_SELLER | {"customers.assign", "groups.manage", "views.share"}, Visibility.TEAM),
    "seller": BuiltIn(_SELLER, Visibility.OWN),
    "service": BuiltIn(_AGENT, Visibility.ALL),
    "marketer": BuiltIn(_ANALYST | {"groups.manage", "views.share"}, Visibility.ALL),
    "operator": BuiltIn(frozenset({"api.use", "updates.view", "updates.run"}), Visibility.OWN),
    "analyst": BuiltIn(_ANALYST | {"warehouse.sql"}, Visibility.ALL),
}
