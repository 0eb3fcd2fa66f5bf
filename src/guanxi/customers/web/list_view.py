"""What the customer list shows beyond what every list does."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse

from guanxi.customers.lists import CUSTOMERS
from guanxi.kernel.commands import Actor
from guanxi.kernel.lists.web.page import show_list
from guanxi.kernel.ui.registry import find_door

IMPORT_DOOR: Final = "data"


def list_context(request: HttpRequest, reader: Actor) -> dict[str, Any]:
    """The context of `customers/list.html`."""
    door = find_door(IMPORT_DOOR)
    may_import = door is not None and bool(door.url_name) and reader.may("updates.view")
    return {
        "list": show_list(request, reader, CUSTOMERS),
        "may_edit": reader.may("customers.edit"),
        "import_url": reverse(door.url_name) if door and may_import else "",
    }
