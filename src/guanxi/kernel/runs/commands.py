"""What people may do to a run from outside its process."""

from __future__ import annotations

from guanxi.kernel.commands import Work, command
from guanxi.kernel.process import is_dead
from guanxi.kernel.runs.errors import RunNotFound, RunNotOpen
from guanxi.kernel.runs.lease import OPEN, abandon_row, in_progress
from guanxi.kernel.runs.models import Run


@command("updates.run")
def request_stop(work: Work, run_id: int) -> None:
    """Ask a running run to stop; it does so at its next chunk, keeping what is done.

    Raises
    ------
    RunNotFound, RunNotOpen
        There is no such run, or it runs no more.
    """
    row = _locked(run_id)
    if row.state != Run.State.RUNNING:
        raise RunNotOpen(run=run_id)
    if row.stop_requested_at is not None:
        work.nothing_changed()
        return
    row.stop_requested_at = work.at
    row.save(update_fields=["stop_requested_at"])
    work.record(row, {"stop_requested": True})


@command("updates.run")
def abandon_run(work: Work, run_id: int) -> None:
    """Give a stopped run up, so that the next start begins from nothing.

    Raises
    ------
    RunNotFound, RunNotOpen, RunInProgress
        There is no such run, it is over, or its process lives.
    """
    row = _locked(run_id)
    if row.state not in OPEN:
        raise RunNotOpen(run=run_id)
    if row.state == Run.State.RUNNING and not is_dead(row.lease_holder):
        raise in_progress(row)
    abandon_row(work, row)


def _locked(run_id: int) -> Run:
    row = Run.objects.select_for_update().filter(pk=run_id).first()
    if row is None:
        raise RunNotFound(run=run_id)
    return row
