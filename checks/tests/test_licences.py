"""Licences of what the product runs on."""

from __future__ import annotations

from collections.abc import Callable
from email.message import Message
from pathlib import Path

import pytest

from checks import licences


def about(*lines: tuple[str, str]) -> Message:
    message = Message()
    for name, value in lines:
        message[name] = value
    return message


@pytest.mark.parametrize(
    "lines",
    [
        [("License-Expression", "BSD-3-Clause AND MIT AND (0BSD OR GPL-2.0-only)")],
        [("License-Expression", "GPL-3.0-or-later WITH GCC-exception-3.1")],
        [("License-Expression", "LGPL-3.0-only")],
        [("Classifier", "License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)")],
        [("Classifier", "Topic :: Software"), ("License", "Apache 2.0")],
    ],
)
def test_what_may_be_carried(lines: list[tuple[str, str]]) -> None:
    assert licences.why_not(licences.licence_names(about(*lines))) is None


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        ([("License-Expression", "MIT AND AGPL-3.0-only")], "AGPL-3.0-only"),
        ([("License-Expression", "GPL-2.0-or-later")], "GPL-2.0-or-later"),
        (
            [("Classifier", "License :: OSI Approved :: GNU General Public License v3 (GPLv3)"), ("License", "x")],
            "GNU General Public License v3 (GPLv3)",
        ),
        ([("License", "GNU Affero General Public License")], "GNU Affero General Public License"),
    ],
)
def test_what_may_not(lines: list[tuple[str, str]], name: str) -> None:
    assert licences.why_not(licences.licence_names(about(*lines))) == f"its licence is {name}"


def test_a_lock_is_read_by_what_is_installed(write: Callable[[str, str], Path], tmp_path: Path) -> None:
    write("requirements/runtime.txt", "django==5.2.19 \\\nnot-installed-here==1.0 \\\npsycopg[binary]==3.3.9 \\\n")
    assert list(licences.find_problems(tmp_path)) == []
