"""The day of a seller in a browser: log a call, do the next step, type in a customer, meet somebody in one field."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Dialog, Page, expect
from pytest_django.live_server_helper import LiveServer

from guanxi.customers.commands import Edit, add_preference, create_customer, create_task, edit_customer, log_interaction
from guanxi.customers.models import Customer, Interaction, Task
from guanxi.customers.tests.factories import AS_OF, make_customers, make_standings
from guanxi.kernel.access.commands import create_user, ensure_roles, set_company
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"


@pytest.fixture
def shen() -> User:
    ensure_roles(SYSTEM)
    set_company(SYSTEM, "T公司")
    create_user(SYSTEM, "liu", PASSWORD, roles=["manager"], display_name="刘总")
    return create_user(SYSTEM, "shen", PASSWORD, roles=["seller"], display_name="沈嘉敏")


@pytest.fixture
def wang(shen: User) -> Customer:
    return create_customer(shen, values={"name": "王伟", "phone": "13812345678"})


def signed_in(
    browser: Browser, server: LiveServer, width: int = 1440, language: str = "en", *, axe: bool = False
) -> Page:
    context = browser.new_context(
        locale="en-US", viewport={"width": width, "height": 900}, bypass_csp=axe, reduced_motion="reduce"
    )
    context.add_cookies([{"name": "django_language", "value": "en", "url": server.url}])
    page = context.new_page()
    page.goto(server.url)
    page.get_by_label("User name").fill("shen")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/my-day/")
    context.add_cookies([{"name": "django_language", "value": language, "url": server.url}])
    return page


@pytest.fixture
def desk(chromium: Browser, live_server: LiveServer, shen: User) -> Iterator[Page]:
    page = signed_in(chromium, live_server)
    complaints = list[str]()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []
    page.context.close()


def drafts(page: Page) -> list[str]:
    return list(page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('gx-draft:'))"))


def test_a_call_takes_two_clicks_and_its_next_step_is_done_from_my_day(
    desk: Page, live_server: LiveServer, wang: Customer
) -> None:
    desk.goto(f"{live_server.url}/customers/{wang.pk}/")
    desk.get_by_role("link", name="Log a call").click()
    desk.get_by_role("button", name="Save", exact=True).click()
    timeline = desk.locator(".gx-timeline")
    expect(timeline.get_by_text("Call", exact=True)).to_be_visible()
    expect(desk.locator(".gx-toast").get_by_text("Logged: Call")).to_be_visible()
    assert Interaction.objects.values_list("kind", "reached", "direction").get() == ("call", True, "out")

    desk.locator("#composer").get_by_role("button", name="Visit").click()
    desk.keyboard.type("Liked the new tea set")
    desk.get_by_label("Content").check(force=True)
    desk.get_by_role("button", name="tomorrow").click()
    desk.get_by_label("What to do").fill("Send samples")
    desk.keyboard.press("Control+Enter")
    expect(timeline.get_by_text("Liked the new tea set")).to_be_visible()
    expect(desk.locator("#part-step").get_by_text("Send samples")).to_be_visible()
    expect(desk.locator("#part-about").get_by_text("Content")).to_be_visible()
    step = Task.objects.get()
    assert (step.title, step.due_on) == ("Send samples", timezone.localdate() + timedelta(days=1))

    Task.objects.update(due_on=timezone.localdate())
    desk.goto(f"{live_server.url}/my-day/")
    today = desk.locator("section", has=desk.get_by_role("heading", name="Today"))
    expect(today.get_by_text("Send samples")).to_be_visible()
    desk.get_by_role("button", name="Done: Send samples").click()
    expect(desk.get_by_text("All done for today.")).to_be_visible()
    assert Task.objects.get().state == "done"
    desk.locator(".gx-toast-undo").first.click()
    expect(desk.get_by_role("button", name="Done: Send samples")).to_be_visible()
    desk.get_by_role("button", name="Tomorrow: Send samples").click()
    expect(desk.get_by_text("All done for today.")).to_be_visible()
    assert Task.objects.get().due_on == timezone.localdate() + timedelta(days=1)


def test_what_is_being_typed_outlives_a_lost_page_and_an_undo_takes_a_call_back(
    desk: Page, live_server: LiveServer, wang: Customer
) -> None:
    address = f"{live_server.url}/customers/{wang.pk}/"
    desk.goto(address)
    desk.locator("#composer").get_by_role("button", name="Note").click()
    desk.keyboard.type("half a thought")
    asked = list[str]()

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    desk.once("dialog", leave)
    desk.reload()
    assert asked == ["beforeunload"]
    expect(desk.get_by_label("What was said", exact=True)).to_be_visible()
    expect(desk.get_by_label("What was said", exact=True)).to_have_value("half a thought")
    desk.get_by_label("What was said", exact=True).focus()
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".gx-timeline").get_by_text("half a thought")).to_be_visible()
    assert drafts(desk) == []
    desk.locator(".gx-toast-undo").click()
    expect(desk.locator(".gx-timeline").get_by_text("half a thought")).to_be_hidden()
    desk.locator("#composer").get_by_role("button", name="Note").click()
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("alert")).to_be_focused()
    expect(desk.get_by_role("alert")).to_contain_text("“What was said” is missing.")


def test_parts_are_filled_in_place_by_keyboard(desk: Page, live_server: LiveServer, wang: Customer) -> None:
    other = create_customer(User.objects.get(username="shen"), values={"name": "李雷"})
    desk.goto(f"{live_server.url}/customers/{wang.pk}/")
    desk.get_by_role("link", name="Add: Preferences and taboos").press("Enter")
    part = desk.locator("#part-preference")
    part.get_by_label("Never").check(force=True)
    part.get_by_label("About").select_option(label="Topics")
    part.get_by_label("What", exact=True).fill("politics")
    desk.keyboard.press("Enter")
    expect(part.locator("li.gx-never")).to_contain_text("politics")
    desk.get_by_label("Add a tag").fill("老客户")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("button", name="Take off: 老客户")).to_be_visible()
    desk.get_by_role("link", name="Add: Relations").press("Enter")
    relation = desk.locator("#part-relation")
    relation.get_by_label("Relation", exact=True).select_option(label="Family")
    relation.get_by_label("Other customer").press_sequentially("李雷")
    relation.get_by_role("radio").check()
    relation.get_by_role("button", name="Save").click()
    expect(relation.get_by_role("link", name="李雷")).to_have_attribute("href", f"/customers/{other.pk}/")
    desk.locator("#part-attachment input[type=file]").set_input_files(
        {"name": "报价.txt", "mimeType": "text/plain", "buffer": "茶".encode()}
    )
    expect(desk.get_by_role("link", name="报价.txt").first).to_be_visible()
    desk.get_by_role("button", name="Put into the bin: 报价.txt").press("Enter")
    expect(desk.locator("#part-attachment").get_by_role("link", name="报价.txt")).to_be_hidden()
    desk.locator(".gx-toast-undo").click()
    expect(desk.locator("#part-attachment").get_by_role("link", name="报价.txt")).to_be_visible()


def test_a_new_customer_with_a_known_phone(desk: Page, live_server: LiveServer, wang: Customer) -> None:
    desk.goto(f"{live_server.url}/my-day/")
    desk.keyboard.press("c")
    desk.wait_for_url("**/customers/new/")
    desk.get_by_label("Name").fill("王小伟")
    desk.get_by_label("Phone").press_sequentially("13812345678")
    expect(desk.get_by_text("Perhaps known already")).to_be_visible()
    expect(desk.get_by_role("link", name="王伟")).to_have_attribute("href", f"/customers/{wang.pk}/")
    desk.get_by_role("button", name="Create").click()
    desk.get_by_role("button", name="It is somebody else: create").click()
    expect(desk.get_by_role("heading", name="王小伟")).to_be_visible()
    assert Customer.objects.count() == 2
    assert drafts(desk) == []


def test_two_people_edit_one_field(desk: Page, live_server: LiveServer, wang: Customer) -> None:
    desk.goto(f"{live_server.url}/customers/{wang.pk}/")
    desk.keyboard.press("e")
    desk.wait_for_url("**/edit/")
    desk.get_by_label("City").fill("杭州")
    desk.get_by_label("Remark").fill("mine")
    edits = {"remark": Edit("theirs"), "city": Edit("上海")}
    edit_customer(User.objects.get(username="liu"), customer_id=wang.pk, edits=edits)
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_role("alert")).to_be_focused()
    expect(desk.get_by_role("alert")).to_contain_text("刘总 saved this customer at")
    expect(desk.get_by_label("Remark")).to_have_value("mine")
    expect(desk.get_by_text("theirs", exact=True)).to_be_visible()
    desk.get_by_label("Remark").fill("theirs and mine")
    desk.locator("[data-gx-take=city]").click()
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.wait_for_url(f"**/customers/{wang.pk}/")
    assert Customer.objects.values_list("city", "remark").get() == ("上海", "theirs and mine")


def test_a_step_is_dragged_to_another_day_and_moved_by_keyboard(
    desk: Page, live_server: LiveServer, shen: User, wang: Customer
) -> None:
    monday = timezone.localdate() + timedelta(days=7 - timezone.localdate().weekday())
    create_task(shen, customer_id=wang.pk, values={"title": "Send samples", "due_on": monday})
    desk.goto(f"{live_server.url}/my-day/calendar/?span=week&day={monday}")
    friday = monday + timedelta(days=4)
    desk.get_by_text("Send samples").first.drag_to(desk.locator(f'[data-gx-day="{friday}"]'))
    expect(desk.locator(f'[data-gx-day="{friday}"]').get_by_text("Send samples").first).to_be_visible()
    assert Task.objects.get().due_on == friday
    desk.locator(".gx-calendar-step summary").press("Enter")
    desk.get_by_label("Another day").fill(monday.isoformat())
    desk.get_by_role("button", name="Move").press("Enter")
    expect(desk.locator(f'[data-gx-day="{monday}"]').get_by_text("Send samples").first).to_be_visible()
    assert Task.objects.get().due_on == monday


def fill(shen: User, wang: Customer) -> None:
    """Something of everything."""
    make_customers(
        {"id": key, "name": f"客户{key}", "owner_id": shen.pk, "phone": "+8613800000000"} for key in range(900, 903)
    )
    quiet = {"stage": "decline", "status": "loyal", "tier": "vip", "last_purchase_on": AS_OF - timedelta(days=99)}
    make_standings({"customer_id": key, "spend_12m": 9, **quiet} for key in (wang.pk, 900, 901))
    add_preference(shen, customer_id=wang.pk, values={"attitude": "never", "kind": "topic", "value": "政治"})
    today = timezone.localdate()
    edit_customer(shen, customer_id=wang.pk, edits={"birth_on": Edit(today.replace(year=1996, day=1).isoformat())})
    for title, days in (("回访", 0), ("报价", 0), ("约见面", 3)):
        create_task(shen, customer_id=wang.pk, values={"title": title, "due_on": today + timedelta(days=days)})
    Task.objects.filter(title="报价").update(due_on=today - timedelta(days=2))
    log_interaction(shen, customer_id=wang.pk, values={"kind": "call", "satisfaction": 2, "body": "长" * 500})


@pytest.mark.parametrize(("language", "width", "theme"), [("en", 1440, "dark"), ("zh-hans", 390, "light")])
def test_axe_is_content_and_everything_fits(
    chromium: Browser, live_server: LiveServer, shen: User, wang: Customer, language: str, width: int, theme: str
) -> None:
    page = signed_in(chromium, live_server, width, language, axe=True)
    page.context.add_cookies([{"name": "guanxi_theme", "value": theme, "url": live_server.url}])
    mine = f"/customers/{wang.pk}/"

    def look(address: str) -> None:
        page.goto(live_server.url + address)
        page.wait_for_load_state("networkidle")
        found = Axe().run(page).response["violations"]
        assert [(address, one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address

    for address in ("/my-day/", mine):
        look(address)
    fill(shen, wang)
    for address in (
        "/my-day/", "/my-day/calendar/", "/my-day/calendar/?span=week", f"{mine}?log=call", f"{mine}parts/contact/new/",
        f"{mine}parts/preference/new/", "/customers/new/", f"{mine}edit/", f"{mine}timeline/",
    ):  # fmt: skip
        look(address)
    page.goto(live_server.url + mine)
    if width < 768:  # the columns are tabs, preferences come first
        expect(page.locator("#part-preference")).to_be_visible()
        expect(page.locator(".gx-timeline")).to_be_hidden()
        page.locator("#tab-did").click()
        expect(page.locator(".gx-timeline")).to_be_visible()
        expect(page.locator("#part-preference")).to_be_hidden()
    page.context.close()
