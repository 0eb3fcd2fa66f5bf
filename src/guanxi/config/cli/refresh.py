"""`guanxi refresh`: bring everything up to date from the sources."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from guanxi.config.cli.entry import enter, home_option
from guanxi.config.cli.progress import Bar

if TYPE_CHECKING:
    from guanxi.kernel.runs.models import Run


@click.command()
@home_option
@click.option(
    "--source",
    "sources",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A source contract; give it once for every source. Without it: the sources of the refresh before.",
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The business date (default: the last fact's day).")
def refresh(home: Path | None, sources: tuple[Path, ...], as_of: datetime | None) -> None:
    """Land, resolve, build, score and publish; goes on where a stopped refresh left off."""
    entered = enter(home, create=True)
    from guanxi.intelligence.register import read_contracts, registered_contracts
    from guanxi.intelligence.road import refresh as run_refresh
    from guanxi.kernel.access.system import SYSTEM

    contracts = read_contracts(sources) if sources else registered_contracts()
    with Bar() as bar:
        run = run_refresh(
            contracts,
            home=entered.root,
            root=entered.warehouse,
            actor=SYSTEM,
            business_date=as_of.date() if as_of else None,
            progress=bar,
        )
    print_report(run)


def print_report(run: Run) -> None:
    """Print what a finished run did: rows and rejects by feed, customers, time per step."""
    console = Console(width=None if sys.stdout.isatty() else 160)  # in a log nothing may be cut off
    feeds = Table(title=f"Run {run.pk}, business date {run.business_date}", title_justify="left")
    for column in ("source", "feed"):
        feeds.add_column(column)
    for column in ("files", "rows in", "landed", "rejected", "filtered", "already delivered"):
        feeds.add_column(column, justify="right")
    for feed in run.report["land"]["feeds"]:
        feeds.add_row(
            feed["source"], feed["feed"], f"{feed['files']:,}", f"{feed['rows']:,}", f"{feed['landed']:,}",
            f"{feed['rejected']:,}", f"{feed['filtered']:,}", f"{len(feed['repeated']):,}",
        )  # fmt: skip
    console.print(feeds)
    steps = Table()
    steps.add_column("step")
    steps.add_column("seconds", justify="right")
    steps.add_column("counted")
    total = 0.0
    for step in run.steps.order_by("position"):
        total += step.seconds
        steps.add_row(step.name, f"{step.seconds:.1f}", ", ".join(f"{name} {n:,}" for name, n in step.counts.items()))
    steps.add_row("total", f"{total:.1f}", "")
    console.print(steps)
