"""What can go wrong with a list."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import GuanxiError


class FilterUnknown(GuanxiError):
    """The address asks for something the list cannot filter by."""

    code = "filter_unknown"
    sentence = _("The list cannot be filtered by {name} = “{value}”.")
    cure = _("Take it out of the address, or start from the whole list.")


class FilterUnreadable(GuanxiError):
    """The filter in the address is not written as filters are."""

    code = "filter_unreadable"
    sentence = _("The filter in the address cannot be read near “{text}”.")
    cure = _("Start from the whole list and choose the filter there.")


class NothingChosen(GuanxiError):
    """An action on rows was asked for without saying which."""

    code = "nothing_chosen"
    sentence = _("Nothing is chosen.")
    cure = _("Tick rows of the list, or choose all that match, then try again.")
