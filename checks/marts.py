"""`docs/marts.md` says what the catalogue of the marts says; `python -m checks.marts` writes it anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checks.problem import PROJECT, Problem
from guanxi.intelligence.marts.catalogue import CATALOGUE, Mart

PAGE = Path("docs") / "marts.md"
HEAD = """\
# The marts

The tables analysts and other programs may count on: in `guanxi sql`, and in a notebook by
`guanxi.insight.open_warehouse`. Columns are added, never changed or taken away. Money is DECIMAL(18,4); times are the
wall clock of the business. `guanxi sql --tables` prints the same.

This page is made from `src/guanxi/intelligence/marts/catalogue.py` by `python -m checks.marts`.
"""


def page() -> str:
    """Return the page that tells the catalogue."""
    return "\n".join([HEAD, *(_section(mart) for mart in CATALOGUE)])


def _section(mart: Mart) -> str:
    lines = [f"## {mart.name}", "", _sentence(mart.meaning)]
    if mart.key:
        lines[-1] += f" Key: {', '.join(f'`{name}`' for name in mart.key)}."
    if mart.personal:
        lines.append(
            "Personal: left out unless the warehouse is opened with `personal=True`, and never in `guanxi sql`."
        )
    lines += ["", "| column | meaning | unit |", "|---|---|---|"]
    lines += [f"| `{column.name}` | {column.meaning} | {column.unit} |" for column in mart.columns]
    return "\n".join(lines) + "\n"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def find_problems(root: Path) -> Iterator[Problem]:
    """Yield a page that tells something else."""
    path = root / PAGE
    if not path.exists() or path.read_text(encoding="utf-8") != page():
        yield Problem(PAGE, 0, "is not what the catalogue says; run `python -m checks.marts`")


if __name__ == "__main__":
    (PROJECT / PAGE).write_text(page(), encoding="utf-8", newline="\n")
