"""A web server is killed in the midst of requests: what was asked for is there whole or not at all, and never twice."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import pytest

from guanxi.config.tests.served import Answer, Server
from guanxi.customers.models import Customer
from guanxi.kernel.api.models import IdempotentCall
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.events.models import EventRecord
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.tests.lab import PATIENCE, Lab
from guanxi.marketing.models import CustomerGroup

pytestmark = [pytest.mark.database, pytest.mark.slow]
HERE: Final = "guanxi.config.tests.test_killed_server"
KILLS: Final = 3
CALLERS: Final = 4
ENOUGH: Final = 6  # answered calls of one of them, and the server is killed
HEARD: Final = "intelligence.jobs.on_customer"
FILL: Final = "marketing.prepare"


def test_of_a_killed_server_each_command_is_whole_or_absent_and_done_once(lab: Lab) -> None:
    lab.environment["GUANXI_API_RATE"] = "1000000/d"
    token = lab.run("guanxi.config.tests.served:set_up")
    answered: dict[str, int] = {}
    unanswered: list[str] = []
    for turn in range(KILLS):
        server = Server(lab, "--no-worker")
        server.wait()
        _call_until_killed(server, token, turn, answered, unanswered)
    left = lab.run(f"{HERE}:outcome")
    assert _all_alike(left["customers"])
    assert _all_alike(left["groups"])
    kept = {*left["customers"]["rows"], *left["groups"]["rows"]}
    assert kept >= answered.keys()
    assert kept <= {*answered, *unanswered}
    assert unanswered

    server = Server(lab)  # with its workers
    try:
        server.wait()
        again = {name: _make(server, token, name) for name in [*answered, *unanswered]}
        assert {answer.status for answer in again.values()} == {201}
        ids = {name: answer.told["id"] for name, answer in again.items()}
        assert {name: ids[name] for name in answered} == answered, "the same key, the same answer"
        end = lab.run(f"{HERE}:outcome_of_work")
    finally:
        server.kill()
    for kind in ("customers", "groups"):
        assert _all_alike(end[kind])
        assert end[kind]["rows"] == {name: 1 for name in ids if name.startswith(kind)}
    assert end["filled"] == {name: 1 for name in ids if name.startswith("groups")}, "each job did its work once"
    assert end["jobs"] == ["done"]


def _call_until_killed(server: Server, token: str, turn: int, answered: dict[str, int], unanswered: list[str]) -> None:
    """Several programs call without a pause; the server dies while they do."""
    enough = threading.Event()

    def call(caller: int) -> None:
        for number in range(10_000):
            name = f"{'groups' if number % 2 else 'customers'} {turn}.{caller}.{number}"
            try:
                answered[name] = _make(server, token, name).told["id"]
            except (OSError, http.client.HTTPException):
                unanswered.append(name)
                return
            if number == ENOUGH:
                enough.set()

    callers = [threading.Thread(target=call, args=(caller,)) for caller in range(CALLERS)]
    for caller in callers:
        caller.start()
    assert enough.wait(PATIENCE)
    server.kill()
    for caller in callers:
        caller.join()


def _make(server: Server, token: str, name: str) -> Answer:
    if name.startswith("customers"):
        return server.call(token, "POST", "customers", {"values": {"name": name}}, key=name)
    return server.call(token, "POST", "groups", {"name": name}, key=name)


def _all_alike(kind: dict[str, dict[str, int]]) -> bool:
    return all(counted == kind["rows"] for counted in kind.values())


def outcome() -> dict[str, Any]:
    """What there is of each customer and each group by its name: rows, trail, events, jobs, remembered calls."""
    people = dict(Customer.objects.values_list("pk", "name"))
    groups = dict(CustomerGroup.objects.values_list("pk", "name"))
    trail = AuditEntry.objects.values_list("target_key", flat=True)
    heard = Job.objects.filter(name=HEARD).values_list("event__payload__customer_id", flat=True)
    asked = Job.objects.filter(name=FILL).values_list("payload__group_id", flat=True)
    created = EventRecord.objects.filter(name="customers.CustomerCreated")
    return {
        "customers": {
            "rows": Counter(people.values()),
            "trail": _named(people, trail.filter(command="customers.commands.edit.create_customer")),
            "events": _named(people, created.values_list("payload__customer_id", flat=True)),
            "jobs": _named(people, heard),
            "calls": _calls("customers"),
        },
        "groups": {
            "rows": Counter(groups.values()),
            "trail": _named(groups, trail.filter(command="marketing.commands.group.save_group")),
            "jobs": _named(groups, asked),
            "calls": _calls("groups"),
        },
        "filled": _named(groups, trail.filter(command="marketing.commands.group.fill_group")),
        "jobs": sorted(set(Job.objects.filter(name__in=[HEARD, FILL]).values_list("state", flat=True))),
    }


def outcome_of_work() -> dict[str, Any]:
    """The same once the jobs of the customers and groups are over."""
    while Job.objects.filter(name__in=[HEARD, FILL], state__in=["ready", "running"]).exists():
        time.sleep(0.05)
    return outcome()


def _named(names: Mapping[int, str], keys: Any) -> Counter[str]:
    return Counter(names.get(int(key), "?") for key in keys)


def _calls(kind: str) -> Counter[str]:
    return Counter(IdempotentCall.objects.filter(key__startswith=kind).values_list("key", flat=True))
