"""The company and what it has chosen."""

from __future__ import annotations

from guanxi.kernel.access.errors import CompanyNotSet, TierMethodUnknown
from guanxi.kernel.access.languages import refuse_unknown_language
from guanxi.kernel.access.models import Company
from guanxi.kernel.commands import Work, command


@command("settings.manage")
def set_company(work: Work, name: str, language: str = "zh-hans") -> Company:
    """Name the company of this home and choose its language.

    Raises
    ------
    LanguageUnknown
        The product does not speak it.
    """
    refuse_unknown_language(language)
    company = Company.objects.select_for_update().filter(pk=1).first()
    before = (None, None) if company is None else (company.name, company.language)
    if company is None:
        company = Company(pk=1)
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
    company = Company.objects.select_for_update().filter(pk=1).first()
    if company is None:
        raise CompanyNotSet
    if company.tier_method == method:
        work.nothing_changed()
        return company
    work.record(company, {"tier_method": [company.tier_method, method]})
    company.tier_method = method
    company.save(update_fields=["tier_method"])
    return company
