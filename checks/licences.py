"""What the product runs on may be given away with it: no GPL, no AGPL. LGPL is fine (psycopg)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from importlib import metadata
from pathlib import Path
from typing import cast

from checks.problem import Problem

# Long texts are whole licences pasted into a field meant for a name.
LONGEST_NAME = 200
STRONG = re.compile(r"\b(?:A?GPL|(?:GNU )?(?:Affero )?General Public)", re.IGNORECASE)
WEAK = re.compile(r"\bLGPL|(?:Lesser|Library) General Public|WITH [\w-]*exception", re.IGNORECASE)
NAME = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==", re.IGNORECASE | re.MULTILINE)


def licence_names(about: Message) -> list[str]:
    """Return the names of licences a package states: its expression, else its classifiers, else its field."""
    expression = about.get("License-Expression", "")
    if expression:
        return re.split(r"\s+AND\s+", expression.replace("(", "").replace(")", ""))
    classifiers = [line.rpartition("::")[2].strip() for line in about.get_all("Classifier", [])]
    stated = [
        name
        for name, line in zip(classifiers, about.get_all("Classifier", []), strict=True)
        if line.startswith("License ::") and name != "OSI Approved"
    ]
    field = about.get("License", "")
    return stated or ([field] if field and len(field) <= LONGEST_NAME else [])


def why_not(names: list[str]) -> str | None:
    """Return why a package of these licences cannot be carried, or `None`.

    >>> why_not(["MIT"]), why_not(["LGPL-3.0-only"]), why_not(["MIT OR GPL-2.0-only"])
    (None, None, None)
    >>> why_not(["GPL-3.0-or-later"])
    'its licence is GPL-3.0-or-later'
    """
    for name in names:
        choices = [choice for choice in re.split(r"\s+OR\s+", name) if not STRONG.search(choice) or WEAK.search(choice)]
        if not choices:
            return f"its licence is {name}"
    return None


def find_problems(root: Path) -> Iterator[Problem]:
    """Yield every installed runtime dependency that may not be carried, or states no licence."""
    lock = root / "requirements" / "runtime.txt"
    for package in sorted(set(NAME.findall(lock.read_text(encoding="utf-8")))):
        try:
            about = cast("Message", metadata.metadata(package))
        except metadata.PackageNotFoundError:  # for another system or Python
            continue
        names = licence_names(about)
        reason = why_not(names) if names or about.get_all("License-File") else "it states no licence"
        if reason:
            yield Problem(lock.relative_to(root), 0, f"{package}: {reason}")
