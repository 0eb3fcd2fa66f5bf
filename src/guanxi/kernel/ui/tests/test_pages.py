"""The policy every answer carries, and how errors are told."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import override_settings
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.errors import GuanxiError, PermissionDenied
from guanxi.kernel.ui.middleware import PERMISSIONS, POLICY, ProtectiveHeaders

pytestmark = pytest.mark.django_db


class FileMissing(GuanxiError):
    """A made-up mistake."""

    code = "file_missing"
    sentence = _("The file {name} is missing.")
    cure = _("Bring it again.")


def refuse(_request: HttpRequest) -> HttpResponse:
    raise PermissionDenied(permission="settings.manage")


def fail(_request: HttpRequest) -> HttpResponse:
    raise FileMissing(name="<july.csv>", place="inbox:3")


def crash(_request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [
    path("refuse/", refuse),
    path("fail/", fail),
    path("crash/", crash),
    path("", include("guanxi.config.urls")),
]


@pytest.fixture
def reader(client: Client) -> Client:
    ensure_roles(SYSTEM)
    client.force_login(create_user(SYSTEM, "liu", "correct horse battery", roles=["seller"]))
    client.cookies.load({"django_language": "en"})
    client.raise_request_exception = False
    return client


@override_settings(ROOT_URLCONF=__name__)
def test_a_refusal_names_the_permission_and_who_can_grant_it(reader: Client) -> None:
    answer = reader.get("/refuse/")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Manage users, roles and settings" in page
    assert "Ask an administrator" in page
    assert 'href="/"' in page


@override_settings(ROOT_URLCONF=__name__)
def test_a_mistake_is_told_with_place_and_cure(reader: Client) -> None:
    answer = reader.get("/fail/")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert all(
        text in page for text in ("The file &lt;july.csv&gt; is missing.", "inbox:3", "Bring it again.", "file_missing")
    )
    assert 'class="gx-menu"' in page


@override_settings(ROOT_URLCONF=__name__)
def test_htmx_gets_the_error_panel_alone(reader: Client) -> None:
    answer = reader.get("/fail/", headers={"hx-request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'role="alert"' in page
    assert "<html" not in page


@override_settings(ROOT_URLCONF=__name__)
def test_a_crash_is_told_in_both_languages(reader: Client) -> None:
    answer = reader.get("/crash/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "系统出错了" in page
    assert "Something broke" in page


def test_an_unknown_address_is_told_to_readers_and_to_strangers(reader: Client) -> None:
    inside = reader.get("/nowhere/")
    assert inside.status_code == 404
    assert "There is nothing at this address." in inside.content.decode()
    assert 'class="gx-menu"' in inside.content.decode()
    reader.logout()
    outside = reader.get("/nowhere/")
    assert outside.status_code == 404
    assert 'class="gx-menu"' not in outside.content.decode()


def test_an_address_that_only_takes_forms_leads_to_the_page_above(reader: Client) -> None:
    answer = reader.get("/customers/follow-ups/7/pin/")
    page = answer.content.decode()
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "This address is not a page." in page
    assert '<a class="btn btn-primary" href="/customers/follow-ups/7/">' in page
    assert 'href="/customers/"' in reader.get("/customers/steps/7/done/").content.decode()
    answer = Client(headers={"accept-language": "en"}).get("/language/")
    assert (answer.status_code, "This address is not a page." in answer.content.decode()) == (405, True)


def test_a_form_without_its_token_is_refused_in_words(reader: Client) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    answer = strict.post("/login/", {"username": "liu", "password": "x"})
    assert answer.status_code == 403
    assert "The page was open too long" in answer.content.decode()


def test_every_answer_carries_the_policy(reader: Client) -> None:
    for address in ("/customers/", "/login/", "/nowhere/"):
        answer = reader.get(address)
        assert answer["Content-Security-Policy"] == POLICY
        assert answer["Permissions-Policy"] == PERMISSIONS
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "unsafe" not in POLICY
    assert "script-src 'self'" in POLICY
    assert "frame-ancestors 'none'" in POLICY


def test_a_view_may_set_a_policy_of_its_own() -> None:
    answer = ProtectiveHeaders(lambda _: HttpResponse(headers={"Content-Security-Policy": "sandbox"}))(
        RequestFactory().get("/")
    )
    assert answer["Content-Security-Policy"] == "sandbox"


def test_the_menu_shows_only_what_the_reader_may_open(reader: Client) -> None:
    page = reader.get("/customers/").content.decode()
    menu = page.split('class="gx-menu"')[1].split("</nav>")[0]
    assert 'href="/customers/"' in menu
    assert 'aria-current="page"' in menu
    assert 'href="/updates/"' not in menu
    assert 'href="/settings/"' not in menu


def test_a_folded_menu_stays_folded(reader: Client) -> None:
    assert 'class="gx-frame"' in reader.get("/customers/").content.decode()
    reader.cookies.load({"guanxi_menu": "narrow"})
    assert 'class="gx-frame gx-narrow"' in reader.get("/customers/").content.decode()
