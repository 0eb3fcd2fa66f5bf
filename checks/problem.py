"""What a check reports, and the files it looks at."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
MADE = {".git", ".venv", ".cache", "node_modules", "vendor", "var", "dist", "build", "__pycache__"}


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: where, what, and how."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else f"{self.path}"
        return f"{place}: {self.message}"


def source_files(root: Path, *suffixes: str) -> Iterator[Path]:
    """Yield what is or may be committed under `root`, sorted; what `make` made is left out.

    Without git (an unpacked archive) the folder is walked.
    """
    listed = subprocess.run(
        [shutil.which("git") or "git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        paths = {root / name for name in listed.stdout.decode().split("\0") if name}
    else:
        paths = {path for path in root.rglob("*") if not MADE & set(path.relative_to(root).parts)}
    for path in sorted(paths):
        if path.is_file() and (not suffixes or path.suffix in suffixes):
            yield path


def line_of(text: str, offset: int) -> int:
    """Return the line number of the character at `offset`."""
    return text.count("\n", 0, offset) + 1
