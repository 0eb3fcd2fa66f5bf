"""Where exported files lie: below the home, under names nobody guesses."""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection
from pathlib import Path

from django.conf import settings

UNFINISHED_HOURS = 24


def exports_folder() -> Path:
    """The folder of exported files, made where it is not there yet."""
    folder = Path(settings.GUANXI_HOME) / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def new_file_name(kind: str) -> str:
    """A name for a new file, with the ending of its kind."""
    return f"{secrets.token_urlsafe(24)}.{kind}"


def remove_file(name: str) -> None:
    """Remove an exported file; one that is gone is fine."""
    (exports_folder() / name).unlink(missing_ok=True)


def remove_strays(kept: Collection[str]) -> int:
    """Remove files that no export names and nobody has written to for a day; returns how many."""
    removed, oldest = 0, time.time() - UNFINISHED_HOURS * 3600
    for path in exports_folder().iterdir():
        if path.is_file() and path.name not in kept and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
