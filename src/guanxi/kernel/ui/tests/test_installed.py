"""Guanxi is installed from the browser, and then stands among the apps of a phone or a laptop."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.system import SYSTEM

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_browser_finds_nothing_that_keeps_it_from_being_installed(live_server: LiveServer, chromium: Browser) -> None:
    ensure_roles(SYSTEM)
    create_user(SYSTEM, "liu", "correct horse battery", roles=["manager"])
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{live_server.url}/login/")
    asked = context.new_cdp_session(page)
    found = asked.send("Page.getAppManifest")
    assert found["errors"] == []
    told = json.loads(found["data"])
    assert (told["start_url"], told["scope"], told["display"]) == ("/", "/", "standalone")
    for icon in told["icons"]:
        answer = page.request.get(found["url"].rsplit("/", 1)[0] + "/" + icon["src"])
        assert (answer.status, answer.headers["content-type"]) == (200, icon["type"])
    kept = [error["errorId"] for error in asked.send("Page.getInstallabilityErrors")["installabilityErrors"]]
    assert kept == ["in-incognito"]  # as every context of a test is
    context.close()
