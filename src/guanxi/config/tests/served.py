"""Real servers on a lab's database, as `guanxi serve` starts them, and what a child of the lab sets up for them."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import psutil  # type: ignore[import-untyped]

from guanxi.kernel.tests.lab import PATIENCE, Lab

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: str
    cookies: Mapping[str, str]

    @property
    def told(self) -> Any:
        """The JSON of the answer."""
        return json.loads(self.body)


class Server:
    """One `guanxi serve`, with all the processes it starts."""

    def __init__(self, lab: Lab, *words: str) -> None:
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "guanxi", "serve", "--port", str(self.port), *words],
            env=lab.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def wait(self) -> None:
        """Until it answers."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                self.ask("GET", "/login/")
            except ConnectionRefusedError:
                time.sleep(0.02)
            else:
                return
        raise AssertionError("the server does not answer")

    def ask(self, method: str, path: str, body: str | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask it once, over a connection of its own."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as line:
            line.request(method, path, None if body is None else body.encode(), dict(headers or {}))
            answer = line.getresponse()
            cookies = SimpleCookie(", ".join(answer.headers.get_all("Set-Cookie", [])))
            named = {name: morsel.value for name, morsel in cookies.items()}
            return Answer(answer.status, answer.read().decode(), named)

    def call(self, token: str, method: str, path: str, body: Any = None, *, key: str = "") -> Answer:
        """A call of a program."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Accept-Language": "en"}
        if key:
            headers["Idempotency-Key"] = key
        return self.ask(method, f"/api/v1/{path}", None if body is None else json.dumps(body), headers)

    def log_in(self, username: str, password: str) -> int:
        """Try a log-in as the page does; returns the status of the answer."""
        token = self.ask("GET", "/login/").cookies["csrftoken"]
        form = {"username": username, "password": password, "csrfmiddlewaretoken": token}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={token}"}
        return self.ask("POST", "/login/", urlencode(form), headers).status

    def kill(self) -> None:
        """End it and all it has started, at once, whatever they are doing."""
        with suppress(psutil.NoSuchProcess):  # it has ended by itself
            server = psutil.Process(self._process.pid)
            for process in [server, *server.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
        self._process.wait()


def set_up() -> str:
    """A user `liu` who sees all; returns their token."""
    from guanxi.kernel.access.commands import create_user, ensure_roles
    from guanxi.kernel.access.system import SYSTEM
    from guanxi.kernel.api.commands import create_token

    ensure_roles(SYSTEM)
    return create_token(create_user(SYSTEM, "liu", PASSWORD, roles=["manager"]), name="till")
