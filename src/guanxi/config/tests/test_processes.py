"""Several server processes serve one company: what is counted is counted over all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from guanxi.config.tests.served import PASSWORD, Server
from guanxi.kernel.tests.lab import Lab

pytestmark = [pytest.mark.database, pytest.mark.slow]


@pytest.fixture
def servers(lab: Lab) -> Iterator[list[Server]]:
    lab.environment |= {"GUANXI_API_RATE": "10/d", "GUANXI_LOCKOUT_AFTER": "4"}
    started = [Server(lab, "--no-worker") for _ in range(2)]
    try:
        for server in started:
            server.wait()
        yield started
    finally:
        for server in started:
            server.kill()


def test_what_one_process_counted_the_other_knows(lab: Lab, servers: list[Server]) -> None:
    token = lab.run("guanxi.config.tests.served:set_up")
    east, west = servers
    called = [server.call(token, "GET", "me").status for server in (east, west, west, east, east) * 2]
    assert called == [200] * 10
    for server in servers:
        refused = server.call(token, "GET", "me")
        assert (refused.status, refused.told["code"]) == (429, "too_many_requests")

    wrong = [server.log_in("liu", "wrong") for server in (east, west, east)]
    assert wrong == [200] * 3
    assert west.log_in("liu", "wrong") == 429
    assert [server.log_in("liu", PASSWORD) for server in servers] == [429, 429], "right, and too late"
