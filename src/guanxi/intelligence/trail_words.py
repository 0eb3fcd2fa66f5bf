"""What commands on data updates and the warehouse are called in the operation log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel.audit.words import Fact, describe_commands, describe_facts

_I = "intelligence"
describe_commands({
    f"{_I}.commands.start_refresh.start_refresh": _("Started a data update"),
    f"{_I}.commands.start_refresh.resume_refresh": _("Resumed a data update"),
    f"{_I}.commands.nightly.set_nightly_refresh": _("Chose when the nightly data update starts"),
    f"{_I}.register.register_sources": _("Changed the sources"),
    f"{_I}.marts.reading.query_marts": _("Queried the warehouse"),
    f"{_I}.snapshots.make_snapshot_current": _("Data update: new figures show"),
    f"{_I}.snapshots.keep_figures": _("Data update: figures kept"),
    f"{_I}.snapshots.move_figures": _("Data update: figures kept"),
    f"{_I}.snapshots.retire_snapshots": _("Data update: old figures removed"),
    f"{_I}.small.touches.touch_customers": _("Noted customers whose values are to be made anew"),
    f"{_I}.small.touches.forget_touches": _("Made the values of touched customers anew"),
    f"{_I}.small.rescore._keep": _("Made the values of touched customers anew"),
    f"{_I}.retention.expire_runs": _("Removed data updates of long ago"),
    f"{_I}.retention.expire_rejects": _("Removed rejected rows of long ago"),
})  # fmt: skip
describe_facts("", {
    "sql": Fact(_("Query")), "rows": Fact(_("Rows")), "snapshot": Fact(_("Business date")),
    "figures": Fact(_("Figures")), "snapshots_given_up": Fact(_("Given up")),
    "deliveries": Fact(_("Deliveries")), "files": Fact(pgettext_lazy("count", "Files")),
})  # fmt: skip
