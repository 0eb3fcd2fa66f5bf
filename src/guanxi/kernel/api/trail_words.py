"""What commands on the interface for programs are called in the operation log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.audit.words import Fact, describe_commands, describe_facts, describe_rows

describe_commands({
    "kernel.api.commands.create_token": _("Gave a token to a program"),
    "kernel.api.commands.revoke_token": _("Took a token from a program"),
    "kernel.api.commands.expire_calls": _("Removed remembered calls of long ago"),
})  # fmt: skip
describe_rows("guanxi_api.ApiToken", _("token"))
describe_facts("guanxi_api.ApiToken", {"created": Fact(_("Created")), "revoked": Fact(_("Revoked"))})
