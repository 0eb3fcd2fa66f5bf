"""What can go wrong with a job as such."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import GuanxiError


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
