"""Opening a workbook of Excel: what the file really is, whether it is whole, and which sheet is meant."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from guanxi.intelligence.sources.archives import BROKEN
from guanxi.intelligence.sources.errors import (
    FileEmpty,
    FileUnreadable,
    NoWorkbook,
    OldWorkbook,
    SheetMissing,
    SheetUnclear,
    WorkbookLocked,
)
from guanxi.intelligence.sources.mistakes import did_you_mean

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how Excel wrote files before 2007, and writes protected ones today
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
_SHOWN: Final = 40  # characters of a file that is no workbook
_PIECE: Final = 1 << 20
_OVERLAP: Final = 20_000  # bytes; no cell with a formula is longer
_REF: Final = rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Z]{1,3})([0-9]+)[\"'][^>]*>"
_FORMULA: Final = rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)"
_NO_VALUE: Final = rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</"
_WRONG: Final = {  # reason -> what is always in the text of such a cell, and is quickly found; the whole of it
    "cell_error": ((b'"e"', b"'e'"), re.compile(_REF.replace(rb"c\s", rb"c\s(?=[^>]*\bt=[\"']e[\"'])"))),
    "not_computed": ((b"<f", b":f"), re.compile(_REF + _FORMULA + _NO_VALUE)),
}


@dataclass(frozen=True)
class Sheet:
    """One sheet: its cells, and where they begin and end, counted from 0."""

    cells: CalamineSheet
    first_column: int
    last_row: int


@contextmanager
def open_workbook(path: Path, shown: str) -> Iterator[CalamineWorkbook]:
    """A workbook (xlsx).

    Raises
    ------
    FileEmpty, FileUnreadable, NoWorkbook, OldWorkbook, WorkbookLocked
        It is none, is damaged, or nobody may look into it.
    """
    _refuse_what_is_none(path, shown)
    try:
        _check_parts(path, shown)
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as workbook:
            yield workbook
    except OSError as error:
        raise FileUnreadable(file=shown, reason=error.strerror or str(error)) from error
    except (*BROKEN, CalamineError, ElementTree.ParseError) as error:
        raise FileUnreadable(file=shown, reason=str(error), place=shown) from error


def sheet_names(workbook: CalamineWorkbook) -> list[str]:
    """The sheets of cells that people see and that have something in them; those that are hidden if there is none."""
    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    visible = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
    names = visible or [sheet.name for sheet in sheets]
    if len(names) == 1:
        return names
    return [name for name in names if workbook.get_sheet_by_name(name).start is not None]


def open_sheet(workbook: CalamineWorkbook, shown: str, name: str) -> Sheet:
    """The sheet of that name, or the only one there is.

    Raises
    ------
    SheetMissing, SheetUnclear, FileEmpty
        There is none of that name; several could be meant; nothing is on it.
    """
    if not name:
        names = sheet_names(workbook)
        if len(names) > 1:
            shown_names = ", ".join(f"“{found}”" for found in names)
            raise SheetUnclear(place=shown, file=shown, sheets=shown_names, example=f'sheet = "{names[0]}"')
        if not names:
            raise FileEmpty(file=shown, place=shown)
        name = names[0]
    elif name not in workbook.sheet_names:
        raise SheetMissing(place=shown, file=shown, sheet=name, near=did_you_mean(name, workbook.sheet_names))
    cells = workbook.get_sheet_by_name(name)
    if cells.start is None or cells.end is None:
        raise FileEmpty(file=shown, place=shown)
    return Sheet(cells, cells.start[1], cells.end[0])


def wrong_cells(path: Path, name: str) -> dict[int, dict[int, str]]:
    """The cells of a sheet that come as if nothing stood there, and yet something does: row -> column -> reason.

    They show an error (#N/A, #REF!), or hold a formula that was never computed: programs write such files.
    """
    found: dict[int, dict[int, str]] = {}
    with zipfile.ZipFile(path) as parts, parts.open(_part_of(parts, name)) as part:
        text = b""
        while piece := part.read(_PIECE):
            text = text[-_OVERLAP:] + piece
            for reason, (marks, pattern) in _WRONG.items():
                if not any(mark in text for mark in marks):
                    continue
                for letters, row in pattern.findall(text):
                    found.setdefault(int(row) - 1, {})[_column(letters)] = reason
    return found


def _refuse_what_is_none(path: Path, shown: str) -> None:
    """Names lie: an export called .xlsx is often an old workbook, a web page or plain text."""
    try:
        with path.open("rb") as file:
            start = file.read(512)
            rest = file.read() if start.startswith(OLE) else b""
    except OSError as error:
        raise FileUnreadable(file=shown, reason=error.strerror or str(error)) from error
    if not start:
        raise FileEmpty(file=shown, place=shown)
    if start.startswith(OLE):
        if _LOCKED in start + rest:
            raise WorkbookLocked(place=shown, file=shown)
        raise OldWorkbook(place=shown, file=shown)
    if not start.startswith(b"PK"):
        line = start.decode("utf-8", "replace").lstrip("\ufeff").strip().partition("\n")[0].strip()
        raise NoWorkbook(place=shown, file=shown, start=line[:_SHOWN] if line.isprintable() else "?")


def _check_parts(path: Path, shown: str) -> None:
    """Read every part to its end, for only there a zip shows that it is damaged."""
    with zipfile.ZipFile(path) as parts:
        broken = parts.testzip()
        if broken is not None:
            raise zipfile.BadZipFile(broken)
        names = parts.namelist()
        if not any(name.endswith(".xml") and "workbook" in name for name in names):
            raise NoWorkbook(place=shown, file=shown, start=" ".join(["PK", *names[:1]]))


def _part_of(parts: zipfile.ZipFile, name: str) -> str:
    """Where in the file the sheet is."""
    books = [target for kind, target in _related(parts, "").values() if kind.endswith("/officeDocument")]
    for book in books[:1]:
        related = _related(parts, book)
        for sheet in _tree(parts, book).iterfind("{*}sheets/{*}sheet"):
            if sheet.get("name") == name:
                keys = [value for attribute, value in sheet.items() if attribute.endswith("}id")]
                return related[keys[0]][1]
    raise zipfile.BadZipFile(name)


def _related(parts: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """What a part refers to: id -> kind and part."""
    folder, own = posixpath.split(part)
    tree = _tree(parts, posixpath.join(folder, "_rels", f"{own}.rels"))
    return {
        entry.get("Id", ""): (entry.get("Type", ""), posixpath.join("/", folder, entry.get("Target", "")).lstrip("/"))
        for entry in tree.iterfind("{*}Relationship")
    }


def _tree(parts: zipfile.ZipFile, part: str) -> Any:
    try:
        text = parts.read(part)
    except KeyError as error:
        raise zipfile.BadZipFile(part) from error
    return ElementTree.fromstring(text)  # noqa: S314  (expat itself stops entities that explode)


def _column(letters: bytes) -> int:
    """`A` is 0, `AB` is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
