"""Going into a home: every command starts here."""

from __future__ import annotations

import os
import secrets
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
    """Make `home` the home of this process and return it; with `create`, made and its database brought up to date.

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
    entered.prepare()
    _set_up()
    if create:
        _bring_up_to_date()
    return entered


def stay_outside() -> None:
    """Set the process up without any home: for commands that only read what they are given."""
    os.environ.setdefault("GUANXI_SECRET_KEY", secrets.token_urlsafe())  # settings would make a home to keep one
    _set_up()


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
    import django
    from django.utils import translation

    django.setup()
    translation.activate(_language())


def _bring_up_to_date() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from guanxi.kernel.access.commands import ensure_roles
    from guanxi.kernel.access.system import SYSTEM

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    ensure_roles(SYSTEM)


def _language() -> str:
    asked = os.environ.get("GUANXI_LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "zh-hans" if asked.lower().startswith("zh") else "en"
