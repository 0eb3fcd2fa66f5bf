"""Going into a home: every command starts here."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from guanxi.config.home import Home


def home_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--home DIR`, else GUANXI_HOME, else ./var."""
    return click.option(
        "--home",
        type=click.Path(file_okay=False, path_type=Path),
        help="The company's home (default: GUANXI_HOME, else ./var).",
    )(function)


def enter(home: Path | None, *, create: bool = False) -> Home:
    """Make `home` the home of this process, its database up to date, and return it.

    Raises
    ------
    click.UsageError
        Nobody lives there, and the command is none that makes a home.
    """
    if home is not None:
        os.environ["GUANXI_HOME"] = str(home.resolve())
    entered = Home.from_environment()
    if not create and not entered.exists:
        raise click.UsageError(f"There is no company at {entered.root}. Run guanxi demo, refresh or serve there first.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
    entered.prepare()
    import django
    from django.core.management import call_command
    from django.utils import translation

    django.setup()
    translation.activate(_language())
    call_command("migrate", verbosity=0, interactive=False)
    from guanxi.kernel.access.commands import ensure_roles
    from guanxi.kernel.access.system import SYSTEM

    ensure_roles(SYSTEM)
    return entered


def _language() -> str:
    asked = os.environ.get("GUANXI_LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "zh-hans" if asked.lower().startswith("zh") else "en"
