"""Logging in and out, and what the reader chooses: language and theme."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from guanxi.kernel.access.commands import create_user, ensure_roles, set_company
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def liu() -> User:
    ensure_roles(SYSTEM)
    set_company(SYSTEM, "T公司")
    return create_user(SYSTEM, "liu", PASSWORD, roles=["seller"], display_name="刘敏")


def log_in(client: Client, **more: str) -> int:
    return client.post("/login/", {"username": "liu", "password": PASSWORD} | more).status_code


def test_every_page_asks_for_a_log_in_and_comes_back(client: Client, liu: User) -> None:
    answer = client.get("/customers/?tier=vip")
    assert answer.status_code == 302
    assert answer["Location"] == "/login/?next=/customers/%3Ftier%3Dvip"
    answer = client.post("/login/", {"username": "liu", "password": PASSWORD, "next": "/customers/?tier=vip"})
    assert answer["Location"] == "/customers/?tier=vip"


def test_the_page_names_the_company_and_offers_the_other_language(client: Client, liu: User) -> None:
    english = client.get("/login/", headers={"accept-language": "en"}).content.decode()
    assert "T公司" in english
    assert ">Log in<" in english
    assert 'value="zh-hans"' in english
    chinese = client.get("/login/", headers={"accept-language": "zh-CN"}).content.decode()
    assert ">登录<" in chinese
    assert 'value="en"' in chinese


def test_a_refusal_does_not_say_which_of_the_two_was_wrong(client: Client, liu: User) -> None:
    client.cookies.load({settings.LANGUAGE_COOKIE_NAME: "en"})
    wrong = [
        client.post("/login/", {"username": name, "password": "wrong"}).content.decode() for name in ("liu", "nobody")
    ]
    assert all("User name or password is wrong." in page for page in wrong)
    assert "_auth_user_id" not in client.session


def test_nobody_is_led_to_another_site(client: Client, liu: User) -> None:
    assert (
        client.post("/login/", {"username": "liu", "password": PASSWORD, "next": "//evil.example/"})["Location"] == "/"
    )
    assert client.post("/theme/", {"theme": "dark", "next": "https://evil.example/"})["Location"] == "/"


def test_logging_out_ends_the_session(client: Client, liu: User) -> None:
    assert log_in(client) == 302
    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/customers/").status_code == 302


def test_home_is_my_day_for_a_seller(client: Client, liu: User) -> None:
    client.force_login(liu)
    assert client.get("/")["Location"] == "/my-day/"


def test_a_user_without_a_role_is_told_so(client: Client, liu: User) -> None:
    client.force_login(create_user(SYSTEM, "new", PASSWORD, language="en"))
    client.cookies.load({settings.LANGUAGE_COOKIE_NAME: "en"})
    answer = client.get("/")
    assert answer.status_code == 403
    assert "You have no role yet" in answer.content.decode()


def test_the_language_is_remembered_for_the_user(client: Client, liu: User) -> None:
    client.force_login(liu)
    answer = client.post("/language/", {"language": "en", "next": "/customers/"})
    assert answer["Location"] == "/customers/"
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert User.objects.get(pk=liu.pk).language == "en"
    entry = AuditEntry.objects.get(command="kernel.access.preferences.remember_language")
    assert (entry.target_key, entry.changes) == (str(liu.pk), {"language": ["", "en"]})


def test_the_remembered_language_comes_back_with_the_log_in(client: Client, liu: User) -> None:
    User.objects.filter(pk=liu.pk).update(language="en")
    answer = client.post("/login/", {"username": "liu", "password": PASSWORD})
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_a_language_chosen_before_the_log_in_wins(client: Client, liu: User) -> None:
    User.objects.filter(pk=liu.pk).update(language="en")
    client.post("/language/", {"language": "zh-hans", "next": "/login/"})
    assert log_in(client) == 302
    assert User.objects.get(pk=liu.pk).language == "zh-hans"
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "zh-hans"


def test_an_unknown_language_changes_nothing(client: Client, liu: User) -> None:
    client.force_login(liu)
    client.post("/language/", {"language": "tlh", "next": "/"})
    assert User.objects.get(pk=liu.pk).language == ""
    assert AuditEntry.objects.filter(command__contains="remember_language").count() == 0


@pytest.mark.parametrize(("theme", "rendered"), [("dark", "dark"), ("light", "light"), ("auto", "light")])
def test_the_server_renders_the_chosen_theme(client: Client, liu: User, theme: str, rendered: str) -> None:
    client.post("/theme/", {"theme": theme, "next": "/login/"})
    page = client.get("/login/").content.decode()
    assert f'data-bs-theme="{rendered}" data-gx-theme="{theme}"' in page


def test_a_theme_that_is_none_is_not_kept(client: Client, liu: User) -> None:
    assert not client.post("/theme/", {"theme": "pink", "next": "/login/"}).cookies
