"""From an empty home to the three doors."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.first_run import HomeTaken, move_in
from guanxi.kernel.access.models import Company, Role, User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.ui import registry
from guanxi.kernel.ui.registry import Door

pytestmark = pytest.mark.django_db
ANSWERS = {"company": "T公司", "username": "admin", "password": "correct horse battery"}


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies.load({settings.LANGUAGE_COOKIE_NAME: "en"})
    return client


@pytest.mark.parametrize("address", ["/", "/login/", "/customers/", "/nowhere/"])
def test_every_address_of_an_empty_home_leads_to_the_first_run(client: Client, address: str) -> None:
    assert client.get(address)["Location"] == "/first-run/"


def test_the_page_asks_in_both_languages(client: Client) -> None:
    assert "Welcome to Guanxi" in client.get("/first-run/", headers={"accept-language": "en"}).content.decode()
    assert "欢迎使用知客" in client.get("/first-run/", headers={"accept-language": "zh"}).content.decode()


def test_moving_in_makes_company_roles_and_a_signed_in_administrator(english: Client) -> None:
    assert english.post("/first-run/", ANSWERS)["Location"] == "/first-run/doors/"
    user = User.objects.get()
    assert (user.username, user.language, [role.name for role in user.roles.all()]) == (
        "admin",
        "en",
        ["administrator"],
    )
    assert user.check_password(ANSWERS["password"])
    assert Company.objects.get().name == "T公司"
    assert english.session["_auth_user_id"] == str(user.pk)
    page = english.get("/first-run/doors/").content.decode()
    assert "How do you want to begin?" in page
    assert "Start typing" in page
    assert ANSWERS["password"] not in str(list(AuditEntry.objects.values_list("changes", flat=True)))


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [("password", "12345678", "The password is too weak"), ("company", " ", "required"), ("username", "", "required")],
)
def test_a_refusal_stands_beside_its_field_and_keeps_nothing(
    english: Client, field: str, value: str, told: str
) -> None:
    page = english.post("/first-run/", ANSWERS | {field: value}).content.decode()
    assert "Nothing was saved." in page
    assert told in page.split(f'id="err_{field}"')[1].split("</ul>")[0]
    assert not User.objects.exists()
    assert not Company.objects.exists()
    assert not Role.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_short_password_is_refused_in_chinese(client: Client) -> None:
    client.cookies.load({settings.LANGUAGE_COOKIE_NAME: "zh-hans"})
    page = client.post("/first-run/", ANSWERS | {"password": "t7!"}).content.decode()
    assert "密码强度不够：至少需要 8 个字符。" in page


def test_a_taken_home_takes_no_second_first_administrator(english: Client) -> None:
    ensure_roles(SYSTEM)
    create_user(SYSTEM, "owner", "correct horse battery", roles=["administrator"])
    assert english.get("/first-run/")["Location"] == "/login/"
    told = english.post("/first-run/", ANSWERS, follow=True)
    assert told.redirect_chain == [("/login/", 302)]
    assert "A company has already been set up here. Log in, or ask an administrator" in told.content.decode()
    with pytest.raises(HomeTaken):
        move_in(SYSTEM, **ANSWERS, language="en")
    assert [user.username for user in User.objects.all()] == ["owner"]


@pytest.fixture
def sample_door(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_doors", {})
    registry.add_door(Door("sample", "Sample company", "T", "users", 1, job="demo.make_company"))
    registry.add_door(Door("page", "Page", "P", "users", 2, url_name="customers"))


@pytest.fixture
def admin(english: Client) -> Client:
    english.force_login(move_in(SYSTEM, **ANSWERS, language="en"))
    return english


def test_a_door_with_a_job_asks_for_it_once_and_shows_how_it_goes(admin: Client, sample_door: None) -> None:
    first, second = (admin.post("/first-run/doors/sample/")["Location"] for _ in range(2))
    job = Job.objects.get()
    assert (job.name, job.payload, job.key) == ("demo.make_company", {}, "door:sample")
    assert first == second == f"/first-run/doors/sample/{job.pk}/"
    assert 'hx-trigger="every 2s"' in admin.get(first).content.decode()
    assert "waiting" in admin.get(first, headers={"hx-request": "true"}).content.decode()


@pytest.mark.parametrize(("state", "told"), [("done", "Have a look"), ("failed", "Try again")])
def test_the_end_of_the_job_shows_the_way_on_and_stops_the_asking(
    admin: Client, sample_door: None, state: str, told: str
) -> None:
    address = admin.post("/first-run/doors/sample/")["Location"]
    Job.objects.update(state=state, error="disk full")
    answer = admin.get(address, headers={"hx-request": "true"})
    assert answer.status_code == 286
    assert told in answer.content.decode()
    assert ("disk full" in answer.content.decode()) == (state == "failed")


def test_no_other_door_and_no_other_job_opens(admin: Client, sample_door: None) -> None:
    assert admin.post("/first-run/doors/page/").status_code == 404
    assert admin.post("/first-run/doors/none/").status_code == 404
    job = Job.objects.create(name="other", created_at="2026-01-01T00:00Z", run_at="2026-01-01T00:00Z")
    assert admin.get(f"/first-run/doors/sample/{job.pk}/").status_code == 404


def test_a_seller_may_not_start_the_sample_company(admin: Client, sample_door: None) -> None:
    admin.force_login(create_user(SYSTEM, "liu", ANSWERS["password"], roles=["seller"]))
    assert admin.post("/first-run/doors/sample/").status_code == 403
    assert not Job.objects.exists()
