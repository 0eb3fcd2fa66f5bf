"""Which addresses may be told, how what is sent is signed, how long it is tried."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import SplitResult, urlsplit

from guanxi.kernel.jobs.rules import decide_retry

MAX_ATTEMPTS: Final = 20  # over some thirteen hours
GIVE_UP_AFTER: Final = timedelta(days=3)  # without anything taken the endpoint is switched off

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_PROTOCOLS: Final = ipaddress.IPv4Network("192.0.0.0/24")
_LOCAL_NAMES: Final = ("localhost", "local", "internal", "home.arpa")


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """The signature header: `t=SECONDS,v1=HEX`, HMAC-SHA256 over `SECONDS.BODY`; the time keeps old ones from use."""
    told = f"{timestamp}.".encode() + body
    return f"t={timestamp},v1={hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()}"


def split_address(url: str, *, private_allowed: bool) -> SplitResult | None:
    """The parts of an address to send to, or None if it is none.

    Only https, and http where receivers in this network are allowed; no user name and password, no fragment.
    """
    if len(url) > 500 or any(ord(sign) <= 32 or ord(sign) == 127 for sign in url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    schemes = {"https", "http"} if private_allowed else {"https"}
    if parts.scheme not in schemes or not parts.hostname or port == 0:
        return None
    if parts.username is not None or parts.password is not None or parts.fragment:
        return None
    return parts


def is_local_name(host: str) -> bool:
    """Whether the name says by itself that it is of this network: `localhost`, `printer.local`, a bare word."""
    name = host.rstrip(".").lower()
    try:
        return not is_public(ipaddress.ip_address(name))
    except ValueError:
        return "." not in name or name.endswith(tuple(f".{local}" for local in _LOCAL_NAMES))


def is_public(address: Address) -> bool:
    """Whether the address is one of the internet, also by what other addresses it carries within."""
    if isinstance(address, ipaddress.IPv6Address):
        carried = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            carried.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if any(not is_public(inner) for inner in carried if inner is not None):
            return False
    elif address in _PROTOCOLS:
        return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_loopback or address.is_link_local
    )


def decide_next_try(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts: 10 s, 20 s, 40 s ... one hour; None to give the delivery up."""
    return decide_retry(attempts=attempts, max_attempts=MAX_ATTEMPTS, passing=True)


def is_to_be_given_up(failing_since: datetime | None, now: datetime) -> bool:
    """Whether the endpoint has taken nothing for so long that it is switched off."""
    return failing_since is not None and now - failing_since >= GIVE_UP_AFTER
