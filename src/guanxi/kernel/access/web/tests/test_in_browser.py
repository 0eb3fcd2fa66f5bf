"""A session that ends while somebody writes, and the screens of account and settings, in a real browser."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test.utils import override_settings
from django.urls import include, path
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from guanxi.kernel.access.commands import (
    create_branch,
    create_role,
    create_team,
    create_user,
    ensure_roles,
    set_company,
    turn_on_second_factor,
)
from guanxi.kernel.access.models import SignIn, Team, User
from guanxi.kernel.access.system import SYSTEM

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"
PAGE = """{% extends "ui/page.html" %}{% block title %}Notes{% endblock %}
{% block content %}<h1>Notes</h1>
<form method="post" action="/said/">{% csrf_token %}<label>Plain <textarea name="text"></textarea></label>
<button name="way" value="first">Send first</button><button name="way" value="second">Send second</button></form>
<form hx-post="/said/" hx-target="#heard">{% csrf_token %}<label>Part <input name="text"></label>
<button name="way" value="part">Send part</button><button name="way" value="other">Other</button></form>
<div id="heard"></div><div hx-get="/said/" hx-trigger="every 300ms" id="polled">not yet</div>{% endblock %}"""


def notes(request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(PAGE).render({}, request))


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    raise AssertionError(request.path)


def said(request: HttpRequest) -> HttpResponse:
    return HttpResponse("{user}: {way}: {text}".format(user=request.user, way=request.POST.get("way"),
                                                        text=request.POST.get("text")))  # fmt: skip


urlpatterns = [
    path("notes/", notes),
    path("said/", said),
    path("broken/", broken),
    path("", include("guanxi.config.urls")),
]


@pytest.fixture(autouse=True)
def these_addresses() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def company() -> None:
    ensure_roles(SYSTEM)
    set_company(SYSTEM, "T公司", "en")
    province = create_branch(SYSTEM, "浙江省分行")
    city = create_branch(SYSTEM, "杭州市分行", parent_id=province.pk)
    tea = create_team(SYSTEM, "茶叶组", branch_id=city.pk)
    create_role(SYSTEM, "茶艺师", permissions=["customers.view"], visibility="team")
    create_user(SYSTEM, "admin", PASSWORD, roles=["administrator"], display_name="系统管理员", language="en")
    create_user(SYSTEM, "shen", PASSWORD, roles=["seller", "茶艺师"], display_name="沈嘉敏", employee_no="S01",
                team_id=tea.pk)  # fmt: skip


def opened(browser: Browser, server: LiveServer, username: str, width: int = 1440, **options: object) -> Page:
    context = browser.new_context(
        locale="en-US", viewport={"width": width, "height": 900}, reduced_motion="reduce", **options  # type: ignore[arg-type]
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"{server.url}/login/")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("/login/"))
    return page


def log_in_above(page: Page, password: str = PASSWORD) -> None:
    dialog = page.get_by_role("dialog", name="Log in again")
    expect(dialog.get_by_label("Password")).to_be_focused()
    expect(dialog.get_by_label("User name")).to_have_value("shen")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def test_what_was_typed_survives_the_end_of_a_session(
    chromium: Browser, live_server: LiveServer, company: None
) -> None:
    page = opened(chromium, live_server, "shen")
    page.goto(f"{live_server.url}/notes/")
    page.get_by_label("Part").fill("half a sentence")
    page.get_by_label("Plain").fill("两行\n字")
    expect(page.locator("#polled")).to_contain_text("None")
    SignIn.objects.all().delete()
    page.wait_for_timeout(700)  # the page polls on, and does not bother anybody
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#polled")).to_contain_text("沈嘉敏: None")

    page.get_by_role("button", name="Send part").click()
    log_in_above(page, "wrong")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("User name or password is wrong.")
    assert page.get_by_label("Part").input_value() == "half a sentence"
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#heard")).to_be_empty()

    page.get_by_role("button", name="Send part").click()
    log_in_above(page)
    expect(page.locator("#heard")).to_have_text("沈嘉敏: part: half a sentence")
    expect(page.get_by_role("dialog")).to_have_count(0)

    SignIn.objects.all().delete()
    page.get_by_role("button", name="Send second").click()
    log_in_above(page)
    expect(page.locator("body")).to_contain_text("沈嘉敏: second: 两行 字")
    page.context.close()


def test_logging_in_above_a_page_in_two_steps(chromium: Browser, live_server: LiveServer, company: None) -> None:
    secret, step = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", int(time.time()) // 30
    page = opened(chromium, live_server, "shen")
    codes = turn_on_second_factor(
        User.objects.get(username="shen"), secret=secret, code=format_hotp_value(hotp_value(secret, step)),
        session_key=SignIn.objects.get().session_key,
    )  # fmt: skip
    page.goto(f"{live_server.url}/notes/")
    page.get_by_label("Part").fill("half a sentence")
    SignIn.objects.all().delete()
    page.get_by_role("button", name="Send part").click()
    log_in_above(page)
    dialog = page.get_by_role("dialog", name="One more step")
    expect(dialog.get_by_label("Code")).to_be_focused()
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("This code is wrong, or was used already.")
    expect(dialog.get_by_label("Code")).to_be_focused()
    page.keyboard.type(codes[0])
    page.keyboard.press("Enter")
    expect(page.locator("#heard")).to_have_text("沈嘉敏: part: half a sentence")
    page.context.close()


def test_a_log_in_in_another_tab_does_not_spoil_the_form(
    chromium: Browser, live_server: LiveServer, company: None
) -> None:
    page = opened(chromium, live_server, "shen")
    page.goto(f"{live_server.url}/notes/")
    page.get_by_label("Part").fill("still here")
    other = page.context.new_page()
    SignIn.objects.all().delete()
    other.goto(f"{live_server.url}/login/")
    other.get_by_label("User name").fill("shen")
    other.get_by_label("Password").fill(PASSWORD)
    other.keyboard.press("Enter")
    expect(other).not_to_have_url(re.compile("/login/"))
    page.get_by_role("button", name="Other").click()
    expect(page.locator("#heard")).to_have_text("沈嘉敏: other: still here")
    page.get_by_label("Plain").fill("too")
    page.get_by_role("button", name="Send first").click()
    expect(page.locator("body")).to_contain_text("沈嘉敏: first: too")
    page.context.close()


def test_another_user_does_not_send_what_the_first_one_typed(
    chromium: Browser, live_server: LiveServer, company: None
) -> None:
    page = opened(chromium, live_server, "shen")
    page.goto(f"{live_server.url}/notes/")
    page.get_by_label("Part").fill("mine")
    SignIn.objects.all().delete()
    page.get_by_role("button", name="Send part").click()
    dialog = page.get_by_role("dialog", name="Log in again")
    dialog.get_by_label("User name").fill("admin")
    dialog.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#heard")).to_be_empty()
    assert page.locator("body").get_attribute("data-gx-user") == "admin"
    page.context.close()


BOTH = pytest.mark.parametrize(("width", "theme", "locale"), [(1440, "light", "en-US"), (390, "dark", "zh-CN")])


def choose(context: BrowserContext, server: LiveServer, theme: str, locale: str) -> None:
    """Theme and language, as one chose them before."""
    context.add_cookies([
        {"name": "guanxi_theme", "value": theme, "url": server.url},
        {"name": "django_language", "value": "en" if locale == "en-US" else "zh-hans", "url": server.url},
    ])  # fmt: skip


def look(page: Page) -> None:
    """See that the page is accessible, and no wider than the screen."""
    page.wait_for_load_state("networkidle")
    found = Axe().run(page).response["violations"]
    assert [(page.url, one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


@BOTH
def test_account_and_settings_before_axe(
    chromium: Browser, live_server: LiveServer, company: None, width: int, theme: str, locale: str
) -> None:
    page = opened(chromium, live_server, "admin", width, bypass_csp=True)
    choose(page.context, live_server, theme, locale)
    shen, team = User.objects.get(username="shen"), Team.objects.get()
    for address in (
        "/account/", "/account/password/", "/account/second-factor/", "/account/second-factor/set-up/",
        "/settings/", "/settings/users/", "/settings/users/new/",
        f"/settings/users/{shen.pk}/", "/settings/roles/", "/settings/roles/new/", "/settings/places/",
        f"/settings/places/teams/{team.pk}/",
    ):  # fmt: skip
        page.goto(live_server.url + address)
        look(page)
    page.context.close()


@BOTH
def test_the_pages_around_the_log_in_before_axe(
    chromium: Browser, live_server: LiveServer, company: None, settings: Settings, width: int, theme: str, locale: str
) -> None:
    settings.OIDC_ISSUER, settings.OIDC_LABEL = "https://login.example.com", "茶业统一认证"
    secret, step = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", int(time.time()) // 30
    shen = User.objects.get(username="shen")
    codes = turn_on_second_factor(shen, secret=secret, code=format_hotp_value(hotp_value(secret, step)))
    context = chromium.new_context(
        locale=locale, viewport={"width": width, "height": 900}, reduced_motion="reduce", bypass_csp=True
    )
    choose(context, live_server, theme, locale)
    page = context.new_page()

    def log_in(password: str) -> None:
        page.goto(f"{live_server.url}/login/")
        page.locator("#id_username").fill("shen")
        page.locator("#id_password").fill(password)
        page.keyboard.press("Enter")
        page.wait_for_load_state("networkidle")

    page.goto(f"{live_server.url}/login/")
    look(page)  # with the button of the provider
    for address, status in (("/login/oidc/callback/", 403), ("/broken/", 500)):
        answer = page.goto(live_server.url + address)
        assert answer is not None
        assert answer.status == status
        look(page)
        expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
    log_in(PASSWORD)
    assert page.url == f"{live_server.url}/login/code/"
    look(page)
    page.locator("#id_code").fill("000000")
    page.keyboard.press("Enter")
    wrong = {"en-US": "used already. Wait for", "zh-CN": "动态码不正确，或者已经用过。请等下一个动态码，"}
    expect(page.get_by_role("alert")).to_contain_text(wrong[locale])
    look(page)
    page.locator("#id_code").fill(codes[0])
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("/login/"))
    for address in ("/account/second-factor/", "/account/second-factor/off/", "/account/second-factor/codes/"):
        page.goto(live_server.url + address)
        look(page)
    page.locator("#id_password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#codes")).to_be_visible()
    look(page)
    context.clear_cookies(name="sessionid")
    for _ in range(settings.AXES_FAILURE_LIMIT):
        log_in("wrong")
    expect(page.locator(".gx-stop")).to_be_visible()
    look(page)
    context.close()
