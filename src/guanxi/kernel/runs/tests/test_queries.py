# ruff: noqa: PT012  # a run is a block, and what it raises leaves the block

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.runs.engine import open_run
from guanxi.kernel.runs.errors import RunNotFound
from guanxi.kernel.runs.models import Run
from guanxi.kernel.runs.queries import find_open_run, get_run, list_runs
from guanxi.kernel.tests.actors import NOBODY, gone_process

pytestmark = pytest.mark.django_db


@pytest.fixture
def stopped(tmp_path: Path) -> Run:
    with (
        pytest.raises(ZeroDivisionError),
        open_run(
            "refresh",
            root=tmp_path,
            inputs={"a": 1},
            business_date=None,
            actor=SYSTEM,
            steps=["land", "resolve", "publish"],
        ) as run,
    ):
        with run.step("land") as step:
            step.count(rows=3)
            step.expect(3)
            step.advance(3)
        with run.step("resolve") as step:
            step.expect(8)
            step.advance(2)
            1 / 0  # noqa: B018
    return run.row


def test_a_run_shows_its_steps_done_stopped_and_to_come(stopped: Run) -> None:
    line = get_run(SYSTEM, stopped.pk)
    assert [(step.name, step.position, step.state, step.done, step.expected, step.counts) for step in line.steps] == [
        ("land", 1, "done", 3, 3, {"rows": 3}),
        ("resolve", 2, "stopped", 2, 8, {}),
        ("publish", 3, "waiting", 0, None, {}),
    ]
    assert (line.state, line.can_resume, line.inputs) == ("stopped", True, {"a": 1})
    assert line.current_step == line.steps[1]
    assert line.error is not None
    assert (line.error.code, line.error.message) == (
        "unexpected", "Something unexpected happened: ZeroDivisionError: division by zero",
    )  # fmt: skip
    assert find_open_run(SYSTEM, "refresh") == line
    assert find_open_run(SYSTEM, "bench") is None


def test_a_run_whose_process_died_shows_as_stopped(stopped: Run) -> None:
    Run.objects.update(state="running", lease_holder=gone_process())
    stopped.steps.filter(name="resolve").update(state="running")
    line = get_run(SYSTEM, stopped.pk)
    assert (line.state, line.can_resume, line.steps[1].state) == ("stopped", True, "stopped")


def test_a_list_takes_two_queries(stopped: Run, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    Run.objects.create(job="bench", state="done", started_at=stopped.started_at)
    with django_assert_num_queries(2):
        lines = list_runs(SYSTEM)
    assert [line.job for line in lines] == ["bench", "refresh"]
    assert [line.job for line in list_runs(SYSTEM, "refresh")] == ["refresh"]
    assert len(list_runs(SYSTEM, limit=1)) == 1


def test_who_may_not_look_sees_nothing(stopped: Run) -> None:
    for look in (lambda: list_runs(NOBODY), lambda: get_run(NOBODY, stopped.pk), lambda: find_open_run(NOBODY, "x")):
        with pytest.raises(PermissionDenied):
            look()
    with pytest.raises(RunNotFound):
        get_run(SYSTEM, stopped.pk + 1)
