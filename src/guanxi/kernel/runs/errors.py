"""What can go wrong with a run as such."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import GuanxiError


class RunInProgress(GuanxiError):
    """Another living process holds the run of this job."""

    code = "run_in_progress"
    sentence = _("“{job}” is already running: run {run}, process {pid} on {host}, since {since}, at step “{step}”.")
    cure = _("Wait until it ends, or stop it, then start again.")


class RunStopRequested(GuanxiError):
    """Somebody asked the run to stop, or its process is ending."""

    code = "run_stop_requested"
    sentence = _("The run was asked to stop.")
    cure = _("Resume it when you like: it goes on where it stopped.")


class LeaseLost(GuanxiError):
    """The process slept too long, and another one went on with the run."""

    code = "lease_lost"
    sentence = _("Run {run} now belongs to another process; this one stopped without changing anything more.")
    cure = _("Look at the run in the list of data updates.")


class RunNotFound(GuanxiError):
    """There is no run of this number."""

    code = "run_not_found"
    sentence = _("There is no run {run}.")
    cure = _("Choose a run from the list of data updates.")


class RunNotOpen(GuanxiError):
    """The run is already over, so it can be neither stopped nor given up."""

    code = "run_not_open"
    sentence = _("Run {run} is over.")
    cure = _("Start a new run instead.")


class BusinessDateFixed(GuanxiError):
    """A run has one business date."""

    code = "business_date_fixed"
    sentence = _("Run {run} counts for {fixed}; it cannot count for {asked} as well.")
    cure = _("Start a new run for the other date.")
