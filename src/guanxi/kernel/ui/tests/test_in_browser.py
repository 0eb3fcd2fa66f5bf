"""The charts and the frame in a real browser, under the policy that every answer carries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test.utils import override_settings
from django.urls import include, path
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.sessions import SessionStore
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.ui.parts import Cell, Chart, ChartKind, Column, Row, Table

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TABLE = Table(
    columns=[Column("place", "Place"), Column("n", "Customers", numeric=True)],
    rows=[Row([Cell('浙江, "east"'), Cell("1.2万", value=12345)]), Row([Cell("=1+1"), Cell("-3", value=-3)])],
    name="places",
)
POINTS = [{"value": value, "text": str(abs(value)), "href": f"/hit/?{value}"} for value in (9, 4, -2)]
DATA: dict[ChartKind, dict[str, Any]] = {
    "steps": {
        "items": [
            {"label": "Records", "value": 80, "text": "80", "note": "", "href": "/hit/?steps", "role": "total"},
            {"label": "Folded", "value": 20, "text": "-20", "note": "", "href": "", "role": "less"},
            {"label": "Customers", "value": 60, "text": "60", "note": "75%", "href": "/hit/?60", "role": "total"},
        ]
    },
    "hbar": {"items": [{"label": "浙江", "value": 9, "text": "9", "href": "/hit/?hbar"}]},
    "pyramid": {
        "left": "buyers", "right": "revenue",
        "items": [
            {"label": "VIP", "left": 0.01, "left_text": "1%", "right": 0.3, "right_text": "30%", "tone": "tier-1"}
        ],
    },
    "line": {
        "x_label": "buyers", "y_label": "revenue", "points": [[0, 0], [0.2, 0.7], [1, 1]], "x_percent": True,
        "y_percent": True, "area": True, "marks": [{"x": 0.2, "y": 0.7, "text": "20% bring 70%"}],
    },
    "columns": {"categories": ["1", "2", "3"], "series": [{"name": "New", "tone": "accent", "values": POINTS},
                                                          {"name": "Lost", "tone": "bad", "values": POINTS}]},
    "stacked": {"categories": ["1", "2", "3"], "series": [{"name": "Stable", "tone": "stage-3", "values": POINTS},
                                                          {"name": "Decline", "tone": "stage-4", "values": POINTS}]},
    "moves": {
        "from_label": "before", "to_label": "now", "tones": {"Stable": "stage-3"},
        "links": [{"from": "Stable", "to": "Stable", "value": 9, "text": "9", "href": "/hit/?moves"},
                  {"from": "Stable", "to": "Decline", "value": 2, "text": "2", "href": ""}],
    },
    "heat": {"x_label": "often", "y_label": "recently", "x": ["1"], "y": ["1"],
             "cells": [{"x": 0, "y": 0, "value": 3, "text": "3", "note": "50%", "href": "/hit/?heat"}]},
    "tiles": {"cells": [{"row": 4, "col": 6, "label": "江苏", "value": 9, "text": "9", "href": "/hit/?tiles"}]},
}  # fmt: skip
TEMPLATE = """{% extends "ui/page.html" %}{% load ui %}
{% block title %}Charts{% endblock %}
{% block content %}{% page_header title="Charts" %}{% endpage_header %}
{% for chart in charts %}{% chart chart %}{% endfor %}{% endblock %}
{% block scripts %}{% chart_scripts %}{% endblock %}"""


def show_charts(request: HttpRequest) -> HttpResponse:
    charts = [
        Chart(kind, kind, kind, data, TABLE, summary="in short", meaning=f"What {kind} means", as_of=date(2026, 11, 22))
        for kind, data in DATA.items()
    ]
    return HttpResponse(engines["django"].from_string(TEMPLATE).render({"charts": charts}, request))


@login_not_required
def hit(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.META["QUERY_STRING"])


urlpatterns = [
    path("charts/", show_charts),
    path("hit/", hit),
    path("", include("guanxi.config.urls")),
]


@pytest.fixture(autouse=True)
def these_addresses() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def session() -> str:
    ensure_roles(SYSTEM)
    user = create_user(SYSTEM, "liu", "correct horse battery", roles=["manager"])
    store = SessionStore()
    store["_auth_user_id"] = str(user.pk)
    store["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    store["_auth_user_hash"] = user.get_session_auth_hash()
    store.save()
    return str(store.session_key)


def opened(browser: Browser, server: LiveServer, session: str, **options: Any) -> BrowserContext:
    context = browser.new_context(locale="en-US", reduced_motion="reduce", **options)
    context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])
    return context


@pytest.fixture
def page(chromium: Browser, live_server: LiveServer, session: str) -> Iterator[Page]:
    """The page of all charts; whatever the browser complains about fails the test."""
    context = opened(chromium, live_server, session, viewport={"width": 1440, "height": 900})
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_server.url}/charts/")
    expect(page.locator(".gx-chart canvas")).to_have_count(len(DATA) - 2)
    yield page
    assert complaints == []
    context.close()


def colours(page: Page, kind: str) -> int:
    """How many colours a drawn chart has: an empty canvas has one."""
    return int(
        page.evaluate(
            """(id) => {
                const canvas = document.querySelector(`#chart-${id} canvas`);
                const bytes = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
                return new Set(new Uint32Array(bytes.buffer)).size;
            }""",
            kind,
        )
    )


def test_every_kind_draws_and_draws_again_when_the_theme_turns(page: Page) -> None:
    kinds = [kind for kind in DATA if kind not in ("heat", "tiles")]
    assert all(colours(page, kind) > 5 for kind in kinds)
    before = {kind: page.locator(f"#chart-{kind} .gx-chart").screenshot() for kind in kinds}
    page.get_by_label("Light or dark").click()
    page.get_by_role("button", name="Dark", exact=True).click()
    page.wait_for_function("document.documentElement.dataset.bsTheme === 'dark'")
    assert all(page.locator(f"#chart-{kind} .gx-chart").screenshot() != before[kind] for kind in kinds)
    page.reload()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_a_bar_leads_to_its_customers(page: Page, live_server: LiveServer) -> None:
    box = page.locator("#chart-hbar canvas").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2)
    page.wait_for_url(f"{live_server.url}/hit/?hbar")


def test_a_tooltip_shows_without_inline_styles(page: Page) -> None:
    chart = page.locator("#chart-columns .gx-chart")
    before = chart.screenshot()
    chart.hover(position={"x": 200, "y": 100})
    page.wait_for_timeout(300)
    assert chart.screenshot() != before
    assert page.locator("#chart-columns [style*='position: absolute']").count() <= 1  # the canvas, by script


def test_the_table_takes_the_place_of_the_chart(page: Page) -> None:
    card = page.locator("#chart-hbar")
    height = card.bounding_box()
    card.get_by_text("Table", exact=True).click()
    assert card.locator("canvas").is_hidden()
    assert card.get_by_role("cell", name="1.2万").is_visible()
    after = card.bounding_box()
    assert height is not None
    assert after is not None
    assert abs(after["height"] - height["height"]) <= 1
    card.get_by_text("Chart", exact=True).click()
    assert card.locator("canvas").is_visible()


def test_the_download_carries_raw_values_and_runs_nothing(page: Page, tmp_path: Path) -> None:
    with page.expect_download() as caught:
        page.locator("#chart-hbar").get_by_role("button", name="Download").click()
    assert caught.value.suggested_filename == "places.csv"
    caught.value.save_as(tmp_path / "places.csv")
    written = (tmp_path / "places.csv").read_text("utf-8-sig")
    assert written.splitlines() == ["Place,Customers", '"浙江, ""east""",12345', "'=1+1,-3"]


def test_the_meaning_opens_and_closes(page: Page) -> None:
    words = page.get_by_text("What hbar means")
    assert words.is_hidden()
    page.locator("#chart-hbar summary").first.click()
    assert words.is_visible()
    page.keyboard.press("Escape")
    assert words.is_hidden()


def test_the_menu_folds_and_stays_folded(page: Page) -> None:
    page.get_by_role("button", name="Fold or unfold the menu").click()
    assert page.locator(".gx-menu").evaluate("e => e.offsetWidth") == 60
    page.reload()
    assert page.locator(".gx-menu").evaluate("e => e.offsetWidth") == 60


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_is_content_and_nothing_overflows(
    chromium: Browser, live_server: LiveServer, session: str, theme: str, width: int
) -> None:
    context = opened(chromium, live_server, session, viewport={"width": width, "height": 800}, bypass_csp=True)
    context.add_cookies([{"name": "guanxi_theme", "value": theme, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/charts/")
    page.wait_for_load_state("networkidle")
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
