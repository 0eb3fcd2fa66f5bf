"""What a company's own fields put among the settings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.ui.registry import SettingsPage, add_settings_page

add_settings_page(
    SettingsPage(
        key="fields", title=_("Fields of your own"), url_name="settings-fields", icon="forms", order=20,
        text=_("What else you want to know of every customer: in forms, lists, filters and exports."),
    )
)  # fmt: skip
