"""Homes of older versions: the child's side of the tests that upgrade them."""

from __future__ import annotations

import signal
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.utils import translation

from guanxi.config.upgrade import upgrade_database
from guanxi.kernel.errors import GuanxiError
from guanxi.kernel.tests.forks import die, fork

AT = datetime(2025, 12, 31, 8, 30, tzinfo=UTC)
AGES: dict[str, dict[str, str]] = {  # what a version had beyond the first migrations of its apps
    "first": {},
    "0.1": {"customers": "0003_expected_value", "jobs": "0002_schedule"},
}
APPS = ("sessions", "access", "audit", "events", "jobs", "runs", "customers", "intelligence")  # of those days


def build(age: str) -> None:
    """Make the tables as a version of that age made them, with a company in it."""
    targets = [(app, AGES[age].get(app, "0001_initial")) for app in APPS]
    for target in targets:
        executor = MigrationExecutor(connection)
        if target not in executor.loader.applied_migrations:  # else it would be taken back to that point
            executor.migrate([target])
    model = MigrationExecutor(connection).loader.project_state(targets).apps.get_model
    role = model("access", "Role").objects.create(name="seller", permissions=["customers.view"])
    user = model("access", "User").objects.create(
        username="wang", password="!", display_name="王芳", employee_no="S01", language="zh-hans", date_joined=AT
    )
    user.roles.add(role)
    model("access", "Company").objects.create(pk=1, name="T公司", language="zh-hans", tier_method="pyramid")
    customer = model("customers", "Customer").objects
    for number, main in ((1, 1), (2, 1)):
        customer.create(
            id=number, main_id=main, kind="person", name="王伟", phone="+8613800138001", owner=user,
            edited={"phone": "2025-11-01"}, first_seen_on=date(2024, 1, 5),
        )  # fmt: skip
        model("customers", "SourceRecord").objects.create(
            source="shop", source_key=str(number), customer_id=number, name="王伟"
        )
    event = model("events", "EventRecord").objects.create(name="demo.Told", payload={"id": 7}, at=AT)
    job = model("jobs", "Job").objects
    job.create(name="demo.listen", event=event, created_at=AT, run_at=AT, attempts=2, error="no water")
    job.create(name="demo.done", payload={"n": 1}, state="done", created_at=AT, run_at=AT, finished_at=AT)
    run = model("runs", "Run").objects.create(
        job="toy", business_date=date(2025, 12, 31), state="stopped", started_at=AT, plan=["land"]
    )
    step = model("runs", "RunStep").objects.create(run=run, name="land", position=1, started_at=AT, state="stopped")
    model("runs", "Checkpoint").objects.create(step=step, chunk="2025-12", at=AT, done=5, counts={"rows": 5})
    model("audit", "AuditEntry").objects.create(at=AT, actor_id=user.pk, command="demo", target_key="x", changes={})


def upgrade() -> list[str]:
    """Upgrade in this process; returns what was said."""
    said: list[str] = []
    with translation.override("en"):
        upgrade_database(said.append)
    return said


def applied() -> int:
    """How many migrations the database knows."""
    return len(MigrationRecorder(connection).applied_migrations())


def rows(columns: dict[str, list[str]] | None = None) -> dict[str, Any]:
    """Every row of every table as text, of the columns given or of all; returns columns and rows by table."""
    with connection.cursor() as cursor:
        tables = sorted(columns or connection.introspection.table_names(cursor))
        found: dict[str, Any] = {"columns": {}, "rows": {}}
        for table in tables:
            if table.startswith(("customers_search", "sqlite_")):  # made from the customers by whoever needs it
                continue
            there = [column.name for column in connection.introspection.get_table_description(cursor, table)]
            names = sorted(columns[table] if columns else there)
            quoted = ", ".join(connection.ops.quote_name(name) for name in names)
            cursor.execute(f"SELECT {quoted} FROM {connection.ops.quote_name(table)}")
            found["columns"][table] = names
            found["rows"][table] = sorted(map(str, cursor.fetchall()))
        return found


def schema() -> dict[str, Any]:
    """Tables, their columns, and what constrains them, without the names that a version may have given."""
    with connection.cursor() as cursor:
        described: dict[str, Any] = {}
        for table in connection.introspection.table_names(cursor):
            if table.startswith("sqlite_"):  # what SQLite knows of the others
                continue
            columns = connection.introspection.get_table_description(cursor, table)
            constraints = connection.introspection.get_constraints(cursor, table).values()
            described[table] = [
                sorted([column.name, bool(column.null_ok)] for column in columns),
                sorted(
                    str([c["columns"], c["primary_key"], c["unique"], c["foreign_key"], c["check"]])
                    for c in constraints
                ),
            ]
        return described


def upgrade_killed(points: list[int]) -> list[Any]:
    """Upgrade, killed before the n-th statement for each of `points`; returns how many migrations were there after."""
    seen = []
    for point in points:
        status = fork(partial(_upgrade_to_be_killed, point))
        seen.append([status == -signal.SIGKILL, applied()])
        connection.close()  # the next process must not inherit it
    return seen


def count_statements() -> int:
    """How many statements an upgrade takes."""
    passed: list[int] = []
    with connection.execute_wrapper(_passing(lambda: passed.append(1))):
        upgrade_database(lambda _words: None)
    return len(passed)


def _upgrade_to_be_killed(point: int) -> None:
    left = [point]

    def pass_one() -> None:
        left[0] -= 1
        if left[0] == 0:
            die()

    with connection.execute_wrapper(_passing(pass_one)):
        upgrade_database(lambda _words: None)


def _passing(point: Callable[[], object]) -> Callable[..., Any]:
    def execute(run: Callable[..., Any], *arguments: Any) -> Any:
        point()
        return run(*arguments)

    return execute


def come_from_the_future() -> None:
    """Note a migration that this version does not know."""
    MigrationRecorder(connection).record_applied("customers", "9999_later")


def refusals(commands: list[list[str]]) -> list[str]:
    """What each command ends with, by the code of its error, or "none"."""
    from guanxi.config.cli.main import guanxi

    codes = []
    for words in commands:
        try:
            guanxi([*words, "--home", str(settings.GUANXI_HOME)], standalone_mode=False)
        except GuanxiError as error:
            codes.append(error.code)
        else:
            codes.append("none")
    return codes
