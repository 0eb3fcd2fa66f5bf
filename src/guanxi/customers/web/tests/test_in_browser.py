"""The customer pages by keyboard, on a phone, and before axe."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from guanxi.customers.commands.edit import delete_customer
from guanxi.customers.models import Customer
from guanxi.customers.tests.factories import AS_OF, make_customers, make_records, make_standings
from guanxi.kernel.access.commands import create_user, ensure_roles, set_company
from guanxi.kernel.access.system import SYSTEM

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"


@pytest.fixture
def some() -> None:
    ensure_roles(SYSTEM)
    set_company(SYSTEM, "T公司")
    create_user(SYSTEM, "liu", PASSWORD, roles=["service"])
    make_customers(
        {"id": key, "name": f"王伟{key}", "region_code": "CN-ZJ", "phone": f"+861381234{key:04}", "owner_code": "S07"}
        for key in range(1, 61)
    )
    make_standings(
        {"customer_id": key, "tier": "vip", "stage": "decline", "status": "loyal", "spend_12m": 100 - key,
         "frequency": 3, "first_purchase_on": AS_OF, "last_purchase_on": AS_OF}
        for key in range(1, 61)
    )  # fmt: skip
    make_records(
        {"source": "shop", "source_key": str(key), "customer_id": key, "is_main": True} for key in range(1, 61)
    )


def signed_in(browser: Browser, server: LiveServer, width: int, theme: str = "light", *, axe: bool = False) -> Page:
    context: BrowserContext = browser.new_context(
        locale="en-US", viewport={"width": width, "height": 800}, bypass_csp=axe, reduced_motion="reduce"
    )
    context.add_cookies([{"name": "guanxi_theme", "value": theme, "url": server.url}])
    page = context.new_page()
    page.goto(server.url)
    page.get_by_label("User name").fill("liu")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/my-day/")
    page.goto(f"{server.url}/customers/")
    return page


@pytest.fixture
def desk(chromium: Browser, live_server: LiveServer, some: None) -> Iterator[Page]:
    page = signed_in(chromium, live_server, 1440)
    complaints = list[str]()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []
    page.context.close()


def test_the_list_by_keyboard_alone(desk: Page) -> None:
    for key in ("j", "j", "k", "j"):
        desk.keyboard.press(key)
    desk.keyboard.press("Enter")
    panel = desk.get_by_role("complementary", name="Side panel")
    expect(panel.get_by_role("heading", name="王伟2")).to_be_visible()
    desk.keyboard.press("j")
    expect(panel.get_by_role("heading", name="王伟3")).to_be_visible()  # the panel follows
    desk.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    desk.keyboard.press("x")
    desk.keyboard.press("j")
    desk.keyboard.press("x")
    expect(desk.get_by_role("checkbox", name="Choose 王伟3", exact=True)).to_be_checked()
    expect(desk.get_by_role("region", name="What is chosen")).to_contain_text("2 chosen")
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("region", name="What is chosen")).to_be_hidden()
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog", name="Keys")).to_be_visible()
    desk.keyboard.press("Escape")
    desk.keyboard.press("k")
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url("**/customers/3/")
    desk.keyboard.press("/")
    desk.keyboard.type("0007")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/customers/?q=0007")
    expect(desk.get_by_role("link", name="王伟7", exact=True)).to_be_visible()
    expect(desk.locator("tbody tr")).to_have_count(1)
    desk.keyboard.press("g")
    desk.keyboard.press("c")
    desk.wait_for_url("**/customers/")


def test_a_cell_is_edited_in_place_and_taken_back(desk: Page) -> None:
    cell = desk.locator("tr[data-key='3'] td").filter(has_text="138****0003")
    expect(cell).to_have_count(1)
    before = desk.locator("tr[data-key='4']").bounding_box()
    cell.dblclick()
    phone = desk.locator(".gx-cell-edit input:not([type=hidden])")
    expect(phone).to_be_focused()
    assert desk.locator("tr[data-key='4']").bounding_box() == before  # nothing moves
    desk.keyboard.press("Control+a")
    desk.keyboard.type("13912345678")
    desk.keyboard.press("Enter")
    expect(desk.locator("tr[data-key='3']")).to_contain_text("139****5678")
    assert Customer.objects.get(pk=3).phone == "+8613912345678"
    desk.locator(".gx-toast-undo").click()
    expect(desk.locator("tr[data-key='3']")).to_contain_text("138****0003")
    assert Customer.objects.get(pk=3).phone == "+8613812340003"


def test_count_and_sums_follow_rows_that_changed_behind_the_page(desk: Page) -> None:
    expect(desk.locator("#gx-list-count")).to_have_text("60")
    expect(desk.locator("#gx-list-totals")).to_contain_text("Sum of 60")
    delete_customer(SYSTEM, customer_id=1)
    desk.evaluate("document.dispatchEvent(new CustomEvent('gx:changed'))")
    expect(desk.locator("tr[data-key='1']")).to_have_count(0)
    expect(desk.locator("#gx-list-count")).to_have_text("59")
    expect(desk.locator("#gx-list-totals")).to_contain_text("Sum of 59")


def test_letters_in_a_field_are_no_shortcut(desk: Page) -> None:
    desk.keyboard.press("/")
    desk.keyboard.type("jk/?x")
    assert desk.locator("[data-gx-search]").input_value() == "jk/?x"
    desk.keyboard.press("Escape")
    assert desk.evaluate("document.activeElement === document.body")


def test_a_page_opens_and_back_returns_to_the_same_place(desk: Page) -> None:
    desk.get_by_role("link", name="Next").click()
    desk.wait_for_url("**cursor=**")
    address = desk.url
    desk.get_by_role("checkbox", name="Choose 王伟55").check()
    desk.locator(".gx-list-wrap").evaluate("e => e.scrollTo(0, 120)")
    kept = desk.locator(".gx-list-wrap").evaluate("e => e.scrollTop")
    assert kept > 0
    for way in ("browser", "link"):
        desk.get_by_role("link", name="王伟58", exact=True).click(modifiers=["Control"])
        desk.locator("tr[data-key='58'] a").focus()
        desk.keyboard.press("Control+Enter")
        desk.wait_for_url("**/customers/58/")
        if way == "browser":
            desk.go_back()
        else:
            desk.get_by_role("link", name="Customers").last.click()
        desk.wait_for_url(address)
        expect(desk.get_by_role("checkbox", name="Choose 王伟55")).to_be_checked()
        assert desk.locator(".gx-list-wrap").evaluate("e => e.scrollTop") == kept
        assert desk.evaluate("document.activeElement.textContent") == "王伟58"


def test_a_filter_with_an_or_group_is_made_and_kept_as_a_view(desk: Page) -> None:
    desk.get_by_role("button", name="Filter").click()
    desk.get_by_role("link", name="Stable").click()
    desk.wait_for_url("**/customers/?stage=stable")
    expect(desk.get_by_text("No customer matches. Without “Stage is Stable”: 60.")).to_be_visible()
    desk.get_by_role("link", name="Stage is Stable", exact=True).click()  # the chip opens its editor
    dialog = desk.get_by_role("dialog", name="Change this condition")
    dialog.get_by_role("button", name="Or another condition").click()
    dialog.get_by_label("Field").nth(1).select_option(label="Name")
    expect(dialog.get_by_label("Comparison").nth(1)).to_have_value("contains")
    dialog.get_by_role("button", name="Apply").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Give a value.")
    dialog.get_by_label("Value", exact=True).nth(1).fill("伟1")
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url(lambda url: "/customers/?where=(stage:is:stable|name:contains:" in unquote(url))
    expect(desk.get_by_role("link", name="Stage is Stable or Name contains “伟1”", exact=True)).to_be_visible()
    expect(desk.locator("tbody tr")).to_have_count(11)
    desk.get_by_role("link", name="Views").click()
    desk.get_by_label("Keep filters, order and columns as a new view").fill("一号")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/customers/?view=*")
    expect(desk.get_by_text("Saved as “一号”.")).to_be_visible()
    expect(desk.get_by_role("link", name="一号")).to_have_attribute("aria-current", "page")
    desk.get_by_role("link", name="Name", exact=True).click()  # another order: the view is changed
    expect(desk.get_by_text("Changed, not saved")).to_be_visible()
    desk.get_by_role("link", name="Back to the saved view").click()
    expect(desk.get_by_text("Changed, not saved")).to_have_count(0)
    desk.get_by_role("link", name="Views").click()
    desk.get_by_role("button", name="Delete “一号”").click()
    desk.get_by_role("button", name="Undo").click()
    expect(desk.get_by_text("“一号” is back.")).to_be_visible()
    expect(desk.locator("tbody tr")).to_have_count(11)


def test_the_list_fits_and_its_head_stays(desk: Page) -> None:
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    head = desk.locator("thead th").first
    before = head.evaluate("e => e.getBoundingClientRect().top")
    desk.mouse.move(700, 500)
    desk.mouse.wheel(0, 900)
    desk.wait_for_timeout(200)
    assert head.evaluate("e => e.getBoundingClientRect().top") == before
    assert desk.locator(".gx-list-wrap").evaluate("e => e.scrollTop") > 300
    expect(desk.locator("tfoot")).to_contain_text("Sum of 60")
    expect(desk.locator("tfoot")).to_contain_text("4,170")
    assert desk.locator("tfoot td[data-label='Spend in 12 months']").inner_text() == "4,170"  # a phone names it


def test_on_a_phone_the_columns_are_tabs(chromium: Browser, live_server: LiveServer, some: None) -> None:
    page = signed_in(chromium, live_server, 390)
    page.goto(f"{live_server.url}/customers/1/")
    expect(page.get_by_role("heading", name="王伟1", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="What we know")).to_be_hidden()
    page.get_by_role("tab", name="What we know").click()
    expect(page.get_by_role("heading", name="What we know")).to_be_visible()
    expect(page.get_by_role("heading", name="Contact details")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_is_content(chromium: Browser, live_server: LiveServer, some: None, theme: str, width: int) -> None:
    page = signed_in(chromium, live_server, width, theme, axe=True)
    for address in ("/customers/", "/customers/?tier=vip&stage=stable", "/customers/1/", "/customers/99/", "/nowhere/"):
        page.goto(live_server.url + address)
        page.wait_for_load_state("networkidle")
        found = Axe().run(page).response["violations"]
        assert [(address, one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/login/")
    assert Axe().run(page).response["violations"] == []
    page.context.close()


def test_the_palette_finds_and_goes_by_keyboard_alone(desk: Page) -> None:
    desk.keyboard.press("Control+k")
    palette = desk.locator("#gx-palette")
    expect(palette).to_be_visible()
    expect(palette.get_by_role("option").first).to_have_text("New customer")
    desk.keyboard.type("王伟17")
    expect(palette.get_by_role("option", name="王伟17")).to_have_attribute("aria-selected", "true")
    desk.keyboard.press("Escape")
    expect(palette).to_be_hidden()
    desk.wait_for_timeout(500)  # what closes gives the focus back
    desk.keyboard.press("/")
    expect(desk.locator("[aria-controls=gx-suggest]")).to_be_focused()
    desk.keyboard.type("王伟2")
    suggested = desk.locator("#gx-suggest")
    expect(suggested.get_by_role("option")).to_have_count(8)
    expect(suggested.get_by_role("option").nth(1)).to_contain_text("王伟20")  # no more what the first letters found
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/customers/20/")
    desk.keyboard.press("Control+k")
    desk.keyboard.type("customers")
    expect(desk.locator("#gx-palette [aria-selected=true]")).to_have_text("Customers")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/customers/")


@pytest.mark.parametrize("width", [1440, 390])
def test_the_open_palette_is_accessible(chromium: Browser, live_server: LiveServer, some: None, width: int) -> None:
    page = signed_in(chromium, live_server, width, "dark", axe=True)
    if width == 390:  # there it stands in the menu of the account
        page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Search or command").click()
    page.keyboard.type("王伟")
    expect(page.locator("#gx-palette").get_by_role("option", name="王伟1", exact=False).first).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1440, 390])
def test_customers_are_merged_by_keyboard_and_parted_again(
    chromium: Browser, live_server: LiveServer, some: None, width: int
) -> None:
    page = signed_in(chromium, live_server, width, "dark", axe=True)
    first, second = Customer.objects.order_by("pk").values_list("pk", flat=True)[:2]
    page.goto(f"{live_server.url}/customers/merge/?ids={first},{second}")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Merge 2 customers").press("Enter")
    page.wait_for_url(f"**/customers/{first}/")
    expect(page.locator("main")).to_contain_text("Merged from")
    page.locator(".gx-toasts").get_by_role("button", name="Undo").press("Enter")
    expect(page.locator("main")).not_to_contain_text("Merged from")
