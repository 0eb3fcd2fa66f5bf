"""Templates obey the content security policy, and hold no text of their own.

Nothing inline runs (`style=`, `onclick=`, `<script>` with code); every word a person reads goes
through a translation tag. A name that is the same in all languages stands in `translate="no"`,
`<code>`, `<kbd>` or `<samp>`. Icons are on the sheet that `frontend/icons.json` lists.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from checks.problem import Problem, source_files

READ_ATTRIBUTES = {"title", "placeholder", "alt", "aria-label", "aria-description", "label", "data-confirm", "content"}
# `content` of these `<meta>` is for machines.
MACHINE_META = {"viewport", "color-scheme", "theme-color", "robots", "referrer", "htmx-config", "generator"}
SILENT = {"script", "style", "code", "kbd", "samp"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
DATA_SCRIPTS = {"application/json", "importmap"}
TRANSLATED = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
COMMENT = re.compile(r"{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}", re.DOTALL)
# `{% block body_class %}` holds names of style classes, as its own name says.
CLASSES = re.compile(r"{%\s*block\s+\w*class\s*%}.*?{%\s*endblock[^%]*%}", re.DOTALL)
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
LETTER = re.compile(r"[^\W\d_]")
ICON = re.compile(r"{%\s*icon\s+[\"']([^\"']+)[\"']")


def blanked(found: re.Match[str]) -> str:
    """Return blanks as long and with as many lines as what was found, so that places stay right."""
    return re.sub(r"[^\n]", " ", found[0])


class _Reader(HTMLParser):
    """Collects what is wrong in a template whose tags have been blanked out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[tuple[int, str]] = []
        self.silent: list[str] = []
        self.code = False

    def say(self, message: str) -> None:
        """Note `message` at the present line."""
        self.problems.append((self.getpos()[0], message))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at an element's attributes, and whether its text is for people."""
        given = dict(attrs)
        for name, value in attrs:
            if name == "style":
                self.say("style= is refused by the content security policy; use a class")
            elif re.fullmatch(r"on[a-z]+", name):
                self.say(f"{name}= is refused by the content security policy; listen in a script")
            elif name == "href" and (value or "").strip().lower().startswith("javascript:"):
                self.say("javascript: is refused by the content security policy")
            elif name in READ_ATTRIBUTES and value and LETTER.search(value):
                if tag == "meta" and (given.get("name") or given.get("http-equiv", "")) in MACHINE_META:
                    continue
                self.say(f"{name}={value.strip()!r} is not translated")
        if tag == "script" and "src" not in given:
            self.code = (given.get("type") or "").lower() not in DATA_SCRIPTS
        if tag == "style":
            self.say("<style> is refused by the content security policy; write it in a style sheet")
        if tag not in VOID and (self.silent or tag in SILENT or given.get("translate") == "no"):
            self.silent.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at `<x/>`, which has no text to be silent about."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID and self.silent:
            self.silent.pop()

    def handle_endtag(self, tag: str) -> None:
        """Leave a silent element."""
        if tag in self.silent:
            while self.silent.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Look at text between elements."""
        if self.silent:
            if self.silent[-1] == "script" and self.code and data.strip():
                self.say("<script> with code is refused by the content security policy; write a file")
        elif LETTER.search(data):
            self.say(f"{' '.join(data.split())[:60]!r} is not translated")


def in_template(source: str, icons: set[str]) -> list[tuple[int, str]]:
    """Return what is wrong in a template, with lines. `icons` are the names on the sheet."""
    source = COMMENT.sub(blanked, source)
    problems = [
        (source.count("\n", 0, found.start()) + 1, f'there is no icon "{found[1]}"; add it to frontend/icons.json')
        for found in ICON.finditer(source)
        if found[1] not in icons
    ]
    for hidden in (TRANSLATED, CLASSES, TAG):
        source = hidden.sub(blanked, source)
    reader = _Reader()
    reader.feed(source)
    reader.close()
    return problems + reader.problems


def speaks_for_itself(path: Path) -> bool:
    """Whether this is the page shown when nothing works any more: it holds both languages at once."""
    return path.name in {"400.html", "500.html"}


def find_problems(root: Path) -> Iterator[Problem]:
    """Yield every mistake in the product's templates."""
    icons = set(json.loads((root / "frontend" / "icons.json").read_text(encoding="utf-8")))
    for path in source_files(root, ".html"):
        inside = path.relative_to(root)
        if inside.parts[0] == "src" and "templates" in inside.parts:
            for line, message in in_template(path.read_text(encoding="utf-8"), icons):
                if not (speaks_for_itself(path) and message.endswith("is not translated")):
                    yield Problem(inside, line, message)
