"""What can go wrong with a list."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import GuanxiError, NotFound


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


class ViewUnknown(NotFound):
    """No such view, or one the reader may not know of."""

    code = "view_unknown"
    sentence = _("There is no such view.")
    cure = _("It may have been deleted, or is no longer shared. Choose another one.")


class ViewNameMissing(GuanxiError):
    """A view without a name cannot be found again."""

    code = "view_name_missing"
    sentence = _("A view needs a name of 1 to 80 characters.")
    cure = _("Give it a name.")


class ViewNameTaken(GuanxiError):
    """Two views of one list and owner would be told apart by nobody."""

    code = "view_name_taken"
    sentence = _("You have a view “{name}” already.")
    cure = _("Choose another name, or save over that view.")


class ViewNotYours(GuanxiError):
    """Only its owner, or who looks after shared views, may change a view."""

    code = "view_not_yours"
    sentence = _("“{name}” belongs to {owner}.")
    cure = _("Save it under a name of your own.")


class RoleNotHere(GuanxiError):
    """A default can be chosen for a role that exists."""

    code = "role_not_here"
    sentence = _("There is no role “{role}”.")
    cure = _("Choose one of the roles in the settings.")


class ViewNotShared(GuanxiError):
    """A role can open only in a view that everybody can see."""

    code = "view_not_shared"
    sentence = _("“{name}” is private.")
    cure = _("Share it first, then make it the default of a role.")
