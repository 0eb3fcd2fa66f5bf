"""Every icon that code or a template names is in the sheet, and every asset that a layout names exists."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

SOURCE = Path(__file__).resolve().parents[3]
ICONS = SOURCE.parent.parent / "frontend" / "icons.json"
IN_TEMPLATE = re.compile(r"""\{% icon "([\w-]+)|\bicon="([\w-]+)\"""")
IN_PYTHON = re.compile(r"""\bicon="([\w-]+)"|draw_icon\("([\w-]+)"|Word\([^"]*"[^"]+"(?:, "[^"]+"\)|\)), "([\w-]+)\"""")


def named_icons() -> set[str]:
    found: set[str] = set()
    for path in SOURCE.rglob("*"):
        pattern = {".html": IN_TEMPLATE, ".py": IN_PYTHON}.get(path.suffix)
        if pattern is not None and "tests" not in path.parts:
            found |= {name for groups in pattern.findall(path.read_text("utf-8")) for name in groups if name}
    return found


def test_every_named_icon_is_in_the_sheet() -> None:
    named = named_icons()
    assert {"users", "crown", "trending-down"} <= named
    assert named - set(json.loads(ICONS.read_text("utf-8"))) == set()


@pytest.mark.parametrize("layout", ["ui/templates/ui/base.html", "ui/templates/500.html"])
def test_every_named_asset_exists(layout: str) -> None:
    names = re.findall(r"\{% static '([^']+)' %\}", (SOURCE / "kernel" / layout).read_text("utf-8"))
    assert names
    assert [name for name in names if finders.find(name) is None] == []
