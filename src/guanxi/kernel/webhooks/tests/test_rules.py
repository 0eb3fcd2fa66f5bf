from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta

import pytest

from guanxi.kernel.webhooks.rules import (
    MAX_ATTEMPTS,
    decide_next_try,
    is_local_name,
    is_public,
    is_to_be_given_up,
    sign,
    split_address,
)

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_a_signature_is_hmac_sha256_over_time_and_body() -> None:
    assert sign("gxs_secret", 1_763_800_000, b'{"id": "7"}') == (
        "t=1763800000,v1=2947c3964a290c0529233398b532a43d56232294c6b3ab4325fd733fd192b46c"
    )


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "192.0.0.8", "198.18.0.1", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255",
        "::1", "::", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:c0a8:101::1", "2001:db8::1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
    ],
)  # fmt: skip
def test_addresses_of_this_network_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "114.114.114.114", "2606:4700::1111", "2400:3200::1"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        ("localhost", True), ("LOCALHOST.", True), ("a.localhost", True), ("printer.local", True), ("intranet", True),
        ("metadata.google.internal", True), ("127.0.0.1", True), ("::1", True), ("hooks.example.com", False),
        ("8.8.8.8", False), ("locals.example", False),
    ],
)  # fmt: skip
def test_names_that_say_themselves_that_they_are_of_this_network(host: str, is_local: bool) -> None:
    assert is_local_name(host) == is_local


@pytest.mark.parametrize(
    "url",
    [
        "", "hooks.example.com", "http://hooks.example.com/", "ftp://hooks.example.com/", "https://", "https:///x",
        "https://user:word@hooks.example.com/", "https://hooks.example.com/#part", "https://hooks.example.com:0/",
        "https://hooks.example.com:99999/", "https://hooks.example.com/a b", "https://hooks.example.com/\r\nX: y",
        "javascript:alert(1)", "https://hooks.example.com/" + "x" * 500, "https://[::1",
    ],
)  # fmt: skip
def test_what_is_no_address_to_send_to(url: str) -> None:
    assert split_address(url, private_allowed=False) is None


def test_what_is_an_address_to_send_to() -> None:
    parts = split_address("https://hooks.example.com:8443/in?token=1", private_allowed=False)
    assert parts is not None
    assert (parts.hostname, parts.port, parts.path, parts.query) == ("hooks.example.com", 8443, "/in", "token=1")
    assert split_address("http://127.0.0.1:9/", private_allowed=True) is not None


def test_it_is_tried_later_and_later_and_given_up_after_half_a_day() -> None:
    waits = [decide_next_try(attempts) for attempts in range(1, MAX_ATTEMPTS + 1)]
    assert waits[:3] == [timedelta(seconds=10), timedelta(seconds=20), timedelta(seconds=40)]
    assert waits[-1] is None
    whole = sum((wait for wait in waits if wait is not None), timedelta())
    assert timedelta(hours=10) < whole < timedelta(hours=14)


def test_an_endpoint_is_given_up_after_three_days_without_a_yes() -> None:
    assert not is_to_be_given_up(None, NOW)
    assert not is_to_be_given_up(NOW - timedelta(days=3, seconds=-1), NOW)
    assert is_to_be_given_up(NOW - timedelta(days=3), NOW)
