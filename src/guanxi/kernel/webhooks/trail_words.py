"""What commands on webhooks are called in the operation log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.audit.words import Fact, describe_commands, describe_facts, describe_rows

_W = "kernel.webhooks.commands"
describe_commands({
    f"{_W}.create_endpoint": _("Created a webhook"),
    f"{_W}.change_endpoint": _("Changed a webhook"),
    f"{_W}.delete_endpoint": _("Deleted a webhook"),
    f"{_W}.reveal_secret": _("Looked at the secret of a webhook"),
    f"{_W}.renew_secret": _("Renewed the secret of a webhook"),
    f"{_W}.ping_endpoint": _("Tried a webhook"),
    f"{_W}.resend_delivery": _("Sent a delivery of a webhook again"),
    f"{_W}.give_up_endpoint": _("Switched off a webhook that does not answer"),
    f"{_W}.expire_deliveries": _("Removed deliveries of webhooks of long ago"),
})  # fmt: skip
describe_rows("webhooks.Endpoint", _("webhook"))
describe_rows("webhooks.Delivery", _("delivery"))
describe_facts("webhooks.Endpoint", {
    "name": Fact(_("Name")), "events": Fact(_("Events")), "is_active": Fact(_("Switched on")),
    "secret_revealed": Fact(_("Secret shown")), "secret_renewed": Fact(_("Secret renewed")),
    "test": Fact(_("Trial")), "error": Fact(_("Error")),
})  # fmt: skip
