"""Encodings: where a file breaks the one its contract names, and which ones it could be."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Final

from guanxi.intelligence.sources.errors import EncodingWrong, NoText, StrayBytes

CANDIDATES: Final = ("utf-8", "utf-16", "gb18030", "big5", "shift_jis", "euc-kr", "cp1252")
START: Final = 512  # bytes by which UTF-16 is told
_ENOUGH: Final = 100_000  # bytes by which encodings are weighed
_PRINTED: Final = frozenset(b"\t\r\n" + bytes(range(32, 127)))
_USUAL: Final = {  # encoding -> codec, first bytes of what is usual in it: punctuation, everyday characters
    "gb18030": ("gb2312", {0xA1, 0xA3, *range(0xB0, 0xD8)}),
    "big5": ("big5", {0xA1, *range(0xA4, 0xC7)}),
    "shift_jis": ("shift_jis", {0x81, 0x82, 0x83, *range(0x88, 0x98)}),
    "euc-kr": ("euc_kr", {0xA1, *range(0xB0, 0xC9)}),
    "cp1252": ("cp1252", {0x80, 0x91, 0x92, 0x93, 0x94, 0x96, 0xA3, *range(0xC0, 0x100)}),
}
_STEP: Final = 65_536
_WIDEST: Final = 4  # bytes of a character
_SAMPLE: Final = 1_000_000  # bytes on each side of the bad one that a candidate must fit
_NO_TEXT: Final = {
    b"PK\x03\x04": "zip / xlsx", b"\xd0\xcf\x11\xe0": "xls", b"PAR1": "Parquet", b"SQLite format 3": "SQLite",
    b"\x1f\x8b": "gzip", b"%PDF": "PDF",
}  # fmt: skip
_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _mark_cut(error: UnicodeError) -> tuple[str, int]:
    """A file may end in the middle of a character: that costs its last line, and no other error is forgiven."""
    is_incomplete = isinstance(error, UnicodeDecodeError) and any(word in error.reason for word in _INCOMPLETE)
    if isinstance(error, UnicodeDecodeError) and is_incomplete and error.end == len(error.object):
        return CUT_CHARACTER, error.end
    raise error


CUT_CHARACTER: Final = "\ufffd"  # what stands for a character of which the file has only the beginning
TOLERANT: Final = "guanxi-cut-off"
_INCOMPLETE: Final = ("unexpected end of data", "incomplete multibyte sequence", "truncated data")
codecs.register_error(TOLERANT, _mark_cut)


def open_name(encoding: str) -> str:
    """The codec to open a file with: UTF-8 with or without a byte order mark is one encoding to the reader."""
    return "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding


def refuse_other_encoding(start: bytes, path: Path, shown: str, encoding: str) -> None:
    """Refuse a file whose first bytes say that it is UTF-16, or UTF-8 with a mark, and the contract something else.

    Raises
    ------
    EncodingWrong
        Any decoder might take them, and read nonsense.
    """
    codec = codecs.lookup(encoding).name
    is_marked = start.startswith(codecs.BOM_UTF8) and codec not in {"utf-8", "utf-8-sig"}
    is_utf16 = not codec.startswith(("utf-16", "utf-32")) and _utf16_without_mark(start) != ""
    if is_marked or is_utf16:
        at = 0 if is_marked else start.index(b"\0")
        raise EncodingWrong(
            place=f"{shown}:1", file=shown, encoding=encoding, line=1, byte=f"0x{start[at]:02X}",
            possible=", ".join(possible_encodings(path)),
        )  # fmt: skip


def _utf16_without_mark(start: bytes) -> str:
    """UTF-16 by its ASCII characters, which have a zero byte each, nearly all on the same side; else nothing."""
    zeros = [at for at, byte in enumerate(start[: len(start) // 2 * 2]) if not byte]
    odd = [at for at in zeros if at % 2]
    even = [at for at in zeros if not at % 2]
    more, fewer = (odd, even) if len(odd) > len(even) else (even, odd)
    if start.startswith(_MARKS) or len(more) < 2 or len(more) < 4 * len(fewer):
        return ""
    is_ascii = all(start[at ^ 1] in _PRINTED for at in more)
    return ("utf-16-le" if more is odd else "utf-16-be") if is_ascii else ""


def encoding_error(path: Path, shown: str, encoding: str) -> EncodingWrong | StrayBytes | NoText:
    """The error for a file that does not decode: the line and byte, and the encodings that would fit."""
    with path.open("rb") as file:
        start = file.read(16)
    for mark, what in _NO_TEXT.items():
        if start.startswith(mark):
            return NoText(place=shown, file=shown, what=what)
    line, at, byte = find_bad_byte(path, encoding) or (1, 0, 0)
    if codecs.lookup(encoding).name == "utf-8" and _is_mostly_utf8(path, at):
        return StrayBytes(place=f"{shown}:{line}", file=shown, line=line, byte=f"0x{byte:02X}")
    return EncodingWrong(
        place=f"{shown}:{line}", file=shown, encoding=encoding, line=line, byte=f"0x{byte:02X}",
        possible=", ".join(possible_encodings(path, at)) or "?",
    )  # fmt: skip


def ends_with_line_end(path: Path) -> bool:
    """Whether the last bytes of a text file are a line end, in whatever encoding; so are those of an empty file."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - _WIDEST, 0))
        last = file.read().strip(b"\0")
    return not last or last.endswith((b"\n", b"\r"))


def decode(raw: bytes, encoding: str, shown: str) -> str:
    """A small file as text.

    Raises
    ------
    EncodingWrong
        With the place of the first byte that does not fit.
    """
    try:
        return raw.decode(open_name(encoding))
    except UnicodeError as error:
        at = error.start if isinstance(error, UnicodeDecodeError) else 0
        line = raw.count(b"\n", 0, at) + 1
        raise EncodingWrong(
            place=f"{shown}:{line}", file=shown, encoding=encoding, line=line, byte=f"0x{raw[at]:02X}", possible="?"
        ) from error


def find_bad_byte(path: Path, encoding: str, within: int | None = None) -> tuple[int, int, int] | None:
    """Line (from 1), offset and value of the first byte that does not decode; None if all (`within` n bytes) do."""
    decoder = codecs.getincrementaldecoder(open_name(encoding))(TOLERANT)
    lines, offset, last = 1, 0, ""
    with path.open("rb") as file:
        while True:
            if within is not None and offset >= within:
                return None
            piece = file.read(_STEP)
            before, state = len(decoder.getstate()[0]), decoder.getstate()
            try:
                text = decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                start = error.start
                good = _good_text(encoding, state, piece, start - before)
                lines += _line_ends(last + good) - len(last)
                return lines, max(offset - before + start, 0), (state[0] + piece)[start : start + 1][0]
            except UnicodeError:  # UTF-16 without a mark
                return lines, offset, (piece or b"\0")[0]
            if not piece:
                return None
            lines += _line_ends(last + text) - len(last)
            last = "\r" if text.endswith("\r") else ""  # its line feed may begin the next piece
            offset += len(piece)


def _is_mostly_utf8(path: Path, around: int) -> bool:
    """Whether the bytes around an offset are UTF-8 but for a few: text of another encoding is hardly ever."""
    with path.open("rb") as file:
        file.seek(max(around - _SAMPLE, 0))
        near = file.read(2 * _SAMPLE)
    text = near.decode("utf-8", "replace")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return beyond > 4 * text.count("\ufffd")


def possible_encodings(path: Path, around: int = 0) -> list[str]:
    """The usual encodings in which the start of the file and the bytes `around` an offset decode."""
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
        file.seek(max(around - _SAMPLE, 0))
        near = file.read(2 * _SAMPLE)
    if unmarked := _utf16_without_mark(head[:START]):
        return [unmarked]
    whole_lines = near[near.find(b"\n") + 1 :] if around > _SAMPLE else near
    fitting: list[str] = []
    for candidate in CANDIDATES:
        if candidate == "utf-16":
            if head.startswith(_MARKS):
                fitting.append(candidate)
        elif _decodes(head, candidate) and _decodes(whole_lines, candidate):
            fitting.append(candidate)
    fitting.sort(key=lambda encoding: -_usual(head, encoding))
    return fitting or ["latin-1"]


def _usual(sample: bytes, encoding: str) -> float:
    """The share of a text's characters beyond ASCII that are usual in its encoding: others decode to rare ones."""
    if encoding not in _USUAL:
        return 2.0  # its own rules are so strict that nothing else looks like it
    decoder = codecs.getincrementaldecoder(encoding)()
    beyond = [char for char in decoder.decode(sample[:_ENOUGH]) if not char.isascii()]
    codec, leads = _USUAL[encoding]
    return sum(char.encode(codec, "replace")[0] in leads for char in beyond) / max(len(beyond), 1)


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(sample)  # not final: a sample may end within a character
    except UnicodeDecodeError:
        return False
    return True


def _good_text(encoding: str, state: tuple[bytes, int], piece: bytes, length: int) -> str:
    decoder = codecs.getincrementaldecoder(open_name(encoding))()
    decoder.setstate(state)
    try:
        return decoder.decode(piece[: max(length, 0)])
    except UnicodeError:
        return ""


def _line_ends(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")
