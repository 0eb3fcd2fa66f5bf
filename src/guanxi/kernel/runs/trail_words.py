"""What batch runs are called in the operation log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel.audit.words import Fact, describe_commands, describe_facts, describe_rows, words_of

describe_commands({
    "kernel.runs.commands.request_stop": _("Stopped a data update"),
    "kernel.runs.commands.abandon_run": _("Gave up a data update"),
    "kernel.runs.lease._take": _("Began or resumed a data update"),
    "kernel.runs.lease._end": _("A data update ended"),
    "kernel.runs.lease.give_up": _("Gave up a data update"),
})  # fmt: skip
describe_rows("runs.Run", _("data update"), url_name="update")
describe_facts("runs.Run", {
    "state": Fact(_("State"), words_of({
        "running": pgettext_lazy("data update", "running"), "stopped": pgettext_lazy("data update", "stopped"),
        "done": pgettext_lazy("data update", "done"), "abandoned": pgettext_lazy("data update", "given up"),
    })),
    "stop_requested": Fact(_("Stop asked for")), "error": Fact(_("Error")),
})  # fmt: skip
