"""The list of checks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, cast

from checks import (
    contracts,
    licences,
    locks,
    marts,
    migrations,
    packages,
    places,
    rooms,
    sizes,
    sql,
    templates,
    translations,
)
from checks.problem import Problem


class Check(Protocol):
    """A module that knows one rule of the house."""

    __name__: str

    def find_problems(self, root: Path) -> Iterator[Problem]:
        """Yield what is to be mended under `root`."""
        ...


CHECKS = tuple(
    cast("Check", check)
    for check in (
        sizes,
        packages,
        contracts,
        rooms,
        templates,
        translations,
        sql,
        migrations,
        locks,
        licences,
        places,
        marts,
    )
)
