"""Roles, permissions and reaches in words, the same on every screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel.access.models import Visibility

Text = str | Promise


@dataclass(frozen=True)
class PermissionWord:
    """What a permission allows, and under which heading it stands."""

    group: Text
    label: Text


_CUSTOMERS: Final = pgettext_lazy("menu", "Customers")
_GROUPS: Final = _("Customer groups")
_INSIGHT: Final = _("Insight")
_UPDATES: Final = _("Data updates")
_SETTINGS: Final = _("Settings")
_LISTS: Final = _("Lists")

ROLE_TITLES: Final[dict[str, Text]] = {
    "administrator": pgettext_lazy("role", "Administrator"),
    "manager": pgettext_lazy("role", "Manager"),
    "branch_manager": pgettext_lazy("role", "Branch manager"),
    "team_leader": pgettext_lazy("role", "Team leader"),
    "seller": pgettext_lazy("role", "Seller"),
    "service": pgettext_lazy("role", "Service agent"),
    "marketer": pgettext_lazy("role", "Marketer"),
    "operator": pgettext_lazy("role", "Operator"),
    "analyst": pgettext_lazy("role", "Analyst"),
}

PERMISSION_WORDS: Final[dict[str, PermissionWord]] = {
    "customers.view": PermissionWord(_CUSTOMERS, _("See customers")),
    "customers.edit": PermissionWord(_CUSTOMERS, _("Create and change customers")),
    "customers.assign": PermissionWord(_CUSTOMERS, _("Hand customers to another owner")),
    "customers.delete": PermissionWord(_CUSTOMERS, _("Delete customers and bring them back")),
    "customers.purge": PermissionWord(_CUSTOMERS, _("Delete customers in the bin for ever")),
    "customers.export": PermissionWord(_CUSTOMERS, _("Export customers to a file")),
    "customers.unmask": PermissionWord(_CUSTOMERS, _("Read masked phones, e-mails and certificate numbers")),
    "views.save": PermissionWord(_LISTS, _("Save own views of lists")),
    "views.share": PermissionWord(_LISTS, _("Share views of lists with others")),
    "groups.view": PermissionWord(_GROUPS, _("See customer groups")),
    "groups.manage": PermissionWord(_GROUPS, _("Save customer groups and start follow-ups")),
    "insight.view": PermissionWord(_INSIGHT, _("See the figures of the company")),
    "updates.view": PermissionWord(_UPDATES, _("See data updates")),
    "updates.run": PermissionWord(_UPDATES, _("Start and stop data updates")),
    "settings.manage": PermissionWord(_SETTINGS, _("Manage users, roles and settings")),
    "api.use": PermissionWord(_SETTINGS, _("Give tokens to programs that act as oneself")),
    "warehouse.sql": PermissionWord(_SETTINGS, _("Query the warehouse")),
}

REACHES: Final[dict[str, Text]] = {
    Visibility.OWN.value: _("their own customers"),
    Visibility.TEAM.value: _("the customers of their team"),
    Visibility.BRANCH.value: _("the customers of their branch and those below it"),
    Visibility.ALL.value: _("all customers"),
}


def role_title(name: str) -> str:
    """A role by its name: built-in ones in the reader's language, own ones as they were typed."""
    return str(ROLE_TITLES.get(name, name))
