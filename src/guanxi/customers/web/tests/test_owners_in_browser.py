"""Changing the owner in a dialog, and the table of those who looked after the customer, before axe."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from guanxi.customers.models import Customer, Ownership
from guanxi.kernel.access.commands import set_company
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"


@pytest.mark.parametrize("width", [1280, 390])
def test_the_owner_is_changed_with_a_reason_that_shows(
    chromium: Browser, live_server: LiveServer, wang: Customer, manager: User, colleague: User, width: int
) -> None:
    set_company(SYSTEM, "T公司")
    context = chromium.new_context(
        locale="en-US", viewport={"width": width, "height": 800}, bypass_csp=True, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(live_server.url)
    page.get_by_label("User name").fill("liu")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/insight/")

    def look() -> None:
        found = Axe().run(page).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.goto(f"{live_server.url}/customers/{wang.pk}/")
    page.get_by_role("button", name="More").click()
    page.get_by_role("link", name="Change the owner").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("New owner")).to_be_focused()
    look()
    dialog.get_by_label("New owner").select_option(label="方磊")
    dialog.get_by_label("Why").fill("搬到北京")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("The customer has another owner now.")).to_be_visible()
    if width < 768:
        page.get_by_role("tab", name="What we know").click()
    card = page.locator("#owners")
    expect(card.get_by_role("listitem").nth(0)).to_contain_text("方磊 since")
    expect(card.get_by_role("listitem").nth(1)).to_contain_text("somebody else was given the customer: 搬到北京")
    look()
    card.get_by_role("link", name="As a table").click()
    expect(page.get_by_role("heading", name="Who looked after the customer")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(2)
    assert page.locator(".gx-table-wrap").evaluate("e => e.scrollWidth <= e.clientWidth")
    look()
    assert Ownership.objects.get(until=None).got_because == "搬到北京"
    context.close()
