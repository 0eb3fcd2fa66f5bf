"""Rules are pure: no ORM, no clock, no settings; and texts people read are marked for translation."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from checks.problem import Problem, source_files

IMPURE_MODULES = ("django.db", "django.conf", "django.utils.timezone", "random", "time")
IMPURE_ROOMS = {"models", "queries", "commands", "jobs", "web", "api"}
CLOCKS = {"now", "today", "utcnow"}
SPOKEN = {"sentence", "cure", "label", "help_text", "verbose_name", "verbose_name_plural", "empty_label"}


def is_rules(path: Path) -> bool:
    """Whether `path` is a room of rules, or a part of one."""
    return path.name == "rules.py" or path.parent.name == "rules"


def impurities(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield what a room of rules must not do."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
            yield node.lineno, f"asks the clock ({node.func.attr}); take the date as a parameter"
            continue
        else:
            continue
        for name in names:
            if name.startswith("guanxi.") and name.rpartition(".")[2] in IMPURE_ROOMS:
                yield node.lineno, f"imports {name}: rules decide from what they are given"
            elif any(name == module or name.startswith(f"{module}.") for module in IMPURE_MODULES):
                yield node.lineno, f"imports {name}: rules know no ORM, clock, chance or settings"


def unmarked_texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the texts for people that are plain strings: error sentences and cures, labels of forms."""
    for node in ast.walk(tree):
        pairs: list[tuple[str, ast.expr]] = []
        if isinstance(node, ast.Call):
            pairs = [(keyword.arg, keyword.value) for keyword in node.keywords if keyword.arg]
        elif isinstance(node, ast.ClassDef):
            for line in node.body:
                if isinstance(line, ast.Assign):
                    pairs += [(target.id, line.value) for target in line.targets if isinstance(target, ast.Name)]
                elif isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and line.value:
                    pairs.append((line.target.id, line.value))
        for name, value in pairs:
            if name in SPOKEN and isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
                yield value.lineno, f"{name} is a plain string; mark it with gettext_lazy"


def find_problems(root: Path) -> Iterator[Problem]:
    """Yield every impure rule and every unmarked text of the product."""
    for path in source_files(root, ".py"):
        inside = path.relative_to(root)
        if inside.parts[:2] != ("src", "guanxi") or {"tests", "migrations"} & set(inside.parts):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if is_rules(inside):
            for line, message in impurities(tree):
                yield Problem(inside, line, message)
        # The library is used in notebooks, where nothing translates; an app's label is a name for Django.
        silent = inside.name == "apps.py" or "insight" in inside.parts
        for line, message in () if silent else unmarked_texts(tree):
            yield Problem(inside, line, message)
