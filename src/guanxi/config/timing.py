"""`GUANXI_SERVER_TIMING=1`: every answer tells how long it took, and how much of that in the database.

In the header Server-Timing, which browsers show beside the request and `python -m benchmarks` reads.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.http import HttpRequest, HttpResponse


class Clock:
    """What the database took of one answer: seconds and statements."""

    def __init__(self) -> None:
        self.seconds, self.statements = 0.0, 0

    def timed(self, deed: Callable[..., Any], *given: Any) -> Any:
        """Do it, and count the time."""
        begun = time.perf_counter()
        try:
            return deed(*given)
        finally:
            self.seconds += time.perf_counter() - begun


class TimedCursor(CursorWrapper):
    """A cursor whose statements are timed, and the reading of their rows too: SQLite finds most rows only then."""

    clock: Clock

    def execute(self, sql: Any, params: Any = None) -> Any:
        """Timed."""
        self.clock.statements += 1
        return self.clock.timed(super().execute, sql, params)

    def executemany(self, sql: Any, param_list: Any) -> Any:
        """Timed."""
        self.clock.statements += 1
        return self.clock.timed(super().executemany, sql, param_list)

    def fetchone(self) -> Any:
        """Timed."""
        return self.clock.timed(self.cursor.fetchone)

    def fetchmany(self, *size: int) -> Any:
        """Timed."""
        return self.clock.timed(self.cursor.fetchmany, *size)

    def fetchall(self) -> Any:
        """Timed."""
        return self.clock.timed(self.cursor.fetchall)


class ServerTiming:
    """Puts the header on every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and tell."""
        clock, begun = Clock(), time.perf_counter()

        def timed_cursor(cursor: Any) -> TimedCursor:
            wrapped = TimedCursor(cursor, connection)
            wrapped.clock = clock
            return wrapped

        connection.make_cursor = timed_cursor  # type: ignore[method-assign]
        try:
            response = self.get_response(request)
        finally:
            del connection.make_cursor
        told = (time.perf_counter() - begun) * 1_000
        response["Server-Timing"] = (
            f'db;dur={clock.seconds * 1_000:.2f};desc="{clock.statements} statements", app;dur={told:.2f}'
        )
        return response
