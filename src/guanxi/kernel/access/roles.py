"""What the built-in roles may do."""

from __future__ import annotations

from typing import Final

PERMISSIONS: Final = frozenset(
    {
        "customers.view",
        "customers.edit",
        "insight.view",
        "updates.view",
        "updates.run",
        "settings.manage",
        "warehouse.sql",
    }
)

ROLES: Final[dict[str, frozenset[str]]] = {
    "administrator": PERMISSIONS,
    "manager": frozenset({"customers.view", "customers.edit", "insight.view", "updates.view"}),
    "seller": frozenset({"customers.view", "customers.edit"}),
    "service": frozenset({"customers.view", "customers.edit"}),
    "marketer": frozenset({"customers.view", "insight.view"}),
    "operator": frozenset({"updates.view", "updates.run"}),
    "analyst": frozenset({"insight.view", "customers.view", "warehouse.sql"}),
}
