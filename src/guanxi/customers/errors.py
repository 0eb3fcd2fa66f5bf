"""What can go wrong with customers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import GuanxiError, NotFound


class CustomerUnknown(NotFound):
    """No customer has, or ever had, this number."""

    code = "customer_unknown"
    sentence = _("There is no customer {customer_id}.")
    cure = _("Search by name, phone or e-mail.")


class FilterUnknown(GuanxiError):
    """The address asks for something the list cannot filter by."""

    code = "filter_unknown"
    sentence = _("The list cannot be filtered by {name} = “{value}”.")
    cure = _("Take it out of the address, or start from the whole list.")


class OwnerUnknown(GuanxiError):
    """Customers can be handed to active users only."""

    code = "owner_unknown"
    sentence = _("There is no active user {owner_id} to hand the customer to.")
    cure = _("Choose somebody who works here.")


class FieldUnknown(GuanxiError):
    """A customer has no such field, or nobody may edit it."""

    code = "field_unknown"
    sentence = _("“{field}” is not a field of customers that can be edited.")
    cure = _("Choose one of: {fields}.")


class FieldInvalid(GuanxiError):
    """A value does not fit its field."""

    code = "field_invalid"
    sentence = _("“{value}” does not fit the field “{field}”: {reason}")
    cure = _("Correct the value and save again.")


class EditConflict(GuanxiError):
    """Somebody else changed the same field in the meantime; nothing was overwritten."""

    code = "edit_conflict"
    sentence = _("Somebody changed “{field}” while you were editing: it is “{current}” now.")
    cure = _("Compare the two, then save yours over it or keep theirs.")


class NameMissing(GuanxiError):
    """A customer nobody can call by a name or reach is nobody."""

    code = "name_missing"
    sentence = _("A customer needs a name.")
    cure = _("Give the customer a name; a phone or e-mail helps to recognise them.")
