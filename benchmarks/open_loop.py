"""Requests on a fixed schedule, whether or not the answers have come: what many readers at once are like."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

READERS: Final = 32  # connections at most
_NEXT: Final = re.compile(r'rel="next" href="([^"]+)"')
_TIMING: Final = re.compile(r'db;dur=([\d.]+);desc="(\d+)')


@dataclass(frozen=True)
class Ask:
    """A request: what it is counted under, who asks, and the address."""

    name: str
    user: str
    path: str


@dataclass(frozen=True)
class Answer:
    """Milliseconds from when it was due to the last byte, of that in the database, and the statements there."""

    name: str
    milliseconds: float
    database: float
    statements: int


class NotAnswered(AssertionError):
    """The server said something else than 200."""


class Readers:
    """Signed-in users of a server at 127.0.0.1."""

    def __init__(self, port: int, password: str) -> None:
        self._port, self._password = port, password
        self._cookies: dict[str, str] = {}
        self._mine = threading.local()

    def sign_in(self, user: str) -> None:
        """Log in as somebody does: by the form."""
        page, cookies = self._send("GET", "/login/", "")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.decode())
        if token is None:
            raise NotAnswered("/login/ has no form")
        form = urlencode({"username": user, "password": self._password, "csrfmiddlewaretoken": token[1]})
        _page, more = self._send("POST", "/login/", "; ".join(cookies), form, expected=302)
        self._cookies[user] = "; ".join([*cookies, *more])

    def get(self, user: str, path: str) -> bytes:
        """The answer's body."""
        return self._send("GET", path, self._cookies[user])[0]

    def get_json(self, user: str, path: str) -> Any:
        """The same, read."""
        return json.loads(self.get(user, path))

    def next_of(self, ask: Ask) -> str:
        """The address of the page behind the one that is asked for; nothing where it is the last."""
        body = self.get(ask.user, ask.path).decode()
        if ask.path.startswith("/api/"):
            cursor = json.loads(body)["next"]
            return f"{ask.path}&cursor={quote(cursor)}" if cursor else ""
        found = _NEXT.search(body)
        return found[1].replace("&amp;", "&") if found else ""

    def time(self, ask: Ask, due: float | None = None) -> Answer:
        """Ask when it is due (`time.perf_counter`), or at once."""
        if due is None:
            due = time.perf_counter()
        elif (wait := due - time.perf_counter()) > 0:
            time.sleep(wait)
        self._send("GET", ask.path, self._cookies[ask.user])
        told = _TIMING.search(self._mine.timing)
        if told is None:
            raise NotAnswered(f"{ask.path}: no Server-Timing")
        return Answer(ask.name, (time.perf_counter() - due) * 1_000, float(told[1]), int(told[2]))

    def all_on_schedule(self, asks: Sequence[Ask], per_second: float) -> list[Answer]:
        """Ask everything, one after the other is due, whatever became of the others."""
        begun = time.perf_counter() + 0.5
        with ThreadPoolExecutor(READERS) as readers:
            return list(readers.map(lambda place: self.time(place[1], begun + place[0] / per_second), enumerate(asks)))

    def _send(
        self, method: str, path: str, cookies: str, form: str | None = None, expected: int = 200
    ) -> tuple[bytes, list[str]]:
        where = urlsplit(path)
        headers = {"Cookie": cookies, "Accept-Language": "zh-CN"}
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        asked = f"{quote(where.path)}?{quote(where.query, safe='=&%,:;()|~+')}" if where.query else where.path
        try:
            answer = self._answer(method, asked, form, headers)
        except http.client.RemoteDisconnected:  # nothing was asked for long
            self._mine.connection = None
            answer = self._answer(method, asked, form, headers)
        body = answer.read()
        self._mine.timing = answer.headers.get("Server-Timing", "")
        if answer.status != expected:
            raise NotAnswered(f"{method} {path}: {answer.status} {body[:300].decode(errors='replace')}")
        return body, [cookie.partition(";")[0] for cookie in answer.headers.get_all("Set-Cookie", [])]

    def _answer(self, *asked: Any) -> http.client.HTTPResponse:
        connection = getattr(self._mine, "connection", None)
        if connection is None:
            connection = self._mine.connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)
        connection.request(*asked)
        found: http.client.HTTPResponse = connection.getresponse()
        return found
