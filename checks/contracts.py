"""Every app's pages, routes and jobs are kept to itself by an import contract."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from checks.problem import Problem, source_files

PRIVATE_ROOMS = {"web", "api", "jobs"}
# The kernel's rooms are engines, there for everybody; wiring and the demo stand above the apps.
NOT_APPS = {"kernel", "insight", "config", "demo", "flows"}


def private_rooms(root: Path) -> set[str]:
    """Return the modules of all apps that no other app may import."""
    rooms = set()
    for path in source_files(root / "src" / "guanxi", ".py"):
        parts = path.relative_to(root / "src" / "guanxi").with_suffix("").parts
        if parts[0] in NOT_APPS or "tests" in parts:
            continue
        depth = 2 if parts[0] == "industries" else 1
        if len(parts) > depth and parts[depth] in PRIVATE_ROOMS:
            rooms.add(".".join(("guanxi", *parts[: depth + 1])))
    return rooms


def find_problems(root: Path) -> Iterator[Problem]:
    """Yield every private room that is open to other apps."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    kept: set[str] = set()
    for contract in project["tool"]["importlinter"]["contracts"]:
        kept |= set(contract.get("protected_modules", ()))
    for room in sorted(private_rooms(root) - kept):
        yield Problem(Path("pyproject.toml"), 0, f"no import contract keeps {room} to its own app")
