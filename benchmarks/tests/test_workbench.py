"""The workbench is told as it was measured: what is over its aim stands out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from benchmarks.open_loop import Answer, Ask, NotAnswered, Readers
from benchmarks.workbench import PAIRS, Figures, p95, page, rows_of

FIRST = next(iter(PAIRS))


def test_a_row_tells_page_twin_and_database() -> None:
    answers = [
        Answer(f"{FIRST} HTML", 80, 5, 13), Answer(f"{FIRST} HTML", 90, 5, 13), Answer(f"{FIRST} JSON", 70, 30, 8),
        Answer(f"{FIRST}, next page HTML", 40, 2, 12), Answer("type 王", 9, 1, 7),
    ]  # fmt: skip
    told = list(rows_of(answers))
    assert told == [
        (FIRST, "85", "90", "90", "70", "**70**", "70", "5.0", "**28**", "8 to 13"),
        (f"{FIRST}, next page", "40", "40", "40", "", "", "", "2.0", "2.0", "12"),
        ("search as you type: 王 (one character)", "9", "9.0", "9", "", "", "", "1.0", "1.0", "7"),
    ]


def test_what_is_slow_is_named() -> None:
    others = [Answer("tier:is:vip, name", 1_200, 900, 13), Answer("tier:is:vip, id", 30, 3, 13)]
    told = page(Figures("SQLite", 10, [Answer(f"{FIRST} HTML", 1, 1, 1)], 500, (57, 0), others, 99))
    assert "finds 57 of 57 planted and 0 others." in told[1]
    assert "2 by chance of 99 pairs" in told[-1]
    assert "1 over 1,000 ms. The slowest, in ms: `tier:is:vip, name` 1,200; `tier:is:vip, id` 30." in told[-1]


def test_ninety_five_of_a_hundred_are_not_slower() -> None:
    assert (p95(list(range(101))), p95([7.0])) == (95, 7.0)


@contextmanager
def slow_server(seconds: float) -> Iterator[int]:
    class Slow(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(seconds)
            self.send_response(404 if self.path == "/nowhere" else 200)
            self.send_header("Server-Timing", 'db;dur=1.50;desc="3 statements", app;dur=2.00')
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def test_a_late_answer_keeps_no_other_request_waiting() -> None:
    with slow_server(0.5) as port:
        readers = Readers(port, "")
        readers._cookies["liu"] = ""
        begun = time.perf_counter()
        answers = readers.all_on_schedule([Ask("x", "liu", "/customers/?q=王")] * 10, per_second=20)
        took = time.perf_counter() - begun
        with pytest.raises(NotAnswered, match="GET /nowhere: 404"):
            readers.time(Ask("x", "liu", "/nowhere"))
    assert [(answer.database, answer.statements) for answer in answers] == [(1.5, 3)] * 10
    assert took < 10 * 0.5  # one after the other they would have taken that long
