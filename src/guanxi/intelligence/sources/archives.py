"""Archives: their members one after the other, and a sure word if one of them is torn or broken."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import IO, Final, cast

BROKEN: Final = (
    tarfile.TarError, zipfile.BadZipFile, lzma.LZMAError, zlib.error, EOFError, NotImplementedError, RuntimeError,
)  # fmt: skip
_TAR: Final = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2")
_PIECE: Final = 1 << 20
_BLOCK: Final = 512  # a tar is made of these, and ends in empty ones


def is_archive(path: Path) -> bool:
    """Whether the file is one whose members are read."""
    return path.name.lower().endswith((".zip", *_TAR)) and path.is_file()


def is_wanted(name: str, pattern: str) -> bool:
    """Whether a member is one the contract asks for."""
    return fnmatchcase(name, pattern) and not is_hidden(name)


def is_hidden(name: str) -> bool:
    """What systems and open spreadsheets leave behind in folders and archives (.DS_Store, __MACOSX, ~$orders.xlsx)."""
    return any(part.startswith((".", "~$")) or part == "__MACOSX" for part in PurePosixPath(name).parts)


def members_of(archive: Path, wanted: Callable[[str], bool]) -> Iterator[tuple[str, IO[bytes]]]:
    """Each wanted member that is a plain file, in the order of the archive; read it before the next.

    Raises
    ------
    OSError, or one of BROKEN
        The archive cannot be read to its end.
    """
    is_zip = archive.name.lower().endswith(".zip")
    yield from _zip_members(archive, wanted) if is_zip else _tar_members(archive, wanted)


def _zip_members(archive: Path, wanted: Callable[[str], bool]) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(archive) as packed:
        for info in packed.infolist():
            name = _zip_name(info)
            if not info.is_dir() and wanted(name):
                with packed.open(info) as opened:
                    yield name, opened


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The member's name; zips that do not say how they write names often mean GBK, and Python reads them as CP437."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return info.filename


def _tar_members(archive: Path, wanted: Callable[[str], bool]) -> Iterator[tuple[str, IO[bytes]]]:
    """A tar is read once from front to back. `tarfile` takes a header it cannot read for the end: we do not."""
    with _unpacked(archive) as raw:
        stream = _Stream(raw)
        with tarfile.open(fileobj=stream, mode="r|") as packed:  # type: ignore[call-overload]  # it only reads
            for member in packed:
                name = member.name.removeprefix("./")
                opened = packed.extractfile(member) if member.isfile() and wanted(name) else None
                if opened is not None:
                    yield name, opened
            end = packed.offset
        stream.drain()
        if stream.last_byte >= end or stream.length < end + _BLOCK:
            raise tarfile.ReadError("unexpected end of data")


def _unpacked(archive: Path) -> IO[bytes]:
    """The tar within, by what the file begins with: names lie."""
    with archive.open("rb") as file:
        start = file.read(6)
    if start.startswith(b"\x1f\x8b"):
        return cast(IO[bytes], gzip.open(archive))
    if start.startswith(b"BZh"):
        return bz2.open(archive)
    return lzma.open(archive) if start.startswith(b"\xfd7zXZ") else archive.open("rb")


class _Stream:
    """Bytes to be read once, remembering how many there were and where the last one stood that is not zero."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self.length, self.last_byte = 0, -1

    def read(self, size: int) -> bytes:
        """The next bytes."""
        piece = self._raw.read(size)
        told = len(piece.rstrip(b"\0"))
        if told:
            self.last_byte = self.length + told - 1
        self.length += len(piece)
        return piece

    def drain(self) -> None:
        """Read to the end, where the checksums are."""
        while self.read(_PIECE):
            pass
