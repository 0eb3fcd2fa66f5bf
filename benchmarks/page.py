"""`docs/benchmarks.md`: a part each for what is measured, and one that people fill in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from benchmarks.clock import PROJECT

PAGE = PROJECT / "docs" / "benchmarks.md"
TITLES = {
    "stories": "The library beside a bare DuckDB",
    "singles": "Method by method",
    "sample": "The sample company",
    "retail": "Online Retail",
    "road": "The whole road at size",
    "workbench": "The workbench at size",
}
HAND = "hand"
HEAD = """\
# Benchmarks

What things cost, measured by `make bench` and written here by it. Absolute seconds belong to one machine and its mood;
trust the ratios to the floor, which was measured in the same run. `python -m benchmarks --only PART` measures one part
anew and leaves the others; `--quick` measures small sizes and writes nothing.
"""
BY_HAND = """\
## From clone to served page

Measured by hand: a fresh clone, download caches warm, `make demo`, until the first page answers.

| date | machine | seconds |
|---|---|---:|
| | | |
"""


def write(told: Mapping[str, list[str]], path: Path = PAGE) -> None:
    """Put the parts that were measured into the page; what was not, and what people wrote, stays."""
    before = read(path)
    path.write_text(compose({**before, **{name: "\n".join(lines) for name, lines in told.items()}}), encoding="utf-8")


def read(path: Path) -> dict[str, str]:
    """The parts of the page as it is."""
    if not path.exists():
        return {}
    text = path.read_text(encoding="utf-8")
    return {
        found["name"]: found["text"].strip()
        for found in re.finditer(r"<!-- (?P<name>\w+) -->\n(?P<text>.*?)\n<!-- end -->", text, re.DOTALL)
    }


def compose(parts: Mapping[str, str]) -> str:
    """The whole page, its parts in a fixed order."""
    sections = [HEAD]
    for name, title in TITLES.items():
        text = parts.get(name, "Not measured yet.").removeprefix(f"## {title}").strip()
        sections.append(_marked(name, f"## {title}\n\n{text}"))
    sections.append(_marked(HAND, parts.get(HAND, BY_HAND).strip()))
    return "\n".join(sections)


def _marked(name: str, text: str) -> str:
    return f"<!-- {name} -->\n{text}\n<!-- end -->\n"
