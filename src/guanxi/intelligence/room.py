"""Whether there is room for a refresh, and whether its folder may be written to: asked before anything changes."""

from __future__ import annotations

import glob
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from django.template.defaultfilters import filesizeformat

from guanxi.intelligence.errors import DiskTooFull, WarehouseNotWritable
from guanxi.intelligence.models import Delivery
from guanxi.intelligence.snapshots import current_snapshot
from guanxi.intelligence.sources.contract import Contract
from guanxi.kernel.errors import is_disk_full

TIMES_SOURCE: Final = 3  # landed rows, facts and what is written on the way, for each byte to land


def refuse_without_room(contracts: Sequence[Contract], root: Path) -> None:
    """Refuse a refresh whose warehouse folder `root` cannot be written to, or whose disk is too full for it.

    Needed are three times the bytes to land, and as much as the current snapshot takes. It is an estimate: a disk that
    fills up all the same stops the run, which is resumed once there is room.

    Raises
    ------
    WarehouseNotWritable, DiskTooFull
        Nothing was changed.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=root, prefix=".part-") as probe:
            probe.write(b"x")
            probe.flush()
    except OSError as error:
        if not is_disk_full(error):
            raise WarehouseNotWritable(folder=str(root), reason=error.strerror or str(error)) from error
    needed = TIMES_SOURCE * _bytes_to_land(contracts) + _bytes_of_snapshot(root)
    free = shutil.disk_usage(root).free
    if free < needed:
        raise DiskTooFull(folder=str(root), needed=_size(needed), free=_size(free))


def _size(number: int) -> str:
    return filesizeformat(number).replace("\N{NO-BREAK SPACE}", " ")


def _bytes_of_snapshot(root: Path) -> int:
    snapshot = current_snapshot()
    files = [] if snapshot is None else [root / file for files in snapshot.tables.values() for file in files]
    return sum(_stat(path)[0] for path in files)


def _bytes_to_land(contracts: Iterable[Contract]) -> int:
    """The size of the files that were written since they were landed, if ever."""
    total = 0
    for contract in contracts:
        for feed in contract.feeds:
            landed = _landed_at(contract.name, feed.name)
            for path in _files_of(feed.location, feed.members):
                size, changed_at = _stat(path)
                if changed_at > landed.get(path.name, 0.0):
                    total += size
    return total


def _landed_at(source: str, feed: str) -> dict[str, float]:
    """The last part of a delivered file's name -> when it was last landed; members of archives count for theirs."""
    deliveries = Delivery.objects.filter(source=source, feed=feed, is_current=True)
    landed: dict[str, float] = {}
    for name, at in deliveries.order_by("landed_at").values_list("name", "landed_at"):
        landed[Path(name.partition("!")[0]).name] = at.timestamp()
    return landed


def _files_of(location: str, members: str) -> Iterator[Path]:
    """The files a feed names: a file, a pattern or a folder; none where it names something else."""
    path = Path(location)
    if path.is_dir():
        for folder, _folders, names in os.walk(path):
            for name in names:
                if fnmatchcase((Path(folder) / name).relative_to(path).as_posix(), members):
                    yield Path(folder) / name
    elif path.is_file():
        yield path
    elif set("*?[") & set(location):
        yield from (
            found
            for name in glob.glob(location, recursive=True)  # noqa: PTH207  # absolute patterns
            if (found := Path(name)).is_file()
        )


def _stat(path: Path) -> tuple[int, float]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0.0
    return found.st_size, found.st_mtime
