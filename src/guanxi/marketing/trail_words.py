"""What commands on customer groups and follow-ups are called in the operation log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel.audit.words import Fact, describe_commands, describe_facts, describe_rows, words_of

_M = "marketing.commands"
describe_commands({
    f"{_M}.group.save_group": _("Saved a customer group"),
    f"{_M}.group.fill_group": _("A customer group is complete"),
    f"{_M}.follow_up.follow_up_chosen": _("Followed customers up"),
    f"{_M}.follow_up.start_follow_up": _("Started a follow-up"),
    f"{_M}.follow_up.draw_arms": _("Drew the control group"),
    f"{_M}.follow_up.hand_out_tasks": _("Handed out the tasks of a follow-up"),
    f"{_M}.follow_up.cancel_follow_up": _("Cancelled a follow-up"),
    f"{_M}.measure.measure_follow_up": _("Measured a follow-up"),
})  # fmt: skip
describe_rows("marketing.CustomerGroup", _("customer group"), url_name="group")
describe_rows("marketing.FollowUp", _("follow-up"), url_name="follow_up")
describe_facts("marketing.CustomerGroup", {
    "created": Fact(_("Created")), "ids": Fact(_("Chosen")), "size": Fact(_("Customers in it")),
})  # fmt: skip
describe_facts("marketing.FollowUp", {
    "group": Fact(_("Customer group")), "control_percent": Fact(_("Control group in percent")),
    "treated": Fact(_("To be contacted")), "control": Fact(_("Control group")), "tasks": Fact(_("Tasks")),
    "state": Fact(_("State"), words_of({
        "preparing": pgettext_lazy("follow-up", "preparing"), "running": pgettext_lazy("follow-up", "running"),
        "done": pgettext_lazy("follow-up", "done"), "cancelled": pgettext_lazy("follow-up", "cancelled"),
    })),
    "measured_to": Fact(_("Measured to")),
})  # fmt: skip
