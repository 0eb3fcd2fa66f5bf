"""The files of runs: written under another name, made durable, renamed; nothing half-written ever shows."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Collection, Iterable
from pathlib import Path, PurePosixPath

PART = ".part-"
_ODD = re.compile(r"[^a-z0-9._-]+")


def run_name(run_id: int) -> str:
    """`run-000012`: the folder of a run, and the mark in the names of its files elsewhere."""
    return f"run-{run_id:06d}"


def file_name(run_id: int, step: str, table: str, chunk: str, *, suffix: str, folder: str | None) -> PurePosixPath:
    """Where a chunk's file goes, relative to the root: `run-000012/land.purchase.2011-01.parquet`.

    In a folder shared by runs the name begins with the run: `landed/shop/run-000012.land.purchase.2011-01.parquet`.
    """
    name = f"{step}.{table}.{_safe(chunk)}{suffix}"
    if folder is None:
        return PurePosixPath(run_name(run_id), name)
    return PurePosixPath(folder, f"{run_name(run_id)}.{name}")


def part_of(path: Path) -> Path:
    """The name under which a file is written before it is whole."""
    return path.with_name(PART + path.name)


def make_durable(paths: Iterable[Path]) -> None:
    """Bring the parts of `paths` to the disk and give them their names."""
    paths = list(paths)
    for path in paths:
        with part_of(path).open("rb+") as file:
            os.fsync(file.fileno())
    for path in paths:
        part_of(path).replace(path)
    for folder in {path.parent for path in paths}:
        _sync_folder(folder)


def remove_unlisted(root: Path, run_id: int, listed: Collection[str]) -> list[str]:
    """Remove what the run left under `root` and no checkpoint lists; returns their relative paths."""
    own = run_name(run_id)
    marks = (f"{own}.", f"{PART}{own}.")
    removed = []
    for folder, _folders, names in os.walk(root):
        relative = Path(folder).relative_to(root)
        within = own in relative.parts
        for name in names:
            path = (relative / name).as_posix()
            if (within or name.startswith(marks)) and path not in listed:
                Path(folder, name).unlink()
                removed.append(path)
    return sorted(removed)


def _safe(chunk: str) -> str:
    """The chunk's name as a file name on every system; an altered one keeps a digest, so that none meet."""
    safe = _ODD.sub("-", chunk.lower())[:80].strip(".-")
    if safe == chunk:
        return safe
    return f"{safe}-{hashlib.sha256(chunk.encode()).hexdigest()[:8]}".lstrip("-")


def _sync_folder(folder: Path) -> None:
    """A rename is durable once its folder is; systems that cannot open a folder do it by themselves."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
