"""Where a figure leads: the customers behind it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode


def customers_url(**filters: str | int) -> str:
    """The customer list under these filters; its own address names them."""
    query = urlencode(filters)
    return reverse("customers") + (f"?{query}" if query else "")
