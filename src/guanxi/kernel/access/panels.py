"""What access puts among the settings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.ui.registry import SettingsPage, add_settings_page

add_settings_page(
    SettingsPage(
        key="people", title=_("Users"), url_name="settings-people", icon="users", order=10,
        text=_("Who works here, with which roles, in which team; passwords, leavers."),
    )
)  # fmt: skip
add_settings_page(
    SettingsPage(
        key="roles", title=_("Roles"), url_name="settings-roles", icon="shield-lock", order=11,
        text=_("What each role may, and whose customers it sees."),
    )
)  # fmt: skip
add_settings_page(
    SettingsPage(
        key="places", title=_("Teams and branches"), url_name="settings-places", icon="sitemap", order=12,
        text=_("Who works together, and which branch belongs to which."),
    )
)  # fmt: skip
