"""What can go wrong with customers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import GuanxiError, NotFound


class CustomerUnknown(NotFound):
    """No customer has, or ever had, this number."""

    code = "customer_unknown"
    sentence = _("There is no customer {customer_id}.")
    cure = _("Search by name, phone or e-mail.")


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


class PurchaseUnknown(NotFound):
    """No purchase has this number, or not one the actor may know of."""

    code = "purchase_unknown"
    sentence = _("There is no purchase {purchase_id}.")
    cure = _("Choose one from the customer's page.")


class PurchaseInvalid(GuanxiError):
    """Something about a purchase cannot be."""

    code = "purchase_invalid"
    sentence = _("This purchase cannot be written down: {reason}")
    cure = _("Correct it and save again.")


class PurchaseCurrencyDiffers(GuanxiError):
    """Amounts of two currencies cannot be added up."""

    code = "purchase_currency_differs"
    sentence = _("This purchase is in {currency}, but the company counts in {company}.")
    cure = _("Write it down in {company}.")


class PurchaseOrderKnown(GuanxiError):
    """The customer has a purchase of this order number already."""

    code = "purchase_order_known"
    sentence = _("Order {order_no} of this customer is written down already.")
    cure = _("If that one is wrong, take it back first.")


class PurchaseKeyUsed(GuanxiError):
    """The key that makes a repeated request harmless was used for something else."""

    code = "purchase_key_used"
    sentence = _("The key “{key}” was used for another purchase already.")
    cure = _("Give every purchase a key of its own.")


class PurchaseAlreadyReversed(GuanxiError):
    """A purchase is taken back once."""

    code = "purchase_already_reversed"
    sentence = _("Purchase {purchase_id} was taken back already.")
    cure = _("If it did take place, write it down anew.")


class CounterEntryStays(GuanxiError):
    """What takes a purchase back is not taken back itself."""

    code = "counter_entry_stays"
    sentence = _("Number {purchase_id} takes a purchase back and cannot be taken back itself.")
    cure = _("If the purchase did take place, write it down anew.")
