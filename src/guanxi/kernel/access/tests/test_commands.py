from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.test import RequestFactory
from pytest_django import Settings

from guanxi.kernel.access.commands import (
    choose_nightly_refresh,
    choose_tier_method,
    create_user,
    ensure_roles,
    set_company,
)
from guanxi.kernel.access.errors import (
    CompanyNotSet,
    EmployeeNumberTaken,
    LanguageUnknown,
    NightlyTimeUnknown,
    PasswordTooWeak,
    RoleUnknown,
    TierMethodUnknown,
    UserExists,
    UserNameMissing,
)
from guanxi.kernel.access.models import Company, Role, User
from guanxi.kernel.access.queries import find_company, find_user, has_users
from guanxi.kernel.access.roles import PERMISSIONS, ROLES
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.audit.queries import history_of
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import GuanxiError, PermissionDenied
from guanxi.kernel.tests.actors import holding

pytestmark = pytest.mark.django_db
GOOD = "longjing-before-rain"


def everything() -> list[Any]:
    users = list(User.objects.values("username", "password", "employee_no", "roles__name"))
    return [users, list(Role.objects.values()), list(Company.objects.values()), AuditEntry.objects.count()]


def test_the_built_in_roles_are_made_once() -> None:
    ensure_roles(SYSTEM)
    made = {
        name: (granted, reach) for name, granted, reach in Role.objects.values_list("name", "permissions", "visibility")
    }
    assert made == {name: (sorted(role.permissions), role.visibility.value) for name, role in ROLES.items()}
    assert made["administrator"] == (sorted(PERMISSIONS), "all")
    assert made["operator"] == (["api.use", "updates.run", "updates.view"], "own")
    before = everything()
    ensure_roles(SYSTEM)
    assert everything() == before


def test_a_built_in_role_is_brought_up_to_date_and_others_are_left_alone() -> None:
    ensure_roles(SYSTEM)
    seller = Role.objects.get(name="seller")
    Role.objects.filter(pk=seller.pk).update(permissions=["customers.view"])
    own = Role.objects.create(name="tea-master", permissions=["customers.view"])
    ensure_roles(SYSTEM)
    seller.refresh_from_db()
    own.refresh_from_db()
    granted = sorted(ROLES["seller"].permissions)
    assert "customers.unmask" in granted
    assert seller.permissions == granted
    assert own.permissions == ["customers.view"]
    assert history_of(seller)[0].changes == {"permissions": [["customers.view"], granted]}


def test_a_user_signs_in_and_may_what_the_roles_say() -> None:
    ensure_roles(SYSTEM)
    user = create_user(
        SYSTEM, " li ", GOOD, roles=["seller", "operator"], display_name="李雷", employee_no="S01", language="zh-hans"
    )
    signed_in = authenticate(RequestFactory().post("/login/"), username="li", password=GOOD)
    assert signed_in == user == find_user("li")
    assert user.permissions == ROLES["seller"].permissions | {"updates.view", "updates.run"}
    assert (str(user), user.employee_no, user.language) == ("李雷", "S01", "zh-hans")
    assert (user.may("customers.edit"), user.may("settings.manage")) == (True, False)
    assert history_of(user)[0].changes == {"roles": [[], ["operator", "seller"]]}
    user.is_active = False
    assert not user.may("customers.edit")


def test_permissions_are_read_once(django_assert_num_queries: Any) -> None:
    ensure_roles(SYSTEM)
    create_user(SYSTEM, "li", GOOD, roles=["seller"])
    user = User.objects.get()
    with django_assert_num_queries(1):
        assert [user.may(name) for name in ("customers.view", "customers.edit", "updates.run")] == [True, True, False]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"username": "li"}, UserExists(username="li")),
        ({"username": "  "}, UserNameMissing()),
        ({"employee_no": "S01"}, EmployeeNumberTaken(employee_no="S01")),
        ({"roles": ["seller", "king"]}, RoleUnknown(role="king", roles=", ".join(sorted(ROLES)))),
        ({"language": "fr"}, LanguageUnknown(language="fr", languages="zh-hans, en")),
    ],
)
def test_a_user_that_cannot_be_is_not_made(given: dict[str, Any], error: GuanxiError) -> None:
    ensure_roles(SYSTEM)
    create_user(SYSTEM, "li", GOOD, employee_no="S01")
    before = everything()
    with pytest.raises(type(error)) as caught:
        create_user(SYSTEM, **{"username": "han", "password": GOOD, **given})
    assert caught.value.facts == error.facts
    assert everything() == before


@pytest.mark.parametrize("password", ["short", "password123", "", "hanmeimei"])
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(PasswordTooWeak):
        create_user(SYSTEM, "hanmeimei", password)
    assert (has_users(), AuditEntry.objects.count()) == (False, 0)


def test_users_without_an_employee_number_do_not_meet() -> None:
    create_user(SYSTEM, "li", GOOD)
    create_user(SYSTEM, "han", GOOD, employee_no="")
    assert list(User.objects.values_list("employee_no", flat=True)) == [None, None]
    assert has_users()


def test_the_company_is_set_and_changed() -> None:
    assert find_company() is None
    set_company(SYSTEM, "T公司")
    company = set_company(SYSTEM, "T公司", "en")
    assert (company.pk, company.name, company.language, company.tier_method) == (1, "T公司", "en", "pyramid")
    assert find_company() == company
    before = everything()
    set_company(SYSTEM, "T公司", "en")
    assert everything() == before
    assert [line.changes for line in history_of(company)] == [
        {"name": ["T公司", "T公司"], "language": ["zh-hans", "en"]},
        {"name": [None, "T公司"], "language": [None, "zh-hans"]},
    ]
    with pytest.raises(LanguageUnknown):
        set_company(SYSTEM, "T公司", "fr")
    assert everything() == before


def test_the_tier_method_is_chosen() -> None:
    with pytest.raises(CompanyNotSet):
        choose_tier_method(SYSTEM, "abc")
    set_company(SYSTEM, "T公司")
    company = choose_tier_method(holding("settings.manage"), "abc")
    assert history_of(company)[0].changes == {"tier_method": ["pyramid", "abc"]}
    before = everything()
    choose_tier_method(SYSTEM, "abc")
    with pytest.raises(TierMethodUnknown):
        choose_tier_method(SYSTEM, "guess")
    assert everything() == before
    assert Company.objects.get().tier_method == "abc"


def test_the_nightly_update_begins_as_the_home_is_set_up_and_is_chosen_then(settings: Settings) -> None:
    with pytest.raises(CompanyNotSet):
        choose_nightly_refresh(SYSTEM, "03:30")
    settings.NIGHTLY_REFRESH = "off"
    assert set_company(SYSTEM, "T公司").nightly_refresh == "off"
    company = choose_nightly_refresh(holding("settings.manage"), " 3:30 ")
    assert history_of(company)[0].changes == {"nightly_refresh": ["off", "03:30"]}
    before = everything()
    choose_nightly_refresh(SYSTEM, "03:30")
    with pytest.raises(NightlyTimeUnknown):
        choose_nightly_refresh(SYSTEM, "25:00")
    assert everything() == before
    assert choose_nightly_refresh(SYSTEM, "off").nightly_refresh == "off"


def test_a_home_of_before_keeps_the_nightly_update_its_environment_gave(settings: Settings) -> None:
    set_company(SYSTEM, "T公司")
    settings.NIGHTLY_REFRESH = "off"
    import_module("guanxi.kernel.access.migrations.0002_workbench").keep_to_the_setting(apps, None)
    assert Company.objects.get().nightly_refresh == "off"


@pytest.mark.parametrize(
    "change",
    [
        ensure_roles,
        lambda actor: create_user(actor, "han", GOOD),
        lambda actor: set_company(actor, "Other"),
        lambda actor: choose_tier_method(actor, "abc"),
        lambda actor: choose_nightly_refresh(actor, "off"),
    ],
)
def test_only_who_manages_settings_may(change: Callable[[Actor], object]) -> None:
    set_company(SYSTEM, "T公司")
    before = everything()
    with pytest.raises(PermissionDenied):
        change(holding(*(PERMISSIONS - {"settings.manage"})))
    assert everything() == before
