"""`guanxi demo`: the sample company, from nothing to served pages."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from guanxi.config.cli.entry import enter, home_option
from guanxi.config.cli.progress import Bar


@click.command()
@home_option
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The business date (default: today).")
@click.option("--seed", default=20260101, show_default=True, help="Another seed makes another company.")
@click.option("--serve/--no-serve", default=True, help="Serve the pages when the data is in.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def demo(*, home: Path | None, as_of: datetime | None, seed: int, serve: bool, host: str, port: int) -> None:
    """Make T公司, tea ware and porcelain: four source systems, 80,000 records, 24 months of purchases."""
    entered = enter(home, create=True)
    from django.utils import timezone

    from guanxi.config.cli.refresh import print_report
    from guanxi.config.cli.serve import run_server
    from guanxi.demo.activity import live_a_while
    from guanxi.demo.logins import LOGINS, PASSWORD
    from guanxi.demo.prepare import make_sample_company

    business_date = as_of.date() if as_of else timezone.localdate()
    with Bar() as bar:
        run = make_sample_company(
            entered.root, entered.warehouse, as_of=business_date, seed=seed, progress=bar
        )  # fmt: skip
    live_a_while(business_date, seed)
    print_report(run)
    click.echo("Log-ins, all with the password " + PASSWORD + ":")
    for login in LOGINS:
        click.echo(f"  {login.username:<10} {login.display_name} ({', '.join(login.roles)})")
    if serve:
        run_server(entered.root, host, port, worker=True)
