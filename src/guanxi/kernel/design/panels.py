"""What the component page puts into the settings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.ui.registry import SettingsPage, add_settings_page

add_settings_page(
    SettingsPage(
        key="design", title=_("Components"), url_name="design", icon="layout-dashboard", order=95,
        text=_("What every page is made of, shown live: for those who build a page."),
    )
)  # fmt: skip
