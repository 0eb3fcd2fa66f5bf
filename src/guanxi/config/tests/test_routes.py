"""The contract of the routes: every address, asked by every role, for the seller's own record and another team's.

`routes.txt` holds it as a table to be read: 404 for what one may not know of, 403 for what one may not do, 302 to the
log-in or 401 for nobody. A route that is not in the table fails; `GUANXI_TEST_WRITE_ROUTES=1` writes the table anew, to
be read line by line before it is kept.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.test.client import ClientHandler
from pytest_django import Settings

from guanxi.config.tests.route_world import (
    BODIES,
    MARK,
    PERSONAL,
    QUERIES,
    ROLES,
    Pair,
    Route,
    World,
    all_routes,
    make_world,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TABLE = Path(__file__).with_name("routes.txt")
HEAD = """# Every address of the house, asked by every role with a plain body or none; `make test-all` holds to it.
# Two numbers stand for the seller's own record and for another team's; one where there is no difference to make.
# 404: may not know of it. 403: may not do it. 302 of nobody: to the log-in. 400, 409, 422: allowed, but it did not fit.
"""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PAGES = ("GET", "POST")
CLEAR = "customer-detail"  # the one page whose answer is a clear value, and only to a POST


@dataclass(frozen=True)
class Asked(World):
    """The company before one server: its middleware is loaded once, as a server does, and not for every question."""

    handler: ClientHandler = field(default_factory=lambda: ClientHandler(enforce_csrf_checks=False))


@pytest.fixture
def world(settings: Settings, tmp_path: Path) -> Asked:
    settings.API_RATE = "1000000/s"
    settings.WAREHOUSE.mkdir(parents=True, exist_ok=True)
    return Asked(**vars(make_world()))


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status_code: int
    body: str


class _Undo(Exception):
    pass


def ask(world: Asked, who: str, method: str, route: Route, which: int) -> Answer:
    """Ask once, and take back whatever it did."""
    client = Client(raise_request_exception=False, headers={"accept-language": "en"})
    client.handler = world.handler
    found: list[Answer] = []
    try:
        with transaction.atomic():
            if who != "nobody":
                client.force_login(world.users[who])
            address = route.address(world.values, which) + (QUERIES.get(route.pattern, "") if method == "GET" else "")
            answer = getattr(client, method.lower())(address, **sent_with(method, route))
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            found.append(Answer(answer.status_code, body.decode(errors="replace")))
            raise _Undo
    except _Undo:
        pass
    return found[0]


def sent_with(method: str, route: Route) -> dict[str, Any]:
    """What goes along: JSON to the API, a form to a page."""
    if method == "GET":
        return {}
    body = BODIES.get(f"{method} {route.pattern}", {"ids": "1,2"} if "/many/" in route.pattern else {})
    if route.pattern.startswith("/api/"):
        return {"content_type": "application/json", "data": json.dumps(body)}
    return {"data": body}


def lines(world: Asked, leaks: list[str]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Method, pattern, and what each role is answered; what an answer should not have told goes to `leaks`."""
    for route in all_routes():
        for method in METHODS if route.pattern.startswith("/api/") else PAGES:
            if ask(world, "administrator", method, route, 0).status_code == 405:
                continue
            told: dict[str, str] = {}
            for who in (*ROLES, "nobody"):
                answers = [ask(world, who, method, route, which) for which in _which(route, world.values)]
                for which, answer in enumerate(answers):
                    leaks += leaks_of(who, method, route, which, answer)
                codes = [str(answer.status_code) for answer in answers]
                told[who] = codes[0] if len(set(codes)) == 1 else "/".join(codes)
            yield method, route.pattern, told


def _which(route: Route, values: Mapping[str, Pair]) -> tuple[int, ...]:
    return (0, 1) if route.differs(values) else (0,)


def leaks_of(who: str, method: str, route: Route, which: int, answer: Answer) -> Iterator[str]:
    """Clear phones, mails and numbers in any answer; any word of another team's records to who may not know of it."""
    where = f"{who}: {method} {route.pattern} ({('own', 'other')[which]}) {answer.status_code}"
    if answer.status_code >= 500:
        yield f"{where}: broke"
    body = answer.body
    if not (route.name == CLEAR and method == "POST" and answer.status_code == 200):
        yield from (f"{where}: {text}" for text in PERSONAL if text in body)
    if who in {"seller", "operator", "nobody"} and MARK in body:
        yield f"{where}: {body[max(0, body.index(MARK) - 60) : body.index(MARK) + 40]!r}"
    if who == "nobody" and answer.status_code not in {200, 302, 401, 403, 404, 405, 422}:
        yield f"{where}: let in"


def as_text(table: Iterator[tuple[str, str, dict[str, str]]]) -> str:
    rows: list[tuple[str, ...]] = [("# method", "address", *ROLES, "nobody")]
    rows += [(method, pattern, *told.values()) for method, pattern, told in table]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    drawn = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return HEAD + "\n".join(drawn) + "\n"


def test_every_route_answers_every_role_as_the_table_says(world: Asked) -> None:
    leaks: list[str] = []
    found = as_text(lines(world, leaks))
    if os.environ.get("GUANXI_TEST_WRITE_ROUTES") == "1":
        TABLE.write_text(found, encoding="utf-8")
    assert leaks == []
    assert found.splitlines() == TABLE.read_text(encoding="utf-8").splitlines()


def test_a_route_nobody_described_is_noticed() -> None:
    with pytest.raises(LookupError, match="nobody described <cup_id>"):
        Route("cups", "/cups/<cup_id>/").address({}, 0)
