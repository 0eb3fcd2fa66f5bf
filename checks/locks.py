"""Locks name packages, versions and hashes: no registry, no host."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from checks.problem import Problem

ADDRESS = re.compile(r"\w+://|--(?:extra-)?index-url|--find-links|@\s*(?:git|file):")
PINNED = re.compile(r"^[a-z0-9][a-z0-9._-]*(?:\[[^]]*\])?==\S+", re.IGNORECASE)


def in_requirements(text: str) -> Iterator[tuple[int, str]]:
    """Yield what is wrong in a requirements lock: an address, a loose version, a missing hash."""
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if ADDRESS.search(line):
            yield number, "names where packages come from; that is each machine's own setting"
        elif line and not line.startswith((" ", "#")):
            if not PINNED.match(line):
                yield number, "is not pinned to one version"
            elif not lines[number : number + 1] or "--hash=sha256:" not in lines[number]:
                yield number, "has no hash"


def in_npm_lock(text: str) -> Iterator[tuple[int, str]]:
    """Yield what is wrong in an npm lock: an address, a package without its digest."""
    for number, line in enumerate(text.splitlines(), 1):
        if ADDRESS.search(line):
            yield number, "names a host; run `make lock`"
    for name, entry in json.loads(text)["packages"].items():
        if name and "integrity" not in entry:
            yield 0, f"{name} has no digest"


def find_problems(root: Path) -> Iterator[Problem]:
    """Yield every mistake in the locks."""
    for path in sorted((root / "requirements").glob("*.txt")):
        for line, message in in_requirements(path.read_text(encoding="utf-8")):
            yield Problem(path.relative_to(root), line, message)
    npm = root / "frontend" / "package-lock.json"
    if npm.exists():
        for line, message in in_npm_lock(npm.read_text(encoding="utf-8")):
            yield Problem(npm.relative_to(root), line, message)
