"""What bulk actions are called in the operation log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel.audit.words import Fact, describe_commands, describe_facts, describe_rows, words_of
from guanxi.kernel.batches.registry import titles_of

_B = "kernel.batches.commands"
describe_commands({
    f"{_B}.start_batch": _("Began a bulk action"),
    f"{_B}.undo_batch": _("Took back a bulk action"),
    f"{_B}.cancel_batch": _("Cancelled a bulk action"),
    f"{_B}.resume_batch": _("Went on with a bulk action"),
    f"{_B}.do_next_chunk": _("A part of a bulk action"),
    f"{_B}.settle_batch": _("A bulk action ended"),
    f"{_B}.settle_export": _("Exported to a file"),
    f"{_B}.expire_exports": _("Removed exported files of long ago"),
    f"{_B}.expire_batches": _("Forgot bulk actions of long ago"),
})  # fmt: skip
STATES = {"open": _("Under way"), "done": _("done"), "cancelled": _("cancelled"), "failed": _("failed")}
describe_rows("batches.Batch", _("bulk action"), url_name="batch")
describe_facts("batches.Batch", {
    "kind": Fact(pgettext_lazy("bulk action", "What"), titles_of),
    "rows": Fact(_("Records")), "undoes": Fact(_("Takes back")),
    "part": Fact(_("Part")), "changed": Fact(pgettext_lazy("count", "Changed")),
    "refused": Fact(pgettext_lazy("count", "Left alone")), "exported": Fact(_("Exported")),
    "cancelled": Fact(_("Cancelled")), "resumed": Fact(_("Gone on with")),
    "state": Fact(_("State"), words_of(STATES)), "format": Fact(_("Format")),
})  # fmt: skip
