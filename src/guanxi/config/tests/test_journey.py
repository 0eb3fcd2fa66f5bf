"""A manager and an operator at work in a real browser, on the sample company as `guanxi serve` serves it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from guanxi.config.tests.conftest import SampleHome
from guanxi.demo.logins import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WIDE, PHONE = (1440, 900), (390, 844)
SCREENSHOTS = os.environ.get("GUANXI_TEST_SCREENSHOTS")  # the folder `make screenshots` writes into
BETWEEN = re.compile(r"\s+")
# Controls that a finger misses: links within a sentence are as high as it, a box in a label is hit by the label.
TOO_SMALL = """() => [...document.querySelectorAll('a, button, summary, select, textarea, input:not([type=hidden])')]
  .filter((one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && !one.closest('.visually-hidden, .gx-skip') && getComputedStyle(one).display !== 'inline'
    && !(one.tagName === 'INPUT' && one.closest('label, .gx-pick')))
  .map((one) => [one.className || one.tagName, Math.round(one.getBoundingClientRect().height)])
  .filter(([, height]) => height > 1 && height < 44)"""
CUT_SHORT = """() => [...document.querySelectorAll('.gx-menu-word')]
  .filter((word) => word.scrollWidth > word.clientWidth).map((word) => word.innerText)"""


class Visitor:
    """Somebody at a browser of a certain size, in a language."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.address = address
        self.troubles: list[str] = []
        self.page.on("console", lambda message: self.troubles.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def sign_in(self, username: str) -> None:
        """Sign in by keyboard."""
        self.page.goto(f"{self.address}/login/")
        self.page.locator("#id_username").fill(username)
        self.page.locator("#id_password").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        expect(self.page).not_to_have_url(re.compile("/login/"))
        self.page.wait_for_load_state("networkidle")

    def go(self, path: str) -> None:
        """Open a page and wait until its charts are drawn."""
        answer = self.page.goto(f"{self.address}{path}")
        assert answer is not None
        assert answer.status == 200
        self.page.wait_for_load_state("networkidle")

    def look(self, picture: str = "") -> None:
        """See that the page is accessible, without errors and no wider than the screen; keep a picture of it."""
        results = Axe().run(self.page)
        assert results.violations_count == 0, results.generate_report()
        assert self.troubles == []
        widths = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert widths[0] <= widths[1]
        if widths[1] == PHONE[0]:
            assert self.page.evaluate(TOO_SMALL) == []
            assert self.page.evaluate(CUT_SHORT) == []
        if picture and SCREENSHOTS:
            self.page.wait_for_timeout(1200)  # charts move in
            self.page.screenshot(path=str(Path(SCREENSHOTS) / f"{picture}.png"))


@pytest.fixture
def visit(chromium: Browser, served_sample: SampleHome) -> Iterator[object]:
    contexts: list[BrowserContext] = []

    def begin(size: tuple[int, int], locale: str = "zh-CN", scheme: str = "light") -> Visitor:
        width, height = size
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale=locale, color_scheme=scheme,  # type: ignore[arg-type]
            reduced_motion="reduce",
        )  # fmt: skip
        contexts.append(context)
        return Visitor(context, served_sample.address)

    yield begin
    for context in contexts:
        context.close()


def test_a_manager_reads_who_the_customers_are_and_drills_to_one(visit) -> None:  # type: ignore[no-untyped-def]
    manager = visit(WIDE)
    manager.sign_in("liu")
    page = manager.page
    expect(page).to_have_url(re.compile("/insight/$"))  # a manager's home
    headline = BETWEEN.sub("", page.locator(".gx-headline").first.inner_text())
    assert "8万条记录,其实是63,467位客户" in headline.replace("，", ",")
    assert "1%带来31%的收入" in headline
    manager.look("who-zh")

    page.get_by_role("button", name=re.compile("English")).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert "80,000 records are really 63,467 customers" in page.locator(".gx-headline").first.inner_text()
    manager.look("who-en")
    page.get_by_role("button", name=re.compile("中文")).click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")

    tiers = page.locator("a[href*='tier=vip']")
    address = tiers.first.get_attribute("href")
    assert address is not None
    manager.go(address)
    expect(page.locator("tbody tr")).to_have_count(50)
    manager.look("customers-zh")
    page.locator("tbody tr a").first.click()  # a look in the side panel, before the whole page
    expect(page.locator("#gx-panel")).to_be_visible()
    customer = page.locator("tbody tr a").first.get_attribute("href")
    assert customer is not None
    manager.go(customer)
    expect(page).to_have_url(re.compile(r"/customers/\d+/"))
    expect(page.get_by_role("heading", name="购买记录")).to_be_visible()
    manager.look("customer-zh")


@pytest.mark.parametrize(
    ("size", "locale", "scheme"),
    [(WIDE, "zh-CN", "light"), (WIDE, "en-US", "dark"), (PHONE, "zh-CN", "light"), (PHONE, "en-US", "dark")],
    ids=["wide-zh-light", "wide-en-dark", "phone-zh-light", "phone-en-dark"],
)
def test_every_page_is_accessible_in_both_languages_sizes_and_themes(visit, size, locale, scheme) -> None:  # type: ignore[no-untyped-def]
    visitor = visit(size, locale, scheme)
    visitor.page.goto(f"{visitor.address}/login/")
    visitor.look()
    visitor.sign_in("admin")
    for path in ("/insight/", "/insight/value/", "/customers/", "/customers/?status=lost&region=CN-ZJ",
                 "/customers/?q=王伟", "/updates/", "/updates/1/", "/settings/"):  # fmt: skip
        visitor.go(path)
        visitor.look("who-phone-zh" if (path, size, locale, scheme) == ("/insight/", PHONE, "zh-CN", "light") else "")


def test_an_operator_resumes_a_failed_update(visit, served_sample: SampleHome) -> None:  # type: ignore[no-untyped-def]
    operator = visit(WIDE)
    operator.sign_in("zheng")
    page = operator.page
    expect(page).to_have_url(re.compile("/updates/$"))  # an operator's home
    operator.go("/updates/1/")
    operator.look("updates-zh")
    operator.go("/updates/")
    orders = served_sample.sources / "shop" / "orders.csv"
    away = orders.rename(orders.with_suffix(".away"))
    try:
        page.get_by_role("button", name="开始更新").click()
        expect(page.get_by_role("button", name="继续").first).to_be_visible(timeout=60_000)
    finally:
        away.rename(orders)
    expect(page.locator("main")).to_contain_text("orders.csv")
    operator.look()
    with page.expect_navigation():
        page.get_by_role("button", name="继续").first.click()
    operator.go("/updates/2/")
    expect(page.locator("main .badge, main .gx-badge").first).to_contain_text("已完成", timeout=120_000)
    operator.look()


def test_a_seller_sees_customers_and_no_updates(visit) -> None:  # type: ignore[no-untyped-def]
    seller = visit(WIDE)
    seller.sign_in("shen")
    expect(seller.page).to_have_url(re.compile("/my-day/$"))
    answer = seller.page.goto(f"{seller.address}/updates/")
    assert answer is not None
    assert answer.status == 403
    assert "数据更新" not in seller.page.locator("nav").first.inner_text()


def test_ten_thousand_are_tagged_with_progress_and_all_of_it_is_taken_back(visit) -> None:  # type: ignore[no-untyped-def]
    manager = visit(WIDE)
    manager.sign_in("liu")
    page = manager.page
    manager.go("/customers/?stage=stable")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.locator("[data-gx-choose-matching]").press("Enter")
    expect(page.locator("[data-gx-chosen]")).to_have_text(re.compile(r"^1\d,\d{3}$"))
    chosen = page.locator("[data-gx-chosen]").inner_text()
    page.get_by_role("link", name="加标签").press("Enter")
    expect(page.locator("#gx-dialog")).to_contain_text(f"符合条件的全部 {chosen} 位客户")
    page.keyboard.type("秋茶品鉴")
    page.keyboard.press("Control+Enter")
    under_way, toasts = page.locator("#gx-work"), page.locator(".gx-toasts")
    expect(under_way.locator("progress")).to_be_visible(timeout=60_000)
    expect(page.locator("tbody tr")).to_have_count(50)  # the page stays usable
    expect(toasts).to_contain_text(f"改动 {chosen} 条", timeout=60_000)
    expect(under_way).not_to_have_class(re.compile("gx-work-open"))
    toasts.get_by_role("button", name="撤销").press("Enter")
    expect(toasts).to_contain_text(f"恢复 {chosen} 条", timeout=60_000)
    manager.go("/work/")
    expect(page.get_by_text("已撤销")).to_be_visible()
    manager.look()


def test_a_list_is_followed_up_and_an_earlier_result_is_read(visit) -> None:  # type: ignore[no-untyped-def]
    marketer = visit(WIDE)
    marketer.sign_in("wu")
    page = marketer.page
    marketer.go("/customers/?tier=vip&region=CN-ZJ")
    count = int(page.locator(".gx-page-title .gx-count").inner_text().split("/")[0].strip())
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.locator("[data-gx-choose-matching]").click()
    page.get_by_role("link", name="发起跟进").click()
    page.wait_for_url("**/marketing/new/**")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{count}")
    marketer.look()
    page.locator("#id_name").fill("浙江贵宾")
    page.locator("#id_reason").fill("请他们来品新茶")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/marketing/follow-ups/*/")
    control = page.locator(".gx-figure").nth(2).locator(".gx-figure-value")
    expect(control).to_have_text(str(round(count / 10)), timeout=30_000)
    marketer.look()
    page.get_by_role("button", name="收回未完成的任务").click()
    expect(page.locator("main")).to_contain_text("已收回")
    page.get_by_role("navigation").get_by_role("link", name="跟进活动").click()
    page.get_by_role("link", name="老客户秋季回访").click()
    page.wait_for_load_state("networkidle")
    expect(page.locator(".gx-headline")).to_contain_text("40 位中的")
    expect(page.locator(".gx-chart canvas")).to_have_count(1)
    marketer.look("follow-up-zh")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_what_a_seller_opens_daily_is_accessible_and_fits(visit, size) -> None:  # type: ignore[no-untyped-def]
    seller = visit(size)
    seller.sign_in("shen")
    expect(seller.page).to_have_url(re.compile("/my-day/$"))
    seller.page.wait_for_load_state("networkidle")
    seller.look("my-day-phone-zh" if size == PHONE else "")
    mine = seller.page.locator("main li a[href^='/customers/']").first.get_attribute("href")
    assert mine is not None
    customer = mine.split("?")[0]
    for path in (
        "/my-day/calendar/", "/customers/", customer, f"{customer}?log=call", f"{customer}edit/",
        f"{customer}purchases/new/", f"{customer}history/", "/customers/new/", "/news/", "/work/",
    ):  # fmt: skip
        seller.go(path)
        seller.look()
