"""What commands on notifications are called in the operation log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.audit.words import Fact, describe_commands, describe_facts

describe_commands({
    "kernel.notifications.commands.choose_news": _("Chose what to be notified of"),
    "kernel.notifications.commands.expire_news": _("Removed notifications of long ago"),
})  # fmt: skip
describe_facts("", {"muted": Fact(_("Switched off"))})
