"""What webhooks put into the settings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.ui.registry import SettingsPage, add_settings_page

add_settings_page(
    SettingsPage(
        key="webhooks", title=_("Webhooks"), url_name="webhooks", icon="share", order=60,
        text=_("Other systems are told what happens here: signed, at least once, without personal data."),
    )
)  # fmt: skip
