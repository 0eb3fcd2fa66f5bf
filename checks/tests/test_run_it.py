"""What `docs/how-to/run-it.md` says of the settings."""

from __future__ import annotations

import re

from checks.problem import PROJECT

READ_BY = ("settings.py", "home.py", "cli/entry.py")


def test_it_names_every_variable_that_is_read_and_no_other() -> None:
    config = PROJECT / "src" / "guanxi" / "config"
    read = {
        name
        for file in READ_BY
        for name in re.findall(
            r'environ(?:\.get\(|\.setdefault\(|\[)"(GUANXI_\w+)"', (config / file).read_text("utf-8")
        )
    }
    page = (PROJECT / "docs" / "how-to" / "run-it.md").read_text("utf-8")
    told = set(re.findall(r"^\| `(GUANXI_\w+)` \|", page, re.MULTILINE))
    assert told - {"GUANXI_DATA"} == read  # GUANXI_DATA is for contracts, not for the program
