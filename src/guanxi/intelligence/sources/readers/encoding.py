"""Encodings: where a file breaks the one its contract names, and which ones it could be."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Final

from guanxi.intelligence.sources.errors import EncodingWrong, NoText

CANDIDATES: Final = ("utf-8", "utf-16", "gb18030", "big5", "shift_jis", "euc-kr", "cp1252")
_STEP: Final = 65_536
_SAMPLE: Final = 1_000_000  # bytes on each side of the bad one that a candidate must fit
_NO_TEXT: Final = {
    b"PK\x03\x04": "zip / xlsx", b"\xd0\xcf\x11\xe0": "xls", b"PAR1": "Parquet", b"SQLite format 3": "SQLite",
    b"\x1f\x8b": "gzip", b"%PDF": "PDF",
}  # fmt: skip
_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def open_name(encoding: str) -> str:
    """The codec to open a file with: UTF-8 with or without a byte order mark is one encoding to the reader."""
    return "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding


def encoding_error(path: Path, shown: str, encoding: str) -> EncodingWrong | NoText:
    """The error for a file that does not decode: the line and byte, and the encodings that would fit."""
    with path.open("rb") as file:
        start = file.read(16)
    for mark, what in _NO_TEXT.items():
        if start.startswith(mark):
            return NoText(place=shown, file=shown, what=what)
    line, at, byte = find_bad_byte(path, encoding) or (1, 0, 0)
    return EncodingWrong(
        place=f"{shown}:{line}", file=shown, encoding=encoding, line=line, byte=f"0x{byte:02X}",
        possible=", ".join(possible_encodings(path, at)) or "?",
    )  # fmt: skip


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
    decoder = codecs.getincrementaldecoder(open_name(encoding))()
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


def possible_encodings(path: Path, around: int = 0) -> list[str]:
    """The usual encodings in which the start of the file and the bytes `around` an offset decode."""
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
        file.seek(max(around - _SAMPLE, 0))
        near = file.read(2 * _SAMPLE)
    whole_lines = near[near.find(b"\n") + 1 :] if around > _SAMPLE else near
    fitting: list[str] = []
    for candidate in CANDIDATES:
        if candidate == "utf-16":
            if head.startswith(_MARKS):
                fitting.append(candidate)
        elif _decodes(head, candidate) and _decodes(whole_lines, candidate):
            fitting.append(candidate)
    return fitting or ["latin-1"]


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
