"""Files kept with customers: which kinds, how they are known by their content, where they lie.

A file lies once under its digest below the home, whatever it was called and however often it was added. Its name and
kind as a browser claims them are not believed: the content is looked at.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from django.conf import settings
from django.utils.translation import gettext as _

from guanxi.customers.errors import FileRefused

ERASE_FILES: Final = "customers.erase_files"  # the job that removes files nobody has any more
HEAD: Final = 4096  # bytes that tell what a file is
LONGEST_NAME: Final = 200
MEGABYTE: Final = 1024 * 1024
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office before 2007
_MARKUP: Final = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<body", b"<head", b"<iframe")


def _begins(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(marks)


def _is_webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def _is_wave(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WAVE"


def _is_mpeg4(head: bytes) -> bool:
    return head[4:8] == b"ftyp"


def _is_text(head: bytes) -> bool:
    """Text of any encoding that holds no markup a browser might run."""
    begin = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return b"\x00" not in head and not begin.startswith(_MARKUP)


@dataclass(frozen=True)
class FileKind:
    """One kind of file that is kept: what it is called on the way out, and how its content shows."""

    content_type: str
    is_so: Callable[[bytes], bool]


KINDS: Final = {
    "pdf": FileKind("application/pdf", _begins(b"%PDF-")),
    "png": FileKind("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "jpg": FileKind("image/jpeg", _begins(b"\xff\xd8\xff")),
    "jpeg": FileKind("image/jpeg", _begins(b"\xff\xd8\xff")),
    "gif": FileKind("image/gif", _begins(b"GIF87a", b"GIF89a")),
    "webp": FileKind("image/webp", _is_webp),
    "docx": FileKind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _begins(_ZIP)),
    "xlsx": FileKind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _begins(_ZIP)),
    "pptx": FileKind("application/vnd.openxmlformats-officedocument.presentationml.presentation", _begins(_ZIP)),
    "zip": FileKind("application/zip", _begins(_ZIP)),
    "doc": FileKind("application/msword", _begins(_OLE)),
    "xls": FileKind("application/vnd.ms-excel", _begins(_OLE)),
    "ppt": FileKind("application/vnd.ms-powerpoint", _begins(_OLE)),
    "txt": FileKind("text/plain", _is_text),
    "csv": FileKind("text/csv", _is_text),
    "eml": FileKind("message/rfc822", _is_text),
    "mp3": FileKind("audio/mpeg", _begins(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    "m4a": FileKind("audio/mp4", _is_mpeg4),
    "mp4": FileKind("video/mp4", _is_mpeg4),
    "wav": FileKind("audio/wav", _is_wave),
}


@dataclass(frozen=True)
class KeptFile:
    """A file that lies in the home now: its cleaned name, size in bytes, kind, and the SHA-256 it lies under."""

    name: str
    size: int
    content_type: str
    digest: str


def keep_file(name: str, chunks: Iterable[bytes]) -> KeptFile:
    """Keep a file below the home, whole or not at all.

    Raises
    ------
    FileRefused
        It is empty, too big, of a kind that is not kept here, or not what its name says.
    """
    plain = clean_name(name)
    kind = KINDS.get(plain.rpartition(".")[2].lower())
    if kind is None:
        raise _refused(plain, _("files of this kind are not kept here"))
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, part = tempfile.mkstemp(prefix=".part-", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as target:
            size, digest = _copy(plain, kind, chunks, target)
            target.flush()
            os.fsync(target.fileno())
        path = path_of(digest)
        path.parent.mkdir(exist_ok=True)
        Path(part).replace(path)  # the same content may lie there already
    finally:
        Path(part).unlink(missing_ok=True)
    return KeptFile(plain, size, kind.content_type, digest)


def path_of(digest: str) -> Path:
    """Where the file of that digest lies."""
    return _folder() / digest[:2] / digest


def clean_name(name: str) -> str:
    r"""The last part of a file's name, without what no file system and no header holds.

    >>> clean_name("..\\C:/x/报价 单.pdf")
    '报价 单.pdf'
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    stem, dot, ending = " ".join(kept.split()).strip(" .").rpartition(".")
    ending = ending[:20]
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}{dot}{ending}"


def _copy(name: str, kind: FileKind, chunks: Iterable[bytes], target: IO[bytes]) -> tuple[int, str]:
    size, sha, head = 0, hashlib.sha256(), b""
    limit = settings.UPLOAD_MEGABYTES * MEGABYTE
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise _refused(name, _("it is too big"))
        head += chunk[: HEAD - len(head)]
        sha.update(chunk)
        target.write(chunk)
    if not size:
        raise _refused(name, _("it is empty"))
    if not kind.is_so(head):
        raise _refused(name, _("its content is not what its name says"))
    return size, sha.hexdigest()


def _folder() -> Path:
    return Path(settings.GUANXI_HOME) / "files"


def _refused(name: str, reason: str) -> FileRefused:
    return FileRefused(place="file", name=name, reason=reason, limit=settings.UPLOAD_MEGABYTES, kinds=", ".join(KINDS))
