"""What every test stands on: a home of its own, and what this machine can and cannot run."""

from __future__ import annotations

import importlib.util
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest
from pytest_django import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
# No sandbox inside containers; the rest keeps the browser from calling home or drawing on a GPU.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Importing it starts the application.
collect_ignore = ["src/guanxi/config/wsgi.py"]
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_serialized_rollback"}


def chromium_path() -> str | None:
    """Return the browser's path: `GUANXI_TEST_CHROMIUM`, else Debian's."""
    named = os.environ.get("GUANXI_TEST_CHROMIUM")
    return named or next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def data_path() -> Path:
    """Return the folder of public data sets."""
    return Path(os.environ["GUANXI_DATA"])


def on_postgres() -> bool:
    """Whether this run's database is PostgreSQL."""
    return os.environ.get("GUANXI_TEST_DATABASE") == "postgres"


def why_not(marker: str) -> str | None:
    """Return why this machine cannot run tests with `marker`, or `None` if it can."""
    if marker == "browser" and chromium_path() is None:
        return "no Chromium on this machine (Debian: apt-get install chromium fonts-noto-cjk)"
    if marker == "spark" and importlib.util.find_spec("pyspark") is None:
        return "PySpark is not installed (pip install --require-hashes -r requirements/spark.txt)"
    if marker == "spark" and shutil.which("java") is None:
        return "no Java on this machine (Debian: apt-get install openjdk-17-jre-headless)"
    if marker == "data" and not data_path().is_dir():
        return f"the public data sets are not in {data_path().name}/ (set GUANXI_DATA to their folder)"
    if marker == "postgres" and not on_postgres():
        return "this run's database is SQLite (set GUANXI_TEST_DATABASE=postgres, or make test-all)"
    return None


def pytest_configure(config: pytest.Config) -> None:
    """Make runs alike, and sign-ins cheap: a well-known hash will do for a hundred of them."""
    import hypothesis
    from django.conf import settings

    hypothesis.settings.register_profile("guanxi", deadline=None, derandomize=True, database=None)
    hypothesis.settings.load_profile("guanxi")

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what uses the database, and skip what this machine cannot run, with the reason."""
    reasons = {marker: why_not(marker) for marker in ("browser", "spark", "data", "postgres")}
    for item in items:
        if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")
        for marker, reason in reasons.items():
            if reason and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=f"{marker}: {reason}"))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say loudly what was left out and why."""
    skipped: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else str(report.longrepr)
        skipped[reason.removeprefix("Skipped: ")] = skipped.get(reason.removeprefix("Skipped: "), 0) + 1
    left_out = [line for line in os.environ.get("GUANXI_TEST_LEFT_OUT", "").splitlines() if line]
    deselected = len(terminalreporter.stats.get("deselected", []))
    if deselected and config.option.markexpr and "GUANXI_TEST_LEFT_OUT" not in os.environ:
        left_out = [f"{deselected} tests by -m '{config.option.markexpr}'; `make test-all` runs them"]
    if skipped or left_out:
        terminalreporter.section("NOT RUN", sep="=", yellow=True, bold=True)
        for line in left_out:
            terminalreporter.line(line, yellow=True)
        for reason, count in sorted(skipped.items()):
            terminalreporter.line(f"{count} skipped: {reason}", yellow=True)


@pytest.fixture(autouse=True)
def _own_home(settings: Settings, tmp_path: Path) -> None:
    """Every test has an empty home of its own, and knows nothing of the rows that an earlier one counted."""
    from django.core.cache import cache

    cache.clear()
    settings.GUANXI_HOME = tmp_path / "home"
    settings.WAREHOUSE = tmp_path / "home" / "warehouse"


@pytest.fixture(autouse=True)
def _server_has_answered(request: pytest.FixtureRequest) -> Iterator[None]:
    """A page that is closed leaves the server answering: SQLite in memory is locked until it has."""
    if "live_server" not in request.fixturenames:
        yield
        return
    from django.core.signals import request_finished, request_started

    request.getfixturevalue("transactional_db")  # emptied after this fixture ends
    server: LiveServer = request.getfixturevalue("live_server")
    answering, changed = set[int](), threading.Condition()

    def begin(**_of: Any) -> None:
        with changed:
            answering.add(threading.get_ident())

    def end(**_of: Any) -> None:
        with changed:
            answering.discard(threading.get_ident())
            changed.notify()

    request_started.connect(begin)
    request_finished.connect(end)
    yield
    # The server takes connections in their order: once this one is answered, all before it are begun.
    urlopen(f"{server.url}/static/guanxi/mark.svg").close()
    with changed:
        assert changed.wait_for(lambda: not answering, timeout=30), "the server still answers after 30 s"


@pytest.fixture
def guanxi_data() -> Path:
    """Return the folder of public data sets; a test that uses it carries the marker `data`."""
    return data_path()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Two runs on one PostgreSQL must not meet in one test database."""
    from django.conf import settings

    if on_postgres():
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"guanxi_test_{os.getpid()}"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return a real browser; a test that uses it carries the marker `browser`."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop on this thread, and Django would refuse its own ORM calls beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
