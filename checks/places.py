"""No file names a machine's own folders or a package registry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from checks.problem import Problem, line_of, source_files

PLACES = re.compile(
    r"""(?<![\w.}>$-])(?:
        /root/[\w.] | /home/\w+/[\w.]+ | /Users/\w+/ | [A-Z]:\\Users\\ | /tmp/\w+/\w
      | (?:pypi|registry[.]npmjs|registry[.]yarnpkg|registry[.]npmmirror|files[.]pythonhosted)[.](?:org|com)
    )""",
    re.VERBOSE,
)
ALLOWED = re.compile(r"/home/(?:user|you)/")


def in_text(text: str) -> Iterator[tuple[int, str]]:
    """Yield the line of every machine place or registry in `text`, and its words."""
    for found in PLACES.finditer(text):
        if not ALLOWED.match(found[0]):
            yield line_of(text, found.start()), found[0]


def find_problems(root: Path) -> Iterator[Problem]:
    """Yield every such place in a file of text."""
    for path in source_files(root):
        # This check and its test have to spell out what they look for.
        if path.parent in {root / "checks", root / "checks" / "tests"} and path.stem in {"places", "test_places"}:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for line, words in in_text(text):
            yield Problem(path.relative_to(root), line, f"names a place of one machine or a registry: {words}")
