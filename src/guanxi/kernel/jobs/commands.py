"""What people may do to background work."""

from __future__ import annotations

from guanxi.kernel.commands import Work, command
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.jobs.ending import finish
from guanxi.kernel.jobs.errors import JobNotFound, JobOver
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.queries import is_of, may_watch


@command(None)
def cancel_job(work: Work, job_id: int) -> None:
    """End a job early: at once if it waits, else at its next good place, keeping what is done.

    Whoever asked for the job may, and who holds `updates.run`.

    Raises
    ------
    JobNotFound, JobOver, PermissionDenied
        There is none to cancel, or not for this actor.
    """
    row = Job.objects.select_for_update().filter(pk=job_id).first()
    if row is None or not may_watch(work.actor, row):
        raise JobNotFound(job=job_id)
    if not is_of(work.actor, row) and not work.actor.may("updates.run"):
        raise PermissionDenied(permission="updates.run")
    if row.state not in {Job.State.READY, Job.State.RUNNING}:
        raise JobOver
    if row.cancel_requested_at is not None:
        work.nothing_changed()
        return
    row.cancel_requested_at = work.at
    if row.state == Job.State.READY:
        finish(row, Job.State.CANCELLED)
    else:
        row.save(update_fields=["cancel_requested_at"])
    work.record(row, {"cancelled": True})
