"""Changing users, roles and the company. Log-in names and passwords stay out of the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from guanxi.kernel.access.errors import (
    CompanyNotSet,
    EmployeeNumberTaken,
    LanguageUnknown,
    PasswordTooWeak,
    RoleUnknown,
    TierMethodUnknown,
    UserExists,
    UserNameMissing,
)
from guanxi.kernel.access.models import Company, Role, User
from guanxi.kernel.access.roles import ROLES
from guanxi.kernel.commands import Work, command


@command("settings.manage")
def ensure_roles(work: Work) -> None:
    """Make the built-in roles, or bring them to what this version says of them; others are left alone."""
    work.nothing_changed()
    for name, built_in in ROLES.items():
        wanted: dict[str, Any] = {"permissions": sorted(built_in.permissions), "visibility": built_in.visibility.value}
        role, new = Role.objects.select_for_update().get_or_create(name=name, defaults=wanted)
        before = {field: None if new else getattr(role, field) for field in wanted}
        if before != wanted:
            changed = {field: [before[field], value] for field, value in wanted.items() if before[field] != value}
            work.record(role, changed)
            role.permissions, role.visibility = wanted["permissions"], wanted["visibility"]
            role.save(update_fields=["permissions", "visibility"])


@command("settings.manage")
def create_user(
    work: Work,
    username: str,
    password: str,
    *,
    roles: Sequence[str] = (),
    display_name: str = "",
    employee_no: str | None = None,
    language: str = "",
) -> User:
    """Make a user who may sign in.

    Raises
    ------
    UserNameMissing, UserExists, EmployeeNumberTaken, RoleUnknown, LanguageUnknown, PasswordTooWeak
        The user cannot be made so.
    """
    username, employee_no = username.strip(), employee_no or None
    if not username:
        raise UserNameMissing
    if User.objects.filter(username=username).exists():
        raise UserExists(username=username)
    if employee_no is not None and User.objects.filter(employee_no=employee_no).exists():
        raise EmployeeNumberTaken(employee_no=employee_no)
    granted = list(Role.objects.filter(name__in=roles))
    for missing in sorted(set(roles) - {role.name for role in granted}):
        raise RoleUnknown(role=missing, roles=", ".join(Role.objects.order_by("name").values_list("name", flat=True)))
    if language:
        _refuse_unknown_language(language)
    user = User(username=username, display_name=display_name, employee_no=employee_no, language=language)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PasswordTooWeak(reasons=" ".join(error.messages)) from None
    user.set_password(password)
    user.save()
    user.roles.set(granted)
    work.record(user, {"roles": [[], sorted(roles)]})
    return user


@command("settings.manage")
def set_company(work: Work, name: str, language: str = "zh-hans") -> Company:
    """Name the company of this home and choose its language.

    Raises
    ------
    LanguageUnknown
        The product does not speak it.
    """
    _refuse_unknown_language(language)
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


def _refuse_unknown_language(language: str) -> None:
    known = [code for code, _title in settings.LANGUAGES]
    if language not in known:
        raise LanguageUnknown(language=language, languages=", ".join(known))
