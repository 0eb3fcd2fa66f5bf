"""The screens of users, roles, teams and one's own account."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from guanxi.kernel.access.commands import create_team, create_user, ensure_roles, set_company
from guanxi.kernel.access.models import Branch, Role, SignIn, Team, User
from guanxi.kernel.access.system import SYSTEM

pytestmark = pytest.mark.django_db
PASSWORD, BETTER = "correct horse battery", "longjing-before-rain"


@pytest.fixture
def admin(client: Client) -> Client:
    ensure_roles(SYSTEM)
    set_company(SYSTEM, "T公司")
    client.cookies.load({"django_language": "en"})
    create_user(SYSTEM, "admin", PASSWORD, roles=["administrator"], language="en")
    client.post("/login/", {"username": "admin", "password": PASSWORD})
    return client


def test_a_new_colleague_from_the_form_to_the_first_log_in(admin: Client) -> None:
    team = create_team(SYSTEM, "茶叶组")
    answer = admin.post("/settings/users/new/", {
        "display_name": "沈嘉敏", "username": "shen", "employee_no": "S01", "team_id": team.pk, "roles": ["seller"],
        "is_superuser": "on", "is_staff": "on", "password": "x", "must_change_password": "on", "id": 1,
    })  # fmt: skip
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    link = re.search(r"http://testserver(/password/[\w-]+/)", answer.content.decode())
    assert link is not None
    shen = User.objects.get(username="shen")
    assert (shen.team, shen.is_superuser, shen.is_staff, shen.must_change_password) == (team, False, False, False)
    colleague = Client(headers={"accept-language": "en"})
    assert "For 沈嘉敏; user name: shen" in colleague.get(link[1]).content.decode()
    wrong = colleague.post(link[1], {"new": "12345678", "again": "123456789"})
    assert wrong.status_code == 422
    assert "The two are not the same." in wrong.content.decode()
    assert colleague.post(link[1], {"new": "12345678", "again": "12345678"}).status_code == 422
    assert colleague.post(link[1], {"new": BETTER, "again": BETTER})["Location"] == "/login/"
    assert colleague.get(link[1]).status_code == 404
    assert colleague.post("/login/", {"username": "shen", "password": BETTER}).status_code == 302


def test_a_refusal_stands_beside_its_field(admin: Client) -> None:
    page = admin.post("/settings/users/new/", {"display_name": "x", "username": "admin", "roles": ["seller"]})
    assert page.status_code == 422
    assert (
        "There is already a user with the log-in name" in page.content.decode().split('id="id_username_error"')[1][:300]
    )
    assert User.objects.count() == 1


def test_a_user_is_edited_reset_switched_off_and_on(admin: Client) -> None:
    shen = create_user(SYSTEM, "shen", PASSWORD, roles=["seller"], display_name="沈嘉敏")
    address = f"/settings/users/{shen.pk}/"
    page = admin.get(address).content.decode()
    assert 'value="沈嘉敏"' in page
    assert (
        admin.post(address, {"display_name": "沈敏", "username": "shen", "roles": ["seller", "operator"]}).status_code
        == 302
    )
    assert [str(user) for user in User.objects.filter(roles__name="operator")] == ["沈敏"]
    told = admin.post(f"{address}password/", {"way": "temporary"}).content.decode()
    secret = re.search(r'id="secret">([\w-]+)<', told)
    assert secret is not None
    assert User.objects.get(pk=shen.pk).check_password(secret[1])
    assert admin.post(f"{address}off/")["Location"] == address
    assert "Switch on again" in admin.get(address).content.decode()
    assert not User.objects.get(pk=shen.pk).is_active
    admin.post(f"{address}on/")
    assert admin.post(f"{address}away/").status_code == 404
    assert User.objects.get(pk=shen.pk).is_active
    assert admin.post(f"/settings/users/{User.objects.get(username='admin').pk}/off/").status_code == 409


def test_a_locked_user_is_shown_and_unlocked(admin: Client) -> None:
    shen = create_user(SYSTEM, "shen", PASSWORD, roles=["seller"])
    for _ in range(5):
        Client().post("/login/", {"username": "shen", "password": "wrong"})
    assert "locked out" in admin.get("/settings/users/").content.decode()
    assert "Unlock now" in admin.get(f"/settings/users/{shen.pk}/").content.decode()
    admin.post(f"/settings/users/{shen.pk}/unlock/")
    assert "locked out" not in admin.get("/settings/users/?q=shen").content.decode()


def test_roles_are_shown_made_changed_and_deleted(admin: Client) -> None:
    page = admin.get("/settings/roles/").content.decode()
    assert "Service agent" in page
    assert "Read masked phones, e-mails and certificate numbers" in page
    seller = Role.objects.get(name="seller")
    form = admin.get(f"/settings/roles/new/?like={seller.pk}").content.decode()
    assert form.count("checked") == len(seller.permissions) + 1
    answers = {"name": "茶艺师", "visibility": "team", "permissions": ["customers.view"]}
    assert admin.post("/settings/roles/new/", answers).status_code == 302
    own = Role.objects.get(name="茶艺师")
    assert admin.post("/settings/roles/new/", answers).status_code == 422
    assert admin.post(f"/settings/roles/{own.pk}/", answers | {"visibility": "world"}).status_code == 422
    assert admin.post(f"/settings/roles/{own.pk}/", answers | {"permissions": []}).status_code == 302
    assert Role.objects.get(pk=own.pk).permissions == []
    assert "cannot be changed" in admin.get(f"/settings/roles/{seller.pk}/").content.decode()
    assert admin.post(f"/settings/roles/{seller.pk}/", answers | {"name": "seller"}).status_code == 422
    assert admin.post(f"/settings/roles/{own.pk}/delete/").status_code == 302
    assert not Role.objects.filter(pk=own.pk).exists()


def test_teams_and_branches_are_made_moved_and_deleted(admin: Client) -> None:
    admin.post("/settings/places/branches/new/", {"name": "浙江省分行"})
    province = Branch.objects.get()
    admin.post("/settings/places/branches/new/", {"name": "杭州市分行", "parent_id": province.pk})
    admin.post("/settings/places/teams/new/", {"name": "茶叶组", "branch_id": province.pk})
    page = admin.get("/settings/places/").content.decode()
    assert all(name in page for name in ("浙江省分行", "杭州市分行", "茶叶组", "gx-depth-1"))
    city, team = Branch.objects.get(name="杭州市分行"), Team.objects.get()
    refused = admin.post(f"/settings/places/branches/{province.pk}/", {"name": "浙江省分行", "parent_id": city.pk})
    assert "cannot lie below itself" in refused.content.decode()
    assert admin.post(f"/settings/places/teams/{team.pk}/", {"name": "绿茶组"}).status_code == 302
    assert admin.post(f"/settings/places/branches/{province.pk}/delete/").status_code == 409
    assert admin.post(f"/settings/places/teams/{team.pk}/delete/").status_code == 302
    assert not Team.objects.exists()
    assert (
        admin.get("/settings/places/teams/404/").status_code
        == admin.get("/settings/places/branches/4/").status_code
        == 404
    )


def test_ones_own_account(admin: Client) -> None:
    other = Client(headers={"user-agent": "Mozilla/5.0 (iPhone; like Mac OS X) Mobile Safari/604.1"})
    other.post("/login/", {"username": "admin", "password": PASSWORD})
    page = admin.get("/account/").content.decode()
    assert "Safari on iPhone" in page
    assert "this device" in page
    assert "Administrator" in page
    assert str(other.session.session_key) not in page
    number = SignIn.objects.get(session_key=other.session.session_key).number
    assert admin.post(f"/account/devices/{number}/end/").status_code == 302
    assert other.get("/account/").status_code == 302
    other.post("/login/", {"username": "admin", "password": PASSWORD})
    wrong = admin.post("/account/password/", {"present": "x", "new": BETTER, "again": BETTER})
    assert "The present password is not right." in wrong.content.decode()
    assert admin.post("/account/password/", {"present": PASSWORD, "new": BETTER, "again": BETTER}).status_code == 302
    assert admin.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert admin.post("/account/devices/end-others/").status_code == 302


def test_the_language_and_theme_of_the_account(admin: Client) -> None:
    admin.post("/language/", {"language": "zh-hans", "next": "/account/"})
    assert "我的账号" in admin.get("/account/").content.decode()
    admin.post("/theme/", {"theme": "dark", "next": "/account/"})
    assert 'data-bs-theme="dark"' in admin.get("/account/").content.decode()


@pytest.mark.parametrize(
    "address", ["users/", "users/new/", "users/1/", "roles/", "roles/new/", "roles/1/", "places/", "places/teams/new/"]
)
def test_settings_are_not_for_sellers(admin: Client, address: str) -> None:
    admin.force_login(create_user(SYSTEM, "shen", PASSWORD, roles=["seller"]))
    assert admin.get(f"/settings/{address}").status_code == 403
    assert admin.post(f"/settings/{address}").status_code in {403, 405}
