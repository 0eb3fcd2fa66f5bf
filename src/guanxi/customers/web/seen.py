"""The customers somebody looked at lately: their numbers, in a cookie of this browser, for this user only."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse

from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.row_numbers import read_row_number

KEPT: Final = 10
AGE: Final = 60 * 60 * 24 * 90  # seconds


def seen_ids(request: HttpRequest) -> list[int]:
    """The numbers, the latest first. Whoever reads them asks anew what the reader may see."""
    read = map(read_row_number, request.COOKIES.get(_name(request), "").split("."))
    return [number for number in read if number is not None][:KEPT]


def note_seen(request: HttpRequest, response: HttpResponse, customer_id: int) -> None:
    """Put a customer first."""
    ids = [customer_id, *(key for key in seen_ids(request) if key != customer_id)][:KEPT]
    response.set_cookie(
        _name(request), ".".join(map(str, ids)), max_age=AGE, samesite="Lax", httponly=True, secure=request.is_secure()
    )


def _name(request: HttpRequest) -> str:
    return f"guanxi_seen_{reader_of(request).pk}"
