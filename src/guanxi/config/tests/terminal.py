"""A terminal: where commands are typed as a user types them, each a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Told:
    """How a command ended and what it said."""

    code: int
    output: str
    errors: str


@dataclass(frozen=True)
class Terminal:
    """Where commands are typed: a folder."""

    folder: Path

    def type(self, *words: str | Path, language: str = "en") -> Told:
        """Run `guanxi` with these words."""
        ended = subprocess.run(
            [sys.executable, "-m", "guanxi", *map(str, words)],
            cwd=self.folder, capture_output=True, text=True, encoding="utf-8", check=False, timeout=300,
            env=self.environment(language),
        )  # fmt: skip
        return Told(ended.returncode, ended.stdout, ended.stderr)

    def environment(self, language: str) -> dict[str, str]:
        """The environment of a user who has set nothing but a language."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GUANXI_", "DJANGO_"))}
        return kept | {"PYTHONPATH": str(SOURCE), "GUANXI_LANGUAGE": language, "COLUMNS": "200"}
