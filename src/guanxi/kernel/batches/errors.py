"""What can go wrong with bulk actions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import GuanxiError, NotFound


class BatchUnknown(NotFound):
    """There is no bulk action of this number, or not for this reader."""

    code = "batch_unknown"
    sentence = _("There is no bulk action {batch} of yours.")
    cure = _("Bulk actions are removed some weeks after they ended.")


class ActionUnknown(GuanxiError):
    """No app here does a bulk action of that name."""

    code = "action_unknown"
    sentence = _("Nobody here knows how to do the bulk action “{kind}”.")
    cure = _("Let the worker run the same version as the web server.")
    is_passing = True


class NothingChosen(GuanxiError):
    """A bulk action needs rows."""

    code = "nothing_chosen"
    sentence = _("Nothing is chosen.")
    cure = _("Choose rows of the list first.")


class BatchOver(GuanxiError):
    """The bulk action has ended, so it cannot be cancelled or gone on with."""

    code = "batch_over"
    sentence = _("This bulk action has ended already.")
    cure = _("Look at its report; it can be undone from there.")


class BatchStillOpen(GuanxiError):
    """Somebody is still at work on it."""

    code = "batch_still_open"
    sentence = _("This bulk action is still under way.")
    cure = _("Cancel it first, or wait for its end.")


class NothingToUndo(GuanxiError):
    """The bulk action changed nothing, or all of it was taken back already."""

    code = "nothing_to_undo"
    sentence = _("There is nothing left to undo.")
    cure = _("Look at the report: it names the rows that were changed and taken back.")


class FileGone(NotFound):
    """The exported file was removed, or never finished."""

    code = "file_gone"
    sentence = _("This file is not here any more.")
    cure = _("Export the list again.")
