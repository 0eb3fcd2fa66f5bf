"""`Server-Timing` tells where an answer's time went, and leaves nothing behind."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

from guanxi.config.timing import Clock, TimedCursor

TIMED = ["guanxi.config.timing.ServerTiming", *settings.MIDDLEWARE]


@pytest.mark.django_db
def test_an_answer_tells_its_time_in_the_database_and_the_statements_there() -> None:
    with override_settings(MIDDLEWARE=TIMED):
        browser = Client()
        browser.get("/login/")
        told = browser.get("/login/")["Server-Timing"]
    found = re.fullmatch(r'db;dur=([\d.]+);desc="(\d+) statements", app;dur=([\d.]+)', told)
    assert found is not None
    assert 0 <= float(found[1]) < float(found[3])
    assert found[2] == "1"  # whether there are users at all
    assert "make_cursor" not in vars(connection)


@pytest.mark.django_db
def test_nothing_is_told_unless_it_was_asked_for(client: Client) -> None:
    assert "Server-Timing" not in client.get("/login/")


@pytest.mark.django_db
def test_rows_read_one_by_one_and_all_together_are_the_same() -> None:
    clock = Clock()
    with connection.cursor() as plain:
        cursor = TimedCursor(plain.cursor, connection)
        cursor.clock = clock
        cursor.execute("SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3", ())
        assert cursor.fetchone() == (1,)
        assert list(cursor.fetchmany(1)) == [(2,)]
        assert list(cursor.fetchall()) == [(3,)]
    assert (clock.statements, clock.seconds > 0) == (1, True)
