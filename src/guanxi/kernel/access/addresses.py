"""From which address somebody comes."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The address of the browser: what our own proxy says (`GUANXI_HTTPS=1`), else who is connected.

    Of `X-Forwarded-For` only the last address is believed: the proxy in front of us wrote it, the others anybody may.
    """
    told = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    if settings.BEHIND_PROXY and _is_address(told):
        return told
    return str(request.META.get("REMOTE_ADDR", ""))


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
