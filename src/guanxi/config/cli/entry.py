"""Going into a home: every command starts here."""

from __future__ import annotations

import os
import secrets
import tempfile
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


def enter(home: Path | None, *, create: bool = False, upgrade: bool = True) -> Home:
    """Make `home` the home of this process and return it.

    Parameters
    ----------
    create
        Make the home if nobody lives there.
    upgrade
        Bring its database up to date if an older version made it; else take it as it is.

    Raises
    ------
    click.UsageError
        Nobody lives there, and the command is none that makes a home.
    HomeReadOnly, HomeTooNew, UpgradeCopyNotWritten
        Nothing was changed.
    """
    if home is not None:
        os.environ["GUANXI_HOME"] = str(home.resolve())
    entered = Home.from_environment()
    if not create and not entered.exists:
        raise click.UsageError(f"There is no company at {entered.root}. Run guanxi demo, refresh or serve there first.")
    if create:
        _refuse_read_only(entered)
    _set_up()
    if upgrade:
        _bring_up_to_date(create=create)
    return entered


def _refuse_read_only(home: Home) -> None:
    try:
        home.prepare()
        with tempfile.TemporaryFile(dir=home.root, prefix=".part-"):
            pass
    except OSError as error:
        stay_outside()
        from guanxi.config.errors import HomeReadOnly
        from guanxi.kernel.errors import is_disk_full

        if is_disk_full(error):
            raise
        raise HomeReadOnly(home=str(home.root), reason=error.strerror or str(error)) from error


def stay_outside() -> None:
    """Set the process up without any home: for commands that only read what they are given."""
    for key in ("GUANXI_SECRET_KEY", "GUANXI_VAULT_KEY"):
        os.environ.setdefault(key, secrets.token_urlsafe())  # settings would make a home to keep one
    _set_up()


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
    import django
    from django.utils import translation

    django.setup()
    translation.activate(_language())


def _bring_up_to_date(*, create: bool) -> None:
    from guanxi.config.upgrade import upgrade_database
    from guanxi.kernel.access.commands import ensure_roles
    from guanxi.kernel.access.system import SYSTEM

    upgrade_database(lambda words: click.echo(words, err=True))
    if create:
        ensure_roles(SYSTEM)


def _language() -> str:
    asked = os.environ.get("GUANXI_LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "zh-hans" if asked.lower().startswith("zh") else "en"
