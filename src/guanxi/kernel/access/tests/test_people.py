"""Users, roles, teams and branches are made, changed and taken away; somebody can always manage them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from guanxi.kernel.access.commands import (
    activate_user,
    create_branch,
    create_role,
    create_team,
    create_user,
    deactivate_user,
    delete_branch,
    delete_role,
    delete_team,
    edit_branch,
    edit_role,
    edit_team,
    edit_user,
    ensure_roles,
    reset_password,
    unlock_user,
)
from guanxi.kernel.access.errors import (
    BranchInItself,
    BranchNotFound,
    EmployeeNumberTaken,
    NoAdministratorLeft,
    PermissionUnknown,
    PlaceInUse,
    PlaceNameMissing,
    PlaceNameTaken,
    RoleBuiltIn,
    RoleExists,
    RoleInUse,
    RoleNameMissing,
    RoleNotFound,
    RoleUnknown,
    TeamNotFound,
    UserExists,
    UserNameMissing,
    UserNotFound,
    VisibilityUnknown,
)
from guanxi.kernel.access.models import Branch, Role, Team, User
from guanxi.kernel.access.queries import get_person, list_people, list_places, list_roles, list_who_may
from guanxi.kernel.access.roles import PERMISSIONS, ROLES
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.audit.queries import history_of
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import GuanxiError, PermissionDenied
from guanxi.kernel.events.models import EventRecord
from guanxi.kernel.tests.actors import NOBODY, holding

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
MANAGER = holding("settings.manage")
NONE = 10**9  # the number of nothing: PostgreSQL counts on from test to test


@pytest.fixture
def admin() -> User:
    ensure_roles(SYSTEM)
    return create_user(SYSTEM, "admin", PASSWORD, roles=["administrator"])


@pytest.fixture
def shen(admin: User) -> User:
    return create_user(SYSTEM, "shen", PASSWORD, roles=["seller"], display_name="沈嘉敏", employee_no="S01")


def everything() -> list[Any]:
    kinds = (User, Role, Team, Branch, AuditEntry)
    return [
        list(User.objects.order_by("pk").values("pk", "roles")),
        *(list(kind._default_manager.order_by("pk").values()) for kind in kinds),
    ]


def test_a_user_without_a_password_waits_for_a_link(admin: User) -> None:
    user = create_user(admin, "new", display_name="新人", roles=["seller"])
    assert not user.has_usable_password()
    assert not get_person(admin, user.pk).has_password
    assert history_of(user)[0].changes == {"roles": [[], ["seller"]]}


def test_a_user_is_changed_and_the_trail_tells_no_names(admin: User, shen: User) -> None:
    tea = create_team(admin, "茶叶组")
    edit_user(admin, shen.pk, username="shen2", display_name=" 沈敏 ", employee_no="S02", roles=["seller", "operator"],
              team_id=tea.pk)  # fmt: skip
    shen = User.objects.get(pk=shen.pk)
    assert (shen.username, shen.display_name, shen.employee_no, shen.team) == ("shen2", "沈敏", "S02", tea)
    assert shen.may("updates.run")
    assert history_of(shen)[0].changes == {
        "username": ["changed", "changed"], "display_name": ["changed", "changed"],
        "employee_no": ["changed", "changed"], "team_id": [None, tea.pk],
        "roles": [["seller"], ["operator", "seller"]],
    }  # fmt: skip
    before = everything()
    edit_user(admin, shen.pk, username="shen2", display_name="沈敏", employee_no="S02", roles=["operator", "seller"],
              team_id=tea.pk)  # fmt: skip
    assert everything() == before


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"username": "admin"}, UserExists), ({"username": " "}, UserNameMissing), ({"roles": ["king"]}, RoleUnknown),
        ({"team_id": NONE}, TeamNotFound), ({"branch_id": NONE}, BranchNotFound),
        ({"employee_no": "S09"}, EmployeeNumberTaken),
    ],
)  # fmt: skip
def test_what_a_user_cannot_become(admin: User, shen: User, given: dict[str, Any], error: type[GuanxiError]) -> None:
    create_user(SYSTEM, "he", PASSWORD, employee_no="S09")
    before = everything()
    with pytest.raises(error):
        edit_user(admin, shen.pk, **{"username": "shen", "roles": ["seller"], **given})
    assert everything() == before


def test_switching_off_and_on(admin: User, shen: User) -> None:
    deactivate_user(admin, shen.pk)
    assert not User.objects.get(pk=shen.pk).is_active
    assert EventRecord.objects.filter(name__endswith="UserDeactivated").count() == 1
    before = everything()
    deactivate_user(admin, shen.pk)
    assert everything() == before
    activate_user(admin, shen.pk)
    assert User.objects.get(pk=shen.pk).is_active
    assert [line.changes for line in history_of(shen)[:2]] == [
        {"is_active": [False, True]},
        {"is_active": [True, False]},
    ]


def test_somebody_can_always_manage_users(admin: User, shen: User) -> None:
    own = create_role(admin, "办公室", permissions=["settings.manage"], visibility="own")
    before = everything()
    with pytest.raises(NoAdministratorLeft):
        deactivate_user(admin, admin.pk)
    with pytest.raises(NoAdministratorLeft):
        edit_user(admin, admin.pk, username="admin", roles=["seller"])
    assert everything() == before
    edit_user(admin, shen.pk, username="shen", display_name="沈嘉敏", employee_no="S01", roles=["办公室"])
    edit_user(admin, admin.pk, username="admin", roles=["seller"])
    before = everything()
    with pytest.raises(NoAdministratorLeft):
        edit_role(shen, own.pk, name="办公室", permissions=["customers.view"], visibility="own")
    assert everything() == before


def test_own_roles_beside_the_built_in_ones(admin: User, shen: User) -> None:
    tea = create_role(admin, " 茶艺师 ", permissions=["customers.view", "customers.edit"], visibility="team")
    assert (tea.name, tea.permissions, tea.visibility) == ("茶艺师", ["customers.edit", "customers.view"], "team")
    edit_user(admin, shen.pk, username="shen", display_name="沈嘉敏", employee_no="S01", roles=["茶艺师"])
    edit_role(admin, tea.pk, name="茶师", permissions=["customers.view"], visibility="all")
    shen = User.objects.get(pk=shen.pk)
    assert shen.permissions == {"customers.view"}
    assert shen.seen_owners() is None
    assert history_of(tea)[0].changes == {
        "name": ["茶艺师", "茶师"], "permissions": [["customers.edit", "customers.view"], ["customers.view"]],
        "visibility": ["team", "all"],
    }  # fmt: skip
    ensure_roles(SYSTEM)
    assert Role.objects.get(pk=tea.pk).permissions == ["customers.view"]
    lines = list_roles(admin)
    assert [line.name for line in lines] == [*ROLES, "茶师"]
    assert (lines[-1].is_built_in, lines[-1].holders) == (False, 1)
    with pytest.raises(RoleInUse):
        delete_role(admin, tea.pk)
    edit_user(admin, shen.pk, username="shen", display_name="沈嘉敏", employee_no="S01", roles=[])
    delete_role(admin, tea.pk)
    assert not Role.objects.filter(name="茶师").exists()


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"name": " "}, RoleNameMissing), ({"name": "Seller"}, RoleExists),
        ({"permissions": ["all"]}, PermissionUnknown), ({"visibility": "world"}, VisibilityUnknown),
    ],
)  # fmt: skip
def test_a_role_that_cannot_be(admin: User, given: dict[str, Any], error: type[GuanxiError]) -> None:
    before = everything()
    with pytest.raises(error):
        create_role(admin, **{"name": "茶艺师", "permissions": [], "visibility": "own", **given})
    assert everything() == before


def test_built_in_roles_stay_as_they_are(admin: User) -> None:
    seller = Role.objects.get(name="seller")
    before = everything()
    with pytest.raises(RoleBuiltIn):
        edit_role(admin, seller.pk, name="seller", permissions=[], visibility="all")
    with pytest.raises(RoleBuiltIn):
        delete_role(admin, seller.pk)
    with pytest.raises(RoleNotFound):
        delete_role(admin, NONE)
    assert everything() == before


def test_teams_and_a_tree_of_branches(admin: User) -> None:
    province = create_branch(admin, "浙江省分行")
    city = create_branch(admin, "杭州市分行", parent_id=province.pk)
    county = create_branch(admin, "西湖支行", parent_id=city.pk)
    other = create_branch(admin, "江苏省分行")
    team = create_team(admin, "茶叶组", branch_id=city.pk)
    create_user(admin, "li", PASSWORD, team_id=team.pk)
    create_user(admin, "han", PASSWORD, branch_id=county.pk)
    places = list_places(admin)
    assert [(line.name, line.depth, line.members, line.is_empty) for line in places.branches] == [
        ("江苏省分行", 0, 0, True), ("浙江省分行", 0, 0, False), ("杭州市分行", 1, 0, False), ("西湖支行", 2, 1, False),
    ]  # fmt: skip
    assert [(line.name, line.branch, line.members) for line in places.teams] == [("茶叶组", "杭州市分行", 1)]
    before = everything()
    for branch, above in ((province, county), (city, city)):
        with pytest.raises(BranchInItself):
            edit_branch(admin, branch.pk, name=branch.name, parent_id=above.pk)
    for delete, key in ((delete_branch, province.pk), (delete_branch, county.pk), (delete_team, team.pk)):
        with pytest.raises(PlaceInUse):
            delete(admin, key)
    with pytest.raises(PlaceNameTaken):
        create_branch(admin, "江苏省分行")
    with pytest.raises(PlaceNameMissing):
        create_team(admin, "")
    with pytest.raises(BranchNotFound):
        create_team(admin, "新组", branch_id=NONE)
    assert everything() == before
    edit_branch(admin, city.pk, name="杭州分行", parent_id=other.pk)
    edit_team(admin, team.pk, name="绿茶组", branch_id=None)
    assert history_of(team)[0].changes == {"name": ["茶叶组", "绿茶组"], "branch_id": [city.pk, None]}
    assert [line.name for line in list_places(admin).branches] == ["江苏省分行", "杭州分行", "西湖支行", "浙江省分行"]
    delete_branch(admin, province.pk)
    assert not Branch.objects.filter(pk=province.pk).exists()


def test_people_are_found_and_paged(admin: User, shen: User, django_assert_max_num_queries: Any) -> None:
    for number in range(60):
        create_user(SYSTEM, f"u{number:02}", PASSWORD, roles=["seller"], display_name=f"同事{number:02}")
    deactivate_user(SYSTEM, shen.pk)
    with django_assert_max_num_queries(5):
        found = list_people(MANAGER, page=2)
    assert (found.count, found.pages, len(found.rows), found.rows[-1].name) == (61, 2, 11, "同事59")
    assert [line.username for line in list_people(MANAGER, q="沈", state="off").rows] == ["shen"]
    assert [line.username for line in list_people(MANAGER, q="s01", state="all").rows] == ["shen"]
    assert list_people(MANAGER, q="100%_").count == 0
    assert list_people(MANAGER, page=99).page == 2


CHANGES: list[Callable[[Actor, User], object]] = [
    lambda actor, user: edit_user(actor, user.pk, username="x", roles=[]),
    lambda actor, user: deactivate_user(actor, user.pk),
    lambda actor, user: activate_user(actor, user.pk),
    lambda actor, user: unlock_user(actor, user.pk),
    lambda actor, user: reset_password(actor, user.pk, way="link"),
    lambda actor, user: create_role(actor, "x", permissions=[], visibility="all"),
    lambda actor, user: edit_role(actor, 1, name="x", permissions=[], visibility="all"),
    lambda actor, user: delete_role(actor, 1),
    lambda actor, user: create_team(actor, "x"),
    lambda actor, user: edit_team(actor, 1, name="x", branch_id=None),
    lambda actor, user: delete_team(actor, 1),
    lambda actor, user: create_branch(actor, "x"),
    lambda actor, user: edit_branch(actor, 1, name="x", parent_id=None),
    lambda actor, user: delete_branch(actor, 1),
    lambda actor, user: list_people(actor),
    lambda actor, user: get_person(actor, user.pk),
    lambda actor, user: list_roles(actor),
    lambda actor, user: list_places(actor),
]


@pytest.mark.parametrize("change", CHANGES)
def test_only_who_manages_settings_may(shen: User, change: Callable[[Actor, User], object]) -> None:
    before = everything()
    for actor in (NOBODY, shen, holding(*(PERMISSIONS - {"settings.manage"}))):
        with pytest.raises(PermissionDenied):
            change(actor, shen)
    assert everything() == before


def test_what_does_not_exist_is_told(admin: User) -> None:
    with pytest.raises(TeamNotFound):
        edit_team(admin, NONE, name="x", branch_id=None)
    with pytest.raises(BranchNotFound):
        edit_branch(admin, NONE, name="x", parent_id=None)
    asked: list[Callable[[Actor, int], object]] = [deactivate_user, activate_user, unlock_user, get_person]
    for ask in asked:
        with pytest.raises(UserNotFound):
            ask(admin, NONE)


def test_who_may_is_found_in_one_query(
    admin: User, shen: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    twice = create_user(SYSTEM, "zheng", PASSWORD, roles=["administrator", "operator"])
    gone = create_user(SYSTEM, "gone", PASSWORD, roles=["operator"])
    create_user(SYSTEM, "new", PASSWORD)
    deactivate_user(SYSTEM, gone.pk)
    with django_assert_num_queries(1):
        assert list_who_may("updates.run") == [admin.pk, twice.pk]
    assert list_who_may("customers.view") == [admin.pk, shen.pk, twice.pk]
    assert list_who_may("unknown") == []
