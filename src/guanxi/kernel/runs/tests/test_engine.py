"""What a run promises, seen from inside one process."""
# ruff: noqa: PT012  # a run is a block, and what it raises leaves the block

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.audit.queries import history_of
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.events.models import EventRecord
from guanxi.kernel.runs.commands import abandon_run, request_stop
from guanxi.kernel.runs.engine import OpenRun, open_run
from guanxi.kernel.runs.errors import BusinessDateFixed, RunInProgress, RunNotFound, RunNotOpen, RunStopRequested
from guanxi.kernel.runs.models import Checkpoint, Run, RunStep
from guanxi.kernel.tests.actors import NOBODY

pytestmark = pytest.mark.django_db
DAY = date(2011, 12, 9)


class Boom(Exception):
    pass


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "warehouse"


def opened(root: Path, **changed: Any) -> AbstractContextManager[OpenRun]:
    asked: dict[str, Any] = {"inputs": {"sources": ["shop.toml"]}, "business_date": None, "actor": SYSTEM}
    return open_run("refresh", root=root, **{**asked, **changed})


def stop_in_the_middle(root: Path, **changed: Any) -> int:
    with pytest.raises(Boom), opened(root, **changed) as run, run.step("land") as step:
        with step.checkpoint("one") as chunk:
            chunk.path("purchase").write_text("1")
            step.count(rows=1)
        with step.checkpoint("two") as chunk:
            chunk.path("purchase").write_text("2")
            step.count(rows=10)
            raise Boom
    return run.id


def files(root: Path) -> list[str]:
    """What there is, the first run numbered 1: PostgreSQL goes on counting from test to test."""
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    return [relative(name) for name in names]


def relative(path: Path | str) -> str:
    first = Run.objects.order_by("pk").values_list("pk", flat=True)[0]
    return str(path).replace(f"run-{first:06d}", "run-1")


def test_a_run_from_start_to_end(root: Path) -> None:
    with opened(root, steps=["land", "report"]) as run:
        assert (run.resumed, run.business_date, run.is_done("land")) == (False, None, False)
        with run.step("land") as step:
            assert (step.done, step.has("one")) == (False, False)
            step.expect(2)
            with step.checkpoint("one") as chunk:
                chunk.path("purchase").write_text("1")
                chunk.path("rejects", ".csv", folder="landed/shop").write_text("x")
                chunk.commit_with(lambda: None)
                chunk.counts["rows"] = 5
                step.count(rows=2, rejected=1)
                step.advance(2)
            assert list(map(relative, chunk.files)) == [
                "run-1/land.purchase.one.parquet",
                "landed/shop/run-1.land.rejects.one.csv",
            ]
            assert step.files("purchase") == [root / chunk.files[0]]
            step.count(customers=7)
        run.fix_business_date(DAY)
        run.fix_business_date(DAY)
        run.report(rows=7)
        run.report(customers=7)
    row = Run.objects.get()
    assert (row.state, row.business_date, row.revision, row.report) == ("done", DAY, 1, {"rows": 7, "customers": 7})
    assert (row.error, row.lease_token, row.lease_until) == (None, "", None)
    assert row.finished_at is not None
    step_row = RunStep.objects.get()
    assert (step_row.state, step_row.done, step_row.expected) == ("done", 2, 2)
    assert step_row.counts == {"rows": 7, "rejected": 1, "customers": 7}
    assert step_row.seconds > 0
    assert (run.row.state, run.counts("land")) == ("done", step_row.counts)
    assert run.files("land", "rejects") == [root / chunk.files[1]]
    assert [line.changes for line in history_of(row)] == [{"state": ["running", "done"]}, {"state": [None, "running"]}]


def test_what_failed_is_dropped_and_what_was_done_is_kept(root: Path) -> None:
    stop_in_the_middle(root)
    assert files(root) == ["run-1/land.purchase.one.parquet"]
    row, step = Run.objects.get(), RunStep.objects.get()
    assert (row.state, step.state, step.counts) == ("stopped", "stopped", {})
    assert row.error is not None
    assert row.error["code"] == "unexpected"
    assert row.error["place"].startswith("guanxi.kernel.runs.tests.test_engine:")
    assert "Boom" in row.error["message"]

    with opened(root) as run:
        assert (run.resumed, run.id) == (True, row.pk)
        with run.step("land") as again:
            assert (again.done, again.has("one"), again.has("two")) == (False, True, False)
            with again.checkpoint("two") as chunk:
                chunk.path("purchase").write_text("2")
                again.count(rows=10)
        with run.step("land") as third:
            assert third.done
    assert [path.read_text() for path in run.files("land", "purchase")] == ["1", "2"]
    assert run.counts("land") == {"rows": 11}
    assert Run.objects.get().error is None


def test_rows_commit_with_the_checkpoint_or_not_at_all(root: Path) -> None:
    def write() -> None:
        EventRecord.objects.create(name="row", at=Run.objects.get().started_at)

    def fail() -> None:
        raise Boom

    with pytest.raises(Boom), opened(root) as run, run.step("publish") as step, step.checkpoint("one") as chunk:
        chunk.path("part").write_text("x")
        chunk.commit_with(write)
        chunk.commit_with(fail)
    assert (EventRecord.objects.count(), Checkpoint.objects.count()) == (0, 0)
    assert files(root) == ["run-1/publish.part.one.parquet"]  # renamed, then not listed: goes at the next start
    with opened(root) as run:
        assert files(root) == []
        with run.step("publish") as step, step.checkpoint("one") as chunk:
            chunk.commit_with(write)
    assert (EventRecord.objects.count(), Checkpoint.objects.count()) == (1, 1)


@pytest.mark.parametrize("changed", [{"inputs": {"sources": ["members.toml"]}}, {"business_date": DAY}])
def test_asked_something_else_the_stopped_run_is_given_up(root: Path, changed: dict[str, Any]) -> None:
    first = stop_in_the_middle(root)
    stray = root / "landed" / f"run-{first:06d}.land.purchase.two.parquet"
    stray.parent.mkdir()
    stray.touch()
    with opened(root, **changed) as run:
        assert (run.resumed, run.id, run.business_date) == (False, first + 1, changed.get("business_date"))
    assert list(Run.objects.order_by("pk").values_list("state", flat=True)) == ["abandoned", "done"]
    assert files(root) == ["run-1/land.purchase.one.parquet"]
    assert history_of(Run.objects.get(pk=first))[0].changes == {"state": ["stopped", "abandoned"]}


def test_a_run_whose_files_are_gone_begins_anew(root: Path) -> None:
    first = stop_in_the_middle(root)
    (root / f"run-{first:06d}/land.purchase.one.parquet").unlink()
    with opened(root) as run:
        assert (run.resumed, run.id) == (False, first + 1)
    assert Run.objects.get(pk=first).state == "abandoned"


def test_the_same_job_and_day_again_is_the_next_revision(root: Path) -> None:
    for revision in (1, 2):
        with opened(root, business_date=DAY) as run:
            assert run.row.revision == revision
    with opened(root) as run:
        run.fix_business_date(DAY)
    assert Run.objects.get(pk=run.id).revision == 3


def test_a_run_counts_for_one_day(root: Path) -> None:
    with pytest.raises(BusinessDateFixed) as caught, opened(root, business_date=DAY) as run:
        run.fix_business_date(date(2011, 12, 10))
    assert caught.value.facts == {"run": run.id, "fixed": "2011-12-09", "asked": "2011-12-10"}
    assert Run.objects.get().business_date == DAY


def test_a_second_start_is_refused_and_changes_nothing(root: Path) -> None:
    with opened(root) as run, run.step("land"):
        before = (list(Run.objects.values()), AuditEntry.objects.count(), files(root))
        with pytest.raises(RunInProgress) as caught, opened(root, inputs={}):
            pass
        assert (list(Run.objects.values()), AuditEntry.objects.count(), files(root)) == before
    facts = caught.value.facts
    assert (facts["job"], facts["run"], facts["step"]) == ("refresh", run.id, "land")
    assert facts["pid"] == run.row.lease_holder["pid"]
    assert run.row.state == "done"


def test_jobs_of_other_names_do_not_wait(root: Path) -> None:
    with opened(root), open_run("bench", root=root, inputs={}, business_date=None, actor=SYSTEM) as other:
        assert other.row.job == "bench"


def test_without_the_permission_nothing_starts(root: Path) -> None:
    with pytest.raises(PermissionDenied), opened(root, actor=NOBODY):
        pass
    assert not Run.objects.exists()


def test_a_stop_request_ends_the_run_after_the_chunk_it_finds(root: Path) -> None:
    with (
        pytest.raises(RunStopRequested),
        opened(root) as run,
        run.step("land") as step,
        step.checkpoint("one") as chunk,
    ):
        request_stop(SYSTEM, run.id)
        request_stop(SYSTEM, run.id)
        chunk.path("purchase").write_text("1")
    row = Run.objects.get()
    assert row.error is not None
    assert (row.state, row.error["code"], row.stop_requested_at) == ("stopped", "run_stop_requested", None)
    assert list(Checkpoint.objects.values_list("chunk", flat=True)) == ["one"]
    with opened(root) as run:
        assert run.resumed


def test_only_what_runs_can_be_stopped(root: Path) -> None:
    with opened(root) as run:
        pass
    with pytest.raises(RunNotOpen):
        request_stop(SYSTEM, run.id)
    with pytest.raises(RunNotFound):
        request_stop(SYSTEM, run.id + 1)
    with pytest.raises(PermissionDenied):
        request_stop(NOBODY, run.id)
    assert Run.objects.get().stop_requested_at is None


def test_a_stopped_run_may_be_given_up_and_a_living_one_not(root: Path) -> None:
    with pytest.raises(Boom), opened(root) as run:
        with pytest.raises(RunInProgress):
            abandon_run(SYSTEM, run.id)
        raise Boom
    abandon_run(SYSTEM, run.id)
    assert Run.objects.get().state == "abandoned"
    with pytest.raises(RunNotOpen):
        abandon_run(SYSTEM, run.id)
    with opened(root) as again:
        assert (again.resumed, again.id) == (False, run.id + 1)


def test_a_done_chunk_cannot_be_done_again(root: Path) -> None:
    with opened(root) as run, run.step("land") as step:
        with step.checkpoint("one"):
            pass
        with pytest.raises(RuntimeError, match="chunk 'one' of step 'land'"), step.checkpoint("one"):
            pass
        with pytest.raises(LookupError, match="step 'land' of run"):
            run.files("land", "purchase")


class Listener:
    def __init__(self) -> None:
        self.heard: list[tuple[Any, ...]] = []

    def step(self, name: str, position: int, total: int) -> None:
        self.heard.append(("step", name, position, total))

    def advance(self, done: int, expected: int | None) -> None:
        self.heard.append((done, expected))


def test_progress_is_told(root: Path) -> None:
    listener = Listener()
    with opened(root, steps=["land", "report"], progress=listener) as run:
        with run.step("land") as step:
            step.expect(10)
            with step.checkpoint("one"):
                step.advance(4)
            step.advance(6)
        with run.step("report"):
            pass
    assert listener.heard == [("step", "land", 1, 2), (0, 10), (4, 10), (4, 10), (10, 10), ("step", "report", 2, 2)]
