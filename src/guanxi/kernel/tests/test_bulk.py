"""The same rows on SQLite and PostgreSQL; values as Django itself would have stored them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.db import Error, connection, transaction

from guanxi.kernel.access.models import User
from guanxi.kernel.bulk import in_chunks, refresh_statistics, update_rows, write_rows
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.runs.models import Checkpoint, Run, RunStep

pytestmark = pytest.mark.django_db
AT = datetime(2011, 12, 9, 12, 50, 0, 123456, tzinfo=UTC)
JOB = (
    "name", "payload", "key", "state", "created_at", "run_at", "attempts", "lease_token", "lease_holder", "error",
    "priority", "done", "words", "report",
)  # fmt: skip


def job(key: str | None, name: str = "tea", **payload: Any) -> tuple[Any, ...]:
    return (name, payload, key, "ready", AT, AT, 0, "", {}, "", 10, 0, "", {})


def jobs() -> list[tuple[Any, ...]]:
    return list(Job.objects.order_by("id").values_list("key", "name", "payload"))


def test_every_kind_of_value_is_stored_as_django_stores_it() -> None:
    columns = ("job", "business_date", "revision", "inputs", "state", "started_at", "error", "report", "plan",
               "lease_token", "lease_until", "lease_holder")  # fmt: skip
    shanghai = AT.astimezone(timezone(timedelta(hours=8)))
    odd = "tab\t newline\n back\\slash ' \" 王伟 \\N"
    rows: list[tuple[Any, ...]] = [
        (odd, date(2011, 12, 9), 1, {"名": [1, None, 2.5, True]}, "done", AT, None, {}, ["land"], "", shanghai, {}),
        ("", None, 2**31 - 1, [], "stopped", AT, {"code": "x"}, {}, [], "", None, {}),
    ]
    assert write_rows(Run, columns, rows) == 2
    first, second = Run.objects.order_by("revision")
    assert (first.job, first.business_date, first.inputs) == (odd, date(2011, 12, 9), {"名": [1, None, 2.5, True]})
    assert (first.started_at, first.lease_until, first.error, first.plan) == (AT, AT, None, ["land"])
    assert (second.job, second.business_date, second.revision) == ("", None, 2**31 - 1)
    assert (second.inputs, second.error, second.lease_until) == ([], {"code": "x"}, None)
    found = Run.objects.filter(lease_until=AT, business_date="2011-12-09", error__isnull=True, inputs__名__0=1)
    assert found.get() == first


def test_true_and_false() -> None:
    password = make_password("x")
    columns = ("password", "is_superuser", "username", "first_name", "last_name", "email", "is_staff", "is_active",
               "date_joined", "display_name", "language", "must_change_password")  # fmt: skip
    rows = [
        (password, False, name, "", "", "", False, active, AT, "", "", False)
        for name, active in (("a", True), ("b", False))
    ]
    write_rows(User, columns, rows)
    assert list(User.objects.order_by("username").values_list("username", "is_active")) == [("a", True), ("b", False)]


def test_json_given_as_text_is_taken_as_it_is() -> None:
    write_rows(Job, JOB, [("tea", '{"cups": 3}', None, "ready", AT, AT, 0, "", "{}", "", 10, 0, "", "{}")])
    assert jobs() == [(None, "tea", {"cups": 3})]


def test_no_rows_are_no_work(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert write_rows(Job, JOB, []) == 0
        assert write_rows(Job, JOB, iter(()), on_conflict=["key"], update=["name"]) == 0
        assert update_rows(Job, ["key"], ["name"], []) == 0


def test_rows_are_updated_where_they_are_there() -> None:
    write_rows(Job, JOB, [job("a", cups=1), job("b", cups=1)])
    first = Job.objects.get(key="a").pk
    given = [job("a", "coffee", cups=2), job("c", cups=3)]
    assert write_rows(Job, JOB, given, on_conflict=["key"], update=["payload"]) == 2
    assert sorted(jobs()) == [("a", "tea", {"cups": 2}), ("b", "tea", {"cups": 1}), ("c", "tea", {"cups": 3})]
    assert Job.objects.get(key="a").pk == first


def test_of_rows_with_one_key_the_last_updates_and_the_first_inserts() -> None:
    given = [job("a", cups=1), job("b", cups=5), job("a", cups=2)]
    write_rows(Job, JOB, given, on_conflict=["key"], update=["payload"])
    assert sorted(jobs()) == [("a", "tea", {"cups": 2}), ("b", "tea", {"cups": 5})]
    write_rows(Job, JOB, [job("a", cups=9), job("d", cups=1), job("d", cups=2)], on_conflict=["key"])
    assert sorted(jobs()) == [("a", "tea", {"cups": 2}), ("b", "tea", {"cups": 5}), ("d", "tea", {"cups": 1})]


def test_a_key_of_several_columns() -> None:
    run = Run.objects.create(job="refresh", started_at=AT)
    step = RunStep.objects.create(run=run, name="land", position=1, started_at=AT)
    columns = ("step_id", "chunk", "files", "counts", "done", "at")
    write_rows(Checkpoint, columns, [(step.pk, "a", [], {}, 1, AT), (step.pk, "b", [], {}, 1, AT)])
    again: list[tuple[Any, ...]] = [(step.pk, "b", [], {"rows": 2}, 5, AT), (step.pk, "c", [], {}, 1, AT)]
    write_rows(Checkpoint, columns, again, on_conflict=["step_id", "chunk"], update=["counts", "done"])
    assert list(Checkpoint.objects.order_by("chunk").values_list("chunk", "counts", "done")) == [
        ("a", {}, 1), ("b", {"rows": 2}, 5), ("c", {}, 1),
    ]  # fmt: skip
    assert update_rows(Checkpoint, ["step_id", "chunk"], ["done", "at"], [(step.pk, "a", 7, AT)]) == 1
    assert list(Checkpoint.objects.order_by("chunk").values_list("chunk", "done")) == [("a", 7), ("b", 5), ("c", 1)]


def test_an_update_tells_how_many_rows_it_found() -> None:
    write_rows(Job, JOB, [job("a"), job("b"), job("c")])
    given = [("a", {"cups": 1}, None, AT), ("c", {"cups": 2}, AT, None), ("z", {"cups": 3}, None, None)]
    assert update_rows(Job, ["key"], ["payload", "lease_until", "finished_at"], given) == 2
    assert list(Job.objects.order_by("key").values_list("key", "payload", "lease_until", "finished_at")) == [
        ("a", {"cups": 1}, None, AT), ("b", {}, None, None), ("c", {"cups": 2}, AT, None),
    ]  # fmt: skip


def test_a_bad_row_leaves_none() -> None:
    write_rows(Job, JOB, [job("a")])
    with pytest.raises(Error), transaction.atomic():
        write_rows(Job, JOB, [job("b"), job("a")])
    with pytest.raises(Error), transaction.atomic():
        write_rows(
            Job, JOB, [job("b"), ("tea", None, "c", "ready", AT, AT, 0, "", {}, "", 10, 0, "", {})], on_conflict=["key"]
        )
    assert [key for key, *_ in jobs()] == ["a"]
    write_rows(Job, JOB, [job("b")], on_conflict=["key"])  # nothing is left in the way
    assert [key for key, *_ in jobs()] == ["a", "b"]


def test_a_column_that_is_none_is_named() -> None:
    with pytest.raises(LookupError, match=r"jobs\.Job has no column 'cups'"):
        write_rows(Job, ["cups"], [(1,)])


def test_the_database_knows_what_was_written() -> None:
    write_rows(Job, JOB, [job(f"{number}") for number in range(500)])
    refresh_statistics(Job)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE relname = 'jobs_job'")
            assert cursor.fetchone() == (500,)
        else:
            cursor.execute("SELECT max(CAST(stat AS INTEGER)) FROM sqlite_stat1 WHERE tbl = 'jobs_job'")
            assert cursor.fetchone() == (500,)


def test_chunks() -> None:
    def rows() -> Iterator[tuple[int]]:
        yield from ((number,) for number in range(5))

    assert list(in_chunks(rows(), 2)) == [[(0,), (1,)], [(2,), (3,)], [(4,)]]
    assert list(in_chunks([], 2)) == []
