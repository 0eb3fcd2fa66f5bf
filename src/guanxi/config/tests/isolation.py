"""Loaded by pytest before Django reads its settings (`-p` in pyproject.toml).

No test ever touches a real home or a real database: the settings see a folder that goes away, and
SQLite in memory or, with `GUANXI_TEST_DATABASE=postgres`, a database of this process on
`GUANXI_TEST_POSTGRES_URL`.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[4]
POSTGRES_URL = "postgres://postgres@127.0.0.1:5432/postgres"


def isolate() -> None:
    """Point the environment at places of this test run only."""
    home = tempfile.mkdtemp(prefix="guanxi-tests-")
    (Path(home) / "static").mkdir()  # WhiteNoise warns of a folder that is not there
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    for name in [name for name in os.environ if name.startswith("GUANXI_")]:
        if not name.startswith("GUANXI_TEST_") and name != "GUANXI_DATA":
            del os.environ[name]
    os.environ["GUANXI_HOME"] = home
    os.environ["GUANXI_SECRET_KEY"] = "known to everybody: for tests only, for tests only"
    os.environ.setdefault("GUANXI_DATA", str(PROJECT.parent / "shared" / "data"))
    os.environ.setdefault("GUANXI_TEST_POSTGRES_URL", POSTGRES_URL)
    if os.environ.get("GUANXI_TEST_DATABASE") == "postgres":
        os.environ["GUANXI_DATABASE_URL"] = os.environ["GUANXI_TEST_POSTGRES_URL"]


isolate()
