"""Sending one request outside: to a public address only, without following anybody anywhere, and not for long."""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from typing import Final

from guanxi.kernel.webhooks.errors import AddressPrivate, AddressWrong, ReceiverNotFound, ReceiverUnreachable
from guanxi.kernel.webhooks.rules import is_public, split_address

SILENCE: Final = 10.0  # seconds without a word from the receiver
WHOLE: Final = 20.0  # seconds for all of it, so that nobody holds a worker by dripping
PORTS: Final = {"https": 443, "http": 80}


class _To(http.client.HTTPConnection):
    """A connection to the address that was judged, whatever the name says by now."""

    def __init__(self, host: str, port: int, address: str, *, encrypted: bool) -> None:
        super().__init__(host, port, timeout=SILENCE)
        self.default_port = PORTS["https" if encrypted else "http"]  # the Host header then leaves it out
        self._address, self._encrypted = address, encrypted

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), SILENCE)
        self.sock = plain
        if self._encrypted:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


def post(url: str, body: bytes, headers: Mapping[str, str], *, private_allowed: bool) -> int:
    """Post the body; returns the status of the answer, whose text is not read.

    Raises
    ------
    AddressWrong, AddressPrivate, ReceiverNotFound, ReceiverUnreachable
        It was not sent, or nobody knows whether it arrived.
    """
    parts = split_address(url, private_allowed=private_allowed)
    if parts is None or parts.hostname is None:
        raise AddressWrong(url=url)
    host, port = parts.hostname, parts.port or PORTS[parts.scheme]
    address = _judged(host, port, private_allowed=private_allowed)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _To(host, port, address, encrypted=parts.scheme == "https")
    end = threading.Timer(WHOLE, _cut, [connection])
    end.daemon = True
    end.start()
    try:
        connection.request("POST", target, body=body, headers=dict(headers))
        return connection.getresponse().status
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise ReceiverUnreachable(host=host, reason=_short(error)) from error
    finally:
        end.cancel()
        connection.close()


def _judged(host: str, port: int, *, private_allowed: bool) -> str:
    """The address of a name; a name that leads into this network at all is refused."""
    try:
        found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise ReceiverNotFound(host=host) from error
    if not private_allowed:
        for text in found:
            if not is_public(ipaddress.ip_address(text.partition("%")[0])):
                raise AddressPrivate(host=host)
    return found[0]


def _cut(connection: http.client.HTTPConnection) -> None:
    with contextlib.suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def _short(error: Exception) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{type(error).__name__}: {text}"[:200]
