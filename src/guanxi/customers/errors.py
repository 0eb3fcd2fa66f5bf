"""What can go wrong when reading customers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import GuanxiError


class CustomerUnknown(GuanxiError):
    """No customer has, or ever had, this number."""

    code = "customer_unknown"
    sentence = _("There is no customer {customer_id}.")
    cure = _("Search by name, phone or e-mail.")


class FilterUnknown(GuanxiError):
    """The address asks for something the list cannot filter by."""

    code = "filter_unknown"
    sentence = _("The list cannot be filtered by {name} = “{value}”.")
    cure = _("Take it out of the address, or start from the whole list.")
