"""Every translatable text of the source: from Python, and from Django templates."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_python
from django.conf import settings
from django.utils.translation.template import templatize

KEYWORDS: dict[str, tuple[Any, ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
UNSPOKEN = {"tests", "migrations", "static"}


@dataclass(frozen=True)
class Message:
    """One translatable text and where it stands."""

    text: str
    plural: str | None
    context: str | None
    path: Path
    line: int

    @property
    def key(self) -> tuple[str, str | None]:
        """What makes two texts one entry of the catalog."""
        return (self.text, self.context)


def from_python(source: str, path: Path) -> Iterator[Message]:
    """Yield the texts of Python source.

    >>> [m.text for m in from_python("x = _('Who are our customers')", Path("x.py"))]
    ['Who are our customers']
    """
    found: Any  # a text, or a tuple of texts where the call has several arguments
    function: Any
    for line, function, found, _comments in extract_python(io.BytesIO(source.encode()), KEYWORDS, (), {}):
        texts = found if isinstance(found, tuple) else (found,)
        spec = KEYWORDS[function] or (1,)
        context = next((texts[place[0] - 1] for place in spec if isinstance(place, tuple)), None)
        spoken = [texts[place - 1] if place <= len(texts) else None for place in spec if isinstance(place, int)]
        if spoken[0]:
            yield Message(spoken[0], spoken[1] if len(spoken) > 1 else None, context, path, line)


def from_template(source: str, path: Path) -> Iterator[Message]:
    """Yield the texts of a Django template.

    >>> [m.text for m in from_template("<p>{% trans 'Quiet' %}</p>", Path("x.html"))]
    ['Quiet']
    """
    if not settings.configured:
        settings.configure(USE_I18N=True)
    # `templatize` blanks out all but the texts; what indentation is left means nothing to Python.
    python = "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())
    yield from from_python(python, path)


def extract(root: Path) -> list[Message]:
    """Return all texts under `root`, in a stable order; tests and migrations are not read."""
    messages: list[Message] = []
    for path in sorted(root.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or UNSPOKEN & set(path.relative_to(root).parts):
            continue
        if path.suffix != ".py" and "templates" not in path.parts:
            continue
        source = path.read_text(encoding="utf-8")
        messages += from_python(source, path) if path.suffix == ".py" else from_template(source, path)
    return messages
