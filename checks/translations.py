"""Every text is in the Chinese catalog, translated, with the same placeholders; and nothing else is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry

from checks.problem import Problem, source_files
from messages.catalog import CATALOG, read, translation_of
from messages.extract import Message, extract

PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|{\w*(?:![rs])?(?::[^{}]*)?}")
CHINESE = re.compile(r"[\u3400-\u9fff]")


def text_of(entry: Entry) -> str:
    """Return the English text of an entry."""
    return str(entry.id[0] if isinstance(entry.id, (list, tuple)) else entry.id)


def placeholders(text: str) -> set[str]:
    """Return the places in `text` that are filled in later."""
    return set(PLACEHOLDER.findall(text))


def compare(messages: Iterable[Message], catalog: Catalog) -> Iterator[tuple[Path | None, int, str]]:
    """Yield what is missing in the catalog, what is wrong in it, and what nothing uses."""
    entries = {(text_of(entry), entry.context): entry for entry in catalog if entry.id}
    used = set()
    for message in messages:
        first = message.key not in used
        used.add(message.key)
        entry = entries.get(message.key)
        if first and (entry is None or entry.fuzzy or not translation_of(entry)):
            yield message.path, message.line, f"{message.text!r} has no Chinese; run `make messages` and translate it"
        elif entry is not None and message.plural is not None and not isinstance(entry.id, (list, tuple)):
            yield message.path, message.line, f"{message.text!r} has a plural the catalog does not know"
    for key, entry in entries.items():
        text, chinese = text_of(entry), translation_of(entry)
        # Chinese has one form, so it may use what either English form uses.
        forms = entry.id if isinstance(entry.id, (list, tuple)) else (entry.id,)
        if key not in used:
            yield None, 0, f"{text!r} is used nowhere; run `make messages`"
        elif chinese and placeholders(chinese) != set().union(*(placeholders(str(form)) for form in forms)):
            yield None, 0, f"{text!r} and its Chinese have different places to fill in"


def in_script(source: str) -> Iterator[tuple[int, str]]:
    """Yield Chinese written into a script: its texts come translated from the page."""
    for number, line in enumerate(source.splitlines(), 1):
        if CHINESE.search(line.split("//")[0]):
            yield number, "a script holds no text; pass it from the template in a data attribute"


def find_problems(root: Path) -> Iterator[Problem]:
    """Yield every text without its translation, and every translation without its text."""
    catalog = CATALOG.relative_to(root)
    for path, line, message in compare(extract(root / "src" / "guanxi"), read(CATALOG)):
        yield Problem(path.relative_to(root) if path else catalog, line, message)
    for path in source_files(root, ".js", ".mjs"):
        for line, message in in_script(path.read_text(encoding="utf-8")):
            yield Problem(path.relative_to(root), line, message)
