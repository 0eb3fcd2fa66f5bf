"""What the trail puts among the settings, and its own words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.audit.words import Fact, describe_commands, describe_facts
from guanxi.kernel.ui.registry import SettingsPage, add_settings_page

add_settings_page(
    SettingsPage(
        key="log", title=_("Operation log"), url_name="settings-log", icon="history", order=20,
        text=_("Who did what, when: every change, every look behind a mask, every export."),
    )
)  # fmt: skip
describe_commands({
    "kernel.audit.commands.expire_entries": _("Removed the oldest part of the log"),
    "kernel.audit.commands.note_export": _("Exported the operation log"),
})  # fmt: skip
describe_facts("", {"expired": Fact(_("Removed")), "before": Fact(_("Before")), "exported": Fact(_("Exported"))})
