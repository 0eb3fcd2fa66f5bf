"""`guanxi upgrade`: what every other command does by itself before it starts."""

from __future__ import annotations

from pathlib import Path

import click

from guanxi.config.cli.entry import enter, home_option


@click.command()
@home_option
def upgrade(home: Path | None) -> None:
    """Bring the database of an older version up to date, after taking a copy of it, and do nothing else."""
    enter(home)
    from django.utils.translation import gettext

    click.echo(gettext("The database is up to date."))
