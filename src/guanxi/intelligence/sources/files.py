"""The files a feed finds: a file, a pattern, a folder, or the members of an archive; always in the order of names."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from guanxi.intelligence.sources.archives import BROKEN, is_archive, is_hidden, is_wanted, members_of
from guanxi.intelligence.sources.errors import FileChanged, FileUnreadable, SourceFileMissing
from guanxi.intelligence.sources.readers.options import TableOptions
from guanxi.intelligence.sources.tables import copy_table
from guanxi.intelligence.sources.terms import Contract, Feed

_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read.

    `name` is how it is known (relative to what the contract names; `archive!member`), `shown` how errors name it,
    `path` where its bytes are now. `digest` is that of the rows, where the file is a copy of a table. A `member` of an
    `archive` was unpacked.
    """

    name: str
    shown: str
    path: Path
    digest: str | None = None
    archive: Path | None = None
    member: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What is in a file: the digest of its bytes, and how many lines they are at most.

    `stamp` is the size and time of change it had before it was read.
    """

    digest: str
    lines: int
    stamp: tuple[int, int]


def find_files(contract: Contract, feed: Feed, unpacked: Path) -> list[SourceFile]:
    """The files of a feed; members of archives are unpacked into the folder `unpacked`, under names of its own.

    Raises
    ------
    SourceFileMissing, FileUnreadable, SourceUnreachable, TableMissing, LookupAmbiguous, FileChanged
        Nothing is there, an archive is broken, or a database cannot be read.
    """
    if isinstance(feed.options, TableOptions):
        return _copied_tables(contract, feed, feed.options, unpacked)
    found: list[SourceFile] = []
    for path, name in _located(Path(feed.location)):
        if is_archive(path):
            found.extend(_unpack(path, name, feed.members, unpacked / f"{feed.name}-{len(found):06d}"))
        elif path.is_dir():
            found.extend(
                SourceFile(_sayable(member), _sayable(str(path / member)), path / member)
                for member in _members_of_folder(path, feed.members)
            )
        else:
            found.append(SourceFile(_sayable(name), _sayable(str(path)), path))
    if feed.control is not None:
        found = [file for file in found if not feed.control.is_control_file(base_name(file))]
    if not found:
        raise _nothing_found(contract, feed)
    return sorted(found, key=lambda file: file.name)


def base_name(file: SourceFile) -> str:
    """The name of a file without folders and archive."""
    return PurePosixPath(file.member).name if file.archive is not None else file.path.name


def read_beside(file: SourceFile, name: str) -> bytes | None:
    """What is in another file of the same folder, or of the same folder of the archive; None if there is none.

    Raises
    ------
    FileUnreadable
        The system will not let us read it.
    """
    try:
        if file.archive is None:
            beside = file.path.with_name(name)
            return beside.read_bytes() if beside.is_file() else None
        wanted = PurePosixPath(file.member).with_name(name).as_posix()
        return next(
            (opened.read() for _name, opened in members_of(file.archive, lambda member: member == wanted)), None
        )
    except OSError as error:
        raise FileUnreadable(file=name, reason=error.strerror or str(error)) from error


def _nothing_found(contract: Contract, feed: Feed) -> SourceFileMissing:
    where = feed.location if feed.members == "*" else f"{feed.location} ({feed.members})"
    return SourceFileMissing(feed=feed.name, source=contract.name, path=where, place=str(contract.path))


def _copied_tables(contract: Contract, feed: Feed, options: TableOptions, unpacked: Path) -> list[SourceFile]:
    """The table of a database server, or of each database file the feed finds, copied into the folder `unpacked`."""
    places = [(feed.location, options.table)]
    if feed.format == "sqlite":
        places = [(str(path), f"{name}!{options.table}") for path, name in _located(Path(feed.location))]
    if not places:
        raise _nothing_found(contract, feed)
    unpacked.mkdir(parents=True, exist_ok=True)
    found = []
    for number, (location, name) in enumerate(places):
        target = unpacked / f"{feed.name}-{number:06d}.table"
        digest = copy_table(feed.format, location, options, feed.names(), target)
        found.append(SourceFile(name, f"{location}!{options.table}", target, digest))
    return sorted(found, key=lambda file: file.name)


def read_content(file: SourceFile) -> Content:
    """Digest a file and count its lines.

    Raises
    ------
    FileUnreadable
        The system will not let us read it.
    """
    digest, feeds, returns = hashlib.sha256(), 0, 0
    try:
        stamp = _stamp(file.path)
        with file.path.open("rb") as opened:
            while piece := opened.read(_PIECE):
                digest.update(piece)
                feeds += piece.count(b"\n")
                returns += piece.count(b"\r")
    except OSError as error:
        raise FileUnreadable(file=file.shown, reason=error.strerror or str(error)) from error
    return Content(file.digest or digest.hexdigest(), max(feeds, returns) + 1, stamp)


def refuse_change(file: SourceFile, content: Content) -> None:
    """Make sure that the file was not written to since it was digested.

    Raises
    ------
    FileChanged
        Somebody wrote to it meanwhile.
    """
    if not file.path.exists() or _stamp(file.path) != content.stamp:
        raise FileChanged(file=file.shown, place=file.shown)


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _located(location: Path) -> list[tuple[Path, str]]:
    """The paths the location names, each with the name it is known by."""
    if location.exists():
        return [(location, location.name)]
    fixed, pattern = _split_pattern(location)
    if not pattern:
        return []
    found = [path for path in fixed.glob(pattern) if not is_hidden(path.relative_to(fixed).as_posix())]
    return sorted((path, path.relative_to(fixed).as_posix()) for path in found if path.is_file())


def _split_pattern(location: Path) -> tuple[Path, str]:
    """`/data/2026-*/orders.csv` as the folder without wildcards and the pattern below it."""
    parts = location.parts
    for index, part in enumerate(parts):
        if set(part) & set("*?["):
            return Path(*parts[:index]), "/".join(parts[index:])
    return location, ""


def _members_of_folder(folder: Path, pattern: str) -> list[str]:
    names = []
    for where, _folders, files in os.walk(folder):
        relative = Path(where).relative_to(folder)
        names += [(relative / file).as_posix() for file in files]
    return [name for name in names if is_wanted(name, pattern)]


def _unpack(archive: Path, name: str, pattern: str, folder: Path) -> Iterator[SourceFile]:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for index, (member, opened) in enumerate(members_of(archive, lambda member: is_wanted(member, pattern))):
            path = folder / f"{index:06d}"
            with opened, path.open("wb") as target:
                shutil.copyfileobj(opened, target, _PIECE)
            shown = _sayable(member)
            yield SourceFile(f"{name}!{shown}", f"{archive}!{shown}", path, archive=archive, member=member)
    except BROKEN as error:
        raise FileUnreadable(file=str(archive), reason=str(error)) from error
    except OSError as error:
        raise FileUnreadable(file=str(archive), reason=error.strerror or str(error)) from error


def _sayable(name: str) -> str:
    """The name without the bytes no encoding explains, which no database would keep."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
