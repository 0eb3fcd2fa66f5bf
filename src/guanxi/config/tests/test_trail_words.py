"""The operation log speaks of every command of the house."""

from __future__ import annotations

import importlib
import pkgutil

import guanxi
from guanxi.kernel.audit.words import is_described
from guanxi.kernel.commands import COMMANDS


def test_every_command_is_described() -> None:
    """A command that is missing here needs a line in the `trail_words.py` of its app."""
    for module in pkgutil.walk_packages(guanxi.__path__, "guanxi."):
        if "commands" in module.name and ".tests" not in module.name:
            importlib.import_module(module.name)
    assert [name for name in sorted(COMMANDS) if not is_described(name) and ".tests." not in name] == []
