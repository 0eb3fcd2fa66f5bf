from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import guanxi.insight as gx

ALONE = """
import sys
sys.modules["django"] = None
import guanxi.insight
house = {name for name in sys.modules if name.startswith("guanxi.") and not name.startswith("guanxi.insight")}
assert not house, house
"""


def test_the_library_works_without_django_and_the_house() -> None:
    source = Path(gx.__file__).parents[2]

    done = subprocess.run([sys.executable, "-c", ALONE], cwd=source, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_every_public_name_exists() -> None:
    for module in (gx, gx.value, gx.lifecycle, gx.identity, gx.warehouse):
        assert [name for name in module.__all__ if not hasattr(module, name)] == []
