"""The component page: every component in every state, for who may see settings; and before axe with dialogs open."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.models import User
from guanxi.kernel.access.sessions import SessionStore
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.design import examples
from guanxi.kernel.design.catalogue import COMPONENTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def builder() -> User:
    ensure_roles(SYSTEM)
    return create_user(SYSTEM, "liu", "correct horse battery", roles=["administrator"])


@pytest.fixture
def desk(builder: User) -> Client:
    client = Client()
    client.force_login(builder)
    return client


@pytest.mark.parametrize("key", COMPONENTS)
def test_every_component_is_shown_with_its_words_and_its_keys(desk: Client, key: str) -> None:
    page = desk.get(f"/design/{key}/")
    component = COMPONENTS[key]
    assert page.status_code == 200
    assert page.text.count('<div class="gx-design-frame">') == len(page.context["states"]) >= 1
    assert all(f"<code>{one.name}</code>" in page.text for one in component.takes)
    assert all(str(press.does) in page.text for press in component.keys)
    assert " style=" not in page.text


def test_the_index_leads_to_all_of_them_and_unknown_ones_are_nowhere(desk: Client) -> None:
    index = desk.get("/design/").text
    assert [key for key in COMPONENTS if f'href="/design/{key}/"' not in index] == []
    assert desk.get("/design/nothing/").status_code == 404


def test_it_is_for_who_may_see_settings(builder: User) -> None:
    seller = Client()
    seller.force_login(create_user(SYSTEM, "amy", "correct horse battery", roles=["seller"]))
    for address in ("/design/", "/design/list/", "/design/card/"):
        assert seller.get(address).status_code == 403
    assert seller.post("/design/say/").status_code == 403


def test_the_example_list_is_asked_like_any_other(desk: Client) -> None:
    page = desk.get("/design/list/?where=stage:in:new;open&columns=name,due")
    assert "Stage is new or in progress" in page.text
    assert [head.column.key for head in page.context["states"][0].example.columns] == ["name", "due"]
    assert page.text.count("<tr data-href=") == len(examples.rows())
    wrong = desk.get("/design/list/?where=nothing:is:x")
    assert wrong.status_code == 409
    assert "<tr data-href=" not in wrong.text


def test_a_toast_says_what_is_asked_and_offers_the_way_back(desk: Client) -> None:
    htmx = {"HX-Request": "true"}
    said = desk.post("/design/say/", {"text": "3"}, headers=htmx)
    assert said.status_code == 204
    assert '"undoUrl": "/design/say/?undo"' in said.headers["HX-Trigger"]
    assert desk.post("/design/say/?undo", headers=htmx).headers["HX-Trigger"] == '{"gx:toast": {"text": "Taken back"}}'
    assert examples.RIGHT_TO_LEFT in desk.post("/design/say/", {"text": "3"}, follow=True).text


def complaints(page: Page, what: str) -> list[tuple[str, str, str]]:
    found = Axe().run(page).response["violations"]
    return [(what, one["id"], node["html"][:200]) for one in found for node in one["nodes"]]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("theme", "language", "width"), [("light", "zh-hans", 390), ("dark", "en", 1440)], ids=["light", "dark"]
)
def test_axe_is_content_with_every_component_and_dialog(
    chromium: Browser, live_server: LiveServer, builder: User, theme: str, language: str, width: int
) -> None:
    store = SessionStore()
    store["_auth_user_id"] = str(builder.pk)
    store["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    store["_auth_user_hash"] = builder.get_session_auth_hash()
    store.save()
    context = chromium.new_context(viewport={"width": width, "height": 900}, bypass_csp=True, reduced_motion="reduce")
    cookies = {"sessionid": store.session_key, "guanxi_theme": theme, "django_language": language}
    context.add_cookies(
        [{"name": name, "value": str(value), "url": live_server.url} for name, value in cookies.items()]
    )
    page, found = context.new_page(), list[tuple[str, str, str]]()
    for key in COMPONENTS:
        page.goto(f"{live_server.url}/design/{key}/")
        assert page.locator("html").get_attribute("lang") == language
        found += complaints(page, key)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append((key, "wider than the page", ""))

    dialog, panel, palette = page.locator("#gx-dialog"), page.locator("#gx-panel"), page.locator("#gx-palette")
    for key, opener in (
        ("filters", "[href*='at=all'][data-gx-dialog]"), ("list", "[href*='/columns/'][data-gx-dialog]"),
        ("views", "[href*='/views/'][data-gx-dialog]"),
    ):  # fmt: skip
        page.goto(f"{live_server.url}/design/{key}/")
        page.locator(f".gx-main {opener}").first.click()
        expect(dialog.locator(".gx-dialog-title")).to_be_visible()
        found += complaints(page, f"dialog of {key}")
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
    page.goto(f"{live_server.url}/design/panel/")
    page.locator("[data-gx-panel]").nth(2).click()
    expect(panel.locator("h2")).to_have_text(examples.LONG_NAME)
    found += complaints(page, "side panel")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(palette.get_by_role("option").first).to_be_visible()
    found += complaints(page, "palette")
    page.goto(f"{live_server.url}/design/toast/")
    page.locator("[name=text]").first.click()
    expect(page.locator(".gx-toast-undo:visible")).to_be_visible()
    found += complaints(page, "toast")
    page.goto(f"{live_server.url}/design/timeline/")
    page.locator("[data-gx-compose=call]").click()
    expect(page.locator("#composer textarea")).to_be_focused()
    found += complaints(page, "composer")
    page.goto(f"{live_server.url}/news/")
    found += complaints(page, "news")
    context.close()
    assert found == []
