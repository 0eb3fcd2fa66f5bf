"""Where a figure leads: the customers behind it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode


def customers_url(**filters: str | int) -> str:
    """The customer list under these filters, or all of it; its own address names them."""
    return f"{reverse('customers')}?{urlencode(filters or {'where': 'all'})}"
