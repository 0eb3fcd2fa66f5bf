"""Any history of starts, failures and kills ends well: a state machine looks for one that does not."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.runs.engine import open_run
from guanxi.kernel.runs.models import Checkpoint, Run, RunStep
from guanxi.kernel.tests.actors import gone_process

STEPS = ("land", "resolve")
CHUNKS = ("a", "b", "c")
ENDS = ("done", "failed", "killed")


class Failed(Exception):
    pass


class Runs(RuleBasedStateMachine):
    """Model: the chunks each run has done, which run is open, and what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        Run.objects.all().delete()
        self.root = Path(tempfile.mkdtemp())
        self.done: dict[int, list[tuple[str, str]]] = {}
        self.finished: dict[int, set[str]] = {}
        self.open: int | None = None
        self.asked = 0

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    @rule(
        asked=st.integers(1, 2),
        chunks=st.integers(0, len(STEPS) * len(CHUNKS)),
        end=st.sampled_from(ENDS),
        in_chunk=st.booleans(),
    )
    def attempt(self, asked: int, chunks: int, end: str, in_chunk: bool) -> None:
        """Start, do as many new chunks as told, end as told, perhaps in the middle of a chunk."""
        left = chunks
        try:
            with open_run("toy", root=self.root, inputs={"n": asked}, business_date=None, actor=SYSTEM) as run:
                assert run.resumed == (self.open is not None and self.asked == asked)
                assert not run.resumed or run.id == self.open
                self.open, self.asked = run.id, asked
                done, finished = self.done.setdefault(run.id, []), self.finished.setdefault(run.id, set())
                assert self.on_disk(run.id) == self.listed(run.id)
                for name in STEPS:
                    with run.step(name) as step:
                        assert step.done == (name in finished)
                        for chunk in CHUNKS:
                            assert step.has(chunk) == ((name, chunk) in done)
                            if step.has(chunk):
                                continue
                            if left == 0 and end != "done" and not in_chunk:
                                raise Failed
                            with step.checkpoint(chunk) as writing:
                                writing.path("t").write_text(f"{name} {chunk}")
                                step.count(n=1)
                                step.advance(1)
                                if left == 0 and end != "done":
                                    raise Failed
                            done.append((name, chunk))
                            left -= 1
                    finished.add(name)
                if end != "done":
                    raise Failed
                self.open = None
        except Failed:
            if end == "killed":
                self.kill()

    def kill(self) -> None:
        """Leave the tables and the folder as a killed process does: everything as it was, and half-written files."""
        assert self.open is not None
        Run.objects.filter(pk=self.open).update(
            state="running", lease_token="x", lease_holder=gone_process(), error=None
        )
        RunStep.objects.filter(run=self.open, state="stopped").update(state="running", done=99)
        folder = self.root / f"run-{self.open:06d}"
        folder.mkdir(exist_ok=True)
        (folder / ".part-land.t.z.parquet").write_text("half")
        (folder / "land.t.z.parquet").write_text("whole, but not listed")

    def on_disk(self, run_id: int) -> list[str]:
        return sorted(path.relative_to(self.root).as_posix() for path in self.root.glob(f"run-{run_id:06d}/*"))

    def listed(self, run_id: int) -> list[str]:
        kept = Checkpoint.objects.filter(step__run=run_id).values_list("files", flat=True)
        return sorted(file["path"] for files in kept for file in files)

    @invariant()
    def one_run_is_open_at_most(self) -> None:
        open_rows = Run.objects.filter(state__in=["running", "stopped"]).values_list("pk", flat=True)
        assert list(open_rows) == ([] if self.open is None else [self.open])

    @invariant()
    def checkpoints_are_what_was_done(self) -> None:
        for run_id, done in self.done.items():
            kept = Checkpoint.objects.filter(step__run=run_id).order_by("pk").values_list("step__name", "chunk")
            assert list(kept) == done

    @invariant()
    def a_done_step_has_counted_every_chunk_once(self) -> None:
        for step in RunStep.objects.filter(state="done"):
            assert (step.counts, step.done) == ({"n": 3}, 3)
            assert step.name in self.finished[step.run_id]

    @invariant()
    def a_done_run_has_every_file(self) -> None:
        for run_id in Run.objects.filter(state="done").values_list("pk", flat=True):
            names = [f"run-{run_id:06d}/{step}.t.{chunk}.parquet" for step in STEPS for chunk in CHUNKS]
            assert self.on_disk(run_id) == self.listed(run_id) == sorted(names)


@pytest.mark.django_db
def test_every_history_ends_well() -> None:
    run_state_machine_as_test(Runs, settings=settings(max_examples=20, stateful_step_count=8, deadline=None))
