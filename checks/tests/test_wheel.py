"""What `pip install` brings: assets and translations, so that it needs neither Node nor Babel."""

from __future__ import annotations

import subprocess
import sys
import zipfile

import pytest

from checks.problem import PROJECT

STYLES = "guanxi/kernel/ui/static/guanxi/"
VENDOR = f"{STYLES}vendor/"
ASSETS = {
    "tabler.min.css",
    "tabler.min.js",
    "echarts.min.js",
    "htmx.min.js",
    "alpine.min.js",
    "icons.svg",
    "LICENSES.txt",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    target = tmp_path_factory.mktemp("dist")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--wheel-dir", str(target), str(PROJECT)], check=True)
    (path,) = target.glob("guanxi-*.whl")
    return zipfile.ZipFile(path)


def test_it_carries_assets_and_translations(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    assert names >= {VENDOR + name for name in ASSETS}
    assert names >= {VENDOR + name + packed for name in ASSETS for packed in (".br", ".gz")}
    assert names >= {STYLES + name + packed for name in ("tokens.css", "list.js") for packed in (".br", ".gz")}
    assert "guanxi/locale/zh_Hans/LC_MESSAGES/django.mo" in names


def test_it_carries_every_template_step_and_style_of_the_source(wheel: zipfile.ZipFile) -> None:
    source = PROJECT / "src"
    wanted = {
        path.relative_to(source).as_posix()
        for suffix in ("html", "sql", "css", "js", "svg", "toml", "br", "gz")
        for path in (source / "guanxi").rglob(f"*.{suffix}")
        if "tests" not in path.parts
    }
    assert wanted - set(wheel.namelist()) == set()


def test_it_leaves_the_tests_at_home(wheel: zipfile.ZipFile) -> None:
    assert [name for name in wheel.namelist() if "/tests/" in name] == []


def test_it_installs_the_command(wheel: zipfile.ZipFile) -> None:
    (entry,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert "guanxi = guanxi.config.cli:main" in wheel.read(entry).decode()


def test_pages_load_nothing_that_is_not_carried(wheel: zipfile.ZipFile) -> None:
    css = wheel.read(VENDOR + "tabler.min.css").decode()
    assert "sourceMappingURL" not in css
    assert "url(http" not in css.replace('"', "").replace("'", "")
