"""What can go wrong on the road and with the data updates people ask for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import GuanxiError


class UpdateAlreadyRunning(GuanxiError):
    """One data update at a time: two would write the same customers."""

    code = "update_already_running"
    sentence = _("A data update is already running: number {run}, since {since}, at step “{step}”.")
    cure = _("Wait until it ends, or stop it, then start again.")


class UpdateAlreadyAsked(GuanxiError):
    """A data update waits for the worker already."""

    code = "update_already_asked"
    sentence = _("A data update was already asked for at {since} and waits for its turn.")
    cure = _("If it does not begin within a minute, see whether the worker is running: guanxi work")


class NothingToResume(GuanxiError):
    """The update did not stop half-way."""

    code = "nothing_to_resume"
    sentence = _("Update {run} did not stop half-way, so there is nothing to resume.")
    cure = _("Start a new update instead.")


class SourceNotFound(GuanxiError):
    """There is no connected source of that name."""

    code = "source_not_found"
    sentence = _("No source is named “{name}”.")
    cure = _("Choose one from the list of data updates.")


class NothingToRefresh(GuanxiError):
    """A refresh was asked for before any source was added."""

    code = "nothing_to_refresh"
    sentence = _("There is no source to refresh from.")
    cure = _("Name a contract with --source FILE.toml; later refreshes remember it.")


class NoBusinessDate(GuanxiError):
    """No option, contract or fact says which day the run counts for."""

    code = "no_business_date"
    sentence = _("Nothing in the sources says which day to count for: no fact in them has a date.")
    cure = _("Give the day with --as-of YYYY-MM-DD, or write business_date in a contract.")


class CurrenciesDiffer(GuanxiError):
    """Purchases come in more than one currency."""

    code = "currencies_differ"
    sentence = _("The sources sell in different currencies ({currencies}); their amounts cannot be added up.")
    cure = _("Bring their daily rates by a contract with [feed.rate], or keep one currency in one home.")


class RatesDiffer(GuanxiError):
    """Rates are told in more than one currency, so that nothing says which is the company's."""

    code = "rates_differ"
    sentence = _("Rates are told in different currencies ({currencies}), but the company counts in one.")
    cure = _("Let all contracts of rates have one “currency”: the company's.")


class RatesMissing(GuanxiError):
    """Somebody bought in a currency of which no rate is known for that day."""

    code = "rates_missing"
    sentence = _("No rate to {company} is known for {lines} purchase lines, on {count} days: {days}.")
    cure = _(
        "Deliver the rates of these days, or let a rate hold longer (valid_days in [feed.rate]); then resume."
        " Nothing was published."
    )


class NoWarehouse(GuanxiError):
    """The marts were asked for before the first refresh."""

    code = "no_warehouse"
    sentence = _("There is no finished data update yet.")
    cure = _("Run guanxi refresh first.")


class SqlNotReadable(GuanxiError):
    """A query that is no single SELECT over the marts, or that failed."""

    code = "sql_not_readable"
    sentence = _("This query cannot be run: {reason}")
    cure = _("Write one SELECT over the marts; guanxi sql --tables lists them with their columns.")


class DiskTooFull(GuanxiError):
    """There is less room on the disk than a refresh is likely to need."""

    code = "disk_too_full"
    sentence = _("The update needs about {needed} of disk space in {folder}, but only {free} is free.")
    cure = _("Make room on that disk or move the home to a larger one, then start again. Nothing was changed.")


class WarehouseNotWritable(GuanxiError):
    """The warehouse folder cannot be written to."""

    code = "warehouse_not_writable"
    sentence = _("The warehouse folder {folder} cannot be written to: {reason}")
    cure = _("Let the user that runs Guanxi write to the folder, then start again. Nothing was changed.")
