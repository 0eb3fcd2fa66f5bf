"""The bin, and what is asked before somebody is deleted for ever, before axe."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from guanxi.customers.commands import delete_customer
from guanxi.customers.models import Customer
from guanxi.kernel.access.commands import choose_purge_after, create_user, set_company
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"


@pytest.mark.parametrize(("language", "width", "theme"), [("en", 1280, "dark"), ("zh-hans", 390, "light")])
def test_axe_is_content_with_the_bin(
    chromium: Browser, live_server: LiveServer, wang: Customer, manager: User, language: str, width: int, theme: str
) -> None:
    set_company(SYSTEM, "T公司")
    create_user(SYSTEM, "admin", PASSWORD, roles=["administrator"], display_name="管理员")
    choose_purge_after(SYSTEM, 90)
    delete_customer(manager, customer_id=wang.pk)
    context = chromium.new_context(
        locale="en-US", viewport={"width": width, "height": 800}, bypass_csp=True, reduced_motion="reduce"
    )
    context.add_cookies([
        {"name": "guanxi_theme", "value": theme, "url": live_server.url},
        {"name": "django_language", "value": language, "url": live_server.url},
    ])  # fmt: skip
    page = context.new_page()
    page.goto(live_server.url)
    page.locator("[name=username]").fill("admin")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/insight/")

    def look() -> None:
        page.wait_for_load_state("networkidle")
        found = Axe().run(page).response["violations"]
        assert [(page.url, one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url

    for address in (f"/customers/{wang.pk}/", "/settings/", "/customers/bin/"):
        page.goto(live_server.url + address)
        look()
    page.locator("tbody input[type=checkbox]").check()
    page.get_by_role("link", name="Delete for ever" if language == "en" else "彻底删除", exact=True).click()
    expect(page.get_by_role("dialog").locator(".btn-danger")).to_be_visible()
    look()
    context.close()
