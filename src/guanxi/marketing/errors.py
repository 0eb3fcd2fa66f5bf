"""What can go wrong with groups and follow-ups."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import GuanxiError, NotFound


class GroupUnknown(NotFound):
    """There is no such group, or it is somebody else's."""

    code = "group_unknown"
    sentence = _("There is no customer group {group_id}.")
    cure = _("Choose one from the list of groups.")


class FollowUpUnknown(NotFound):
    """There is no such follow-up, or it is somebody else's."""

    code = "follow_up_unknown"
    sentence = _("There is no follow-up {follow_up_id}.")
    cure = _("Choose one from the list of follow-ups.")


class GroupEmpty(GuanxiError):
    """A group of nobody serves nobody."""

    code = "group_empty"
    sentence = _("Nobody was chosen.")
    cure = _("Choose customers on a list first.")


class GroupNameMissing(GuanxiError):
    """A group nobody can call is not found again."""

    code = "group_name_missing"
    sentence = _("The group needs a name.")
    cure = _("Give it a name that says who is in it.")


class ReasonMissing(GuanxiError):
    """Who is to call a customer must know why."""

    code = "reason_missing"
    sentence = _("The follow-up needs a reason in words.")
    cure = _("Say why these customers are to be contacted: every task carries it.")


class ControlReasonMissing(GuanxiError):
    """Without a control group nobody can say what the follow-up brought."""

    code = "control_reason_missing"
    sentence = _("Without a control group nobody will know what the follow-up brought.")
    cure = _("Leave some customers alone, or say why that cannot be.")


class ControlTooLarge(GuanxiError):
    """More left alone than followed up."""

    code = "control_too_large"
    sentence = _("A control group of {percent} % is too large.")
    cure = _("Choose 0 to {most} %.")


class DueTooEarly(GuanxiError):
    """Nobody can be done before it began."""

    code = "due_too_early"
    sentence = _("The due date lies before the start.")
    cure = _("Choose a due date from {start} on.")


class DaysOutOfRange(GuanxiError):
    """A window of no days, or of years, measures nothing."""

    code = "days_out_of_range"
    sentence = _("Purchases cannot be counted over {days} days.")
    cure = _("Choose {fewest} to {most} days.")


class FollowUpOver(GuanxiError):
    """What was cancelled cannot be cancelled again."""

    code = "follow_up_over"
    sentence = _("This follow-up was cancelled already.")
    cure = _("Start a new one from its group.")
