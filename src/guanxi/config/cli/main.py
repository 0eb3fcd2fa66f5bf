"""`guanxi`: its commands, and how a mistake is told."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

from guanxi import __version__
from guanxi.config.cli.backup import backup, restore
from guanxi.config.cli.demo import demo
from guanxi.config.cli.refresh import refresh
from guanxi.config.cli.serve import serve, worker
from guanxi.config.cli.source import source
from guanxi.config.cli.upgrade import upgrade
from guanxi.config.cli.warehouse import sql, warehouse


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="guanxi")
def guanxi() -> None:
    """Guanxi (知客): the customer-relationship system that knows its customers."""


for command in (refresh, source, sql, warehouse, demo, serve, worker, backup, restore, upgrade):
    guanxi.add_command(command)


def main() -> None:
    """Run the command line; a mistake the user can mend is told in a sentence, with exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # a Windows console may be cp936
    try:
        guanxi(prog_name="guanxi")
    except Exception as error:
        from django.db import OperationalError

        from guanxi.insight import InsightError
        from guanxi.kernel.errors import GuanxiError, as_sentence, is_disk_full  # needs a home, so it comes late

        if isinstance(error, InsightError) and not is_disk_full(error):
            tell(error.code, str(error.sentence), error.place, error.cure)
        if not isinstance(error, GuanxiError | OperationalError) and not is_disk_full(error):
            raise  # a mistake of ours: the traceback is for us
        said = as_sentence(error)
        tell(said.code, said.message, said.place, said.remedy)


def tell(code: str, message: str, place: str, cure: str) -> NoReturn:
    """Print a mistake with its place and cure, and leave with status 2."""
    click.echo(f"error[{code}]: {message}", err=True)
    if place:
        click.echo(f"  at: {place}", err=True)
    if cure:
        click.echo(f"  cure: {cure}", err=True)
    sys.exit(2)
