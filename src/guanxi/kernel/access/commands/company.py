"""The company and what it has chosen."""

from __future__ import annotations

from django.conf import settings

from guanxi.kernel.access.commands.administrators import wait_for_others
from guanxi.kernel.access.errors import CompanyNotSet, NightlyTimeUnknown, PurgeTimeUnknown, TierMethodUnknown
from guanxi.kernel.access.languages import refuse_unknown_language
from guanxi.kernel.access.models import Company
from guanxi.kernel.commands import Work, command
from guanxi.kernel.jobs.rules import OFF, parse_time

PURGE_AFTER = (30, 90, 365)  # days
LONGEST = 5  # characters of HH:MM


@command("settings.manage")
def set_company(work: Work, name: str, language: str = "zh-hans") -> Company:
    """Name the company of this home and choose its language.

    Raises
    ------
    LanguageUnknown
        The product does not speak it.
    """
    refuse_unknown_language(language)
    wait_for_others()
    company = Company.objects.select_for_update().filter(pk=1).first()
    before = (None, None) if company is None else (company.name, company.language)
    if company is None:
        company = Company(pk=1, nightly_refresh=settings.NIGHTLY_REFRESH[:LONGEST])
    if before == (name, language):
        work.nothing_changed()
        return company
    company.name, company.language = name, language
    company.save()
    work.record(company, {"name": [before[0], name], "language": [before[1], language]})
    return company


@command("settings.manage")
def choose_tier_method(work: Work, method: str) -> Company:
    """Choose how customers get their tier; it holds from the next data update on.

    Raises
    ------
    TierMethodUnknown, CompanyNotSet
        There is no such method, or no company yet.
    """
    if method not in Company.TierMethod.values:
        raise TierMethodUnknown(method=method, methods=", ".join(Company.TierMethod.values))
    return _choose(work, "tier_method", method)


@command("settings.manage")
def choose_nightly_refresh(work: Work, at: str) -> Company:
    """Choose when the data update of every day is asked for: `HH:MM` by the business's clock, or `off`.

    Raises
    ------
    NightlyTimeUnknown, CompanyNotSet
        It is neither, or there is no company yet.
    """
    try:
        moment = parse_time(at)
    except ValueError:
        raise NightlyTimeUnknown(at=at) from None
    return _choose(work, "nightly_refresh", OFF if moment is None else f"{moment:%H:%M}")


@command("settings.manage")
def choose_purge_after(work: Work, days: int | None) -> Company:
    """Choose how many days deleted customers lie in the bin before they are deleted for ever; None: never by itself.

    Raises
    ------
    PurgeTimeUnknown, CompanyNotSet
        It is none of the choices, or there is no company yet.
    """
    if days is not None and days not in PURGE_AFTER:
        raise PurgeTimeUnknown(days=days, choices=", ".join(map(str, PURGE_AFTER)))
    return _choose(work, "purge_after_days", days)


@command("settings.manage")
def choose_second_factor(work: Work, *, is_required: bool) -> Company:
    """Choose whether everybody needs a second factor; who has none is led to it at the next log-in.

    Raises
    ------
    CompanyNotSet
        There is no company yet.
    """
    return _choose(work, "requires_second_factor", is_required)


def _choose(work: Work, field: str, value: str | int | None) -> Company:
    company = Company.objects.select_for_update().filter(pk=1).first()
    if company is None:
        raise CompanyNotSet
    before = getattr(company, field)
    if before == value:
        work.nothing_changed()
        return company
    work.record(company, {field: [before, value]})
    setattr(company, field, value)
    company.save(update_fields=[field])
    return company
