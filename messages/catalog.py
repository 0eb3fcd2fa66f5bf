"""The catalog file: read, bring up to date, merge, write, compile."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from messages.extract import Message

LOCALE = "zh_Hans"
SOURCE = Path(__file__).resolve().parent.parent / "src" / "guanxi"
CATALOG = SOURCE / "locale" / LOCALE / "LC_MESSAGES" / "django.po"
CHINESE = re.compile("[\u4e00-\u9fff]")
WIDE = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
NARROW = re.compile("(?:(?<=[\u4e00-\u9fff”）》])([,;:?!]) ?|([,;:?!]) ?(?=[\u4e00-\u9fff“（《]))")
BLANK = re.compile("(?<=[，。；：？！、）]) (?=[\u4e00-\u9fff“（%{])")
# Clocks and versions in the header would make every two branches collide.
RESTLESS = re.compile(
    r'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team):.*\n', re.MULTILINE
)


def read(path: Path) -> Catalog:
    """Read a catalog; one that does not exist yet is empty."""
    if not path.exists():
        return Catalog(locale=LOCALE)
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE, abort_invalid=True)


def translation_of(entry: Entry) -> str:
    """Return the Chinese text of an entry; Chinese has one plural form."""
    if isinstance(entry.string, (list, tuple)):
        return str(entry.string[0]) if entry.string else ""
    return str(entry.string or "")


def punctuated(text: str) -> str:
    """Chinese text with Chinese marks: a comma beside a Chinese character is “，”, and no blank follows one."""
    if not CHINESE.search(text):
        return text
    return BLANK.sub("", NARROW.sub(lambda found: WIDE[found[1] or found[2]], text))


def updated(messages: Iterable[Message], known: Iterable[Catalog]) -> Catalog:
    """Return a catalog of exactly `messages`, translated as the first of `known` that knows each one."""
    translations: dict[tuple[str, str | None], str] = {}
    for catalog in known:
        for entry in catalog:
            text = entry.id[0] if isinstance(entry.id, (list, tuple)) else entry.id
            if text and translation_of(entry) and not entry.fuzzy:
                translations.setdefault((text, entry.context), punctuated(translation_of(entry)))
    result = Catalog(locale=LOCALE, project="Guanxi", fuzzy=False)
    for message in messages:
        string = translations.get(message.key, "")
        if message.plural is None:
            existing = result.get(message.text, message.context)
            if existing is not None:
                continue
            result.add(message.text, string, context=message.context, auto_comments=())
        else:
            result.add((message.text, message.plural), (string,), context=message.context)
    return result


def write(catalog: Catalog, path: Path) -> None:
    """Write `catalog` sorted, without line numbers and clocks, so that branches merge."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=120, no_location=True, sort_output=True, omit_header=False, ignore_obsolete=True)
    text = RESTLESS.sub("", buffer.getvalue().decode())
    header = text.index('msgid ""')
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text[header:], encoding="utf-8", newline="\n")


def compile_to_mo(path: Path) -> Path:
    """Compile `path` beside itself for Django to read, and return the new file's path."""
    target = path.with_suffix(".mo")
    fresh = target.with_suffix(".mo.new")
    with fresh.open("wb") as file:
        write_mo(file, read(path))
    fresh.replace(target)
    return target
