"""What can go wrong with a job as such."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import GuanxiError, NotFound


class JobUnknown(GuanxiError):
    """No code of this installation does a job of that name."""

    code = "job_unknown"
    sentence = _("Nobody here knows how to do the job “{name}”.")
    cure = _("Let the worker run the same version as the web server.")
    is_passing = True


class WorkerDied(GuanxiError):
    """Every worker that tried the job died over it."""

    code = "worker_died"
    sentence = _("The worker died while doing this, {attempts} times.")
    cure = _("Look into the worker's log, mend the cause, then ask for the work again.")


class JobNotFound(NotFound):
    """There is no job of this number, or not for this reader."""

    code = "job_not_found"
    sentence = _("There is no background work {job} of yours.")
    cure = _("Finished work is removed after some weeks; ask for it again.")


class JobOver(GuanxiError):
    """The job has ended, so there is nothing to cancel."""

    code = "job_over"
    sentence = _("This work has ended already.")
    cure = _("Look at its result.")


class JobCancelled(GuanxiError):
    """Somebody asked the job to end early."""

    code = "job_cancelled"
    sentence = _("This work was cancelled.")
    cure = _("What was done until then stays done; ask for the rest again if you want it.")


class JobInterrupted(GuanxiError):
    """The worker is to end; the job waits for the next one."""

    code = "job_interrupted"
    sentence = _("The worker is ending.")
    cure = _("The work goes on with the next worker.")
    is_passing = True


class JobLost(GuanxiError):
    """The worker slept too long, and another one went on with its job."""

    code = "job_lost"
    sentence = _("Job {job} now belongs to another worker; this one stopped without changing anything more.")
    cure = _("Nothing is to be done: the other worker finishes it.")
