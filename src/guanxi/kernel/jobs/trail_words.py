"""What background work is called in the operation log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.audit.words import Fact, describe_commands, describe_facts, describe_rows

describe_commands({
    "kernel.jobs.commands.cancel_job": _("Cancelled background work"),
    "kernel.jobs.retention.expire_jobs": _("Removed background work of long ago"),
    "kernel.jobs.retention.expire_events": _("Removed events of long ago"),
    "kernel.jobs.retention.expire_slots": _("Removed days of the schedule"),
    "kernel.jobs.retention.expire_sessions": _("Removed sessions that ended"),
})  # fmt: skip
describe_rows("jobs.Job", _("background work"))
describe_facts("jobs.Job", {
    "cancelled": Fact(_("Cancelled")), "job": Fact(_("Work")), "asked": Fact(_("Asked for")),
})  # fmt: skip
