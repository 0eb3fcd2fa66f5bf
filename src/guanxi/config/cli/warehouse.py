"""`guanxi sql` and `guanxi warehouse`: the marts, read-only."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from guanxi.config.cli.entry import enter, home_option


@click.command()
@click.argument("query", required=False)
@home_option
@click.option("--json", "as_json", is_flag=True, help="A JSON array of rows.")
@click.option("--csv", "as_csv", is_flag=True, help="CSV with a header.")
@click.option("--tables", is_flag=True, help="List the marts with their columns.")
def sql(*, query: str | None, home: Path | None, as_json: bool, as_csv: bool, tables: bool) -> None:
    """Query the marts; no personal columns, nothing can be changed."""
    entered = enter(home)
    from guanxi.intelligence.marts.catalogue import CATALOGUE
    from guanxi.intelligence.marts.reading import query_marts
    from guanxi.kernel.access.system import SYSTEM

    if tables or not query:
        for mart in CATALOGUE:
            click.echo(f"{mart.name}: {mart.meaning}")
            for column in mart.columns:
                click.echo(f"    {column.name:<20} {column.meaning}" + (f" [{column.unit}]" if column.unit else ""))
        return
    found = query_marts(SYSTEM, query=query, root=entered.warehouse)
    rows = found.to_pylist()
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, default=str))
    elif as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(found.column_names)
        writer.writerows(row.values() for row in rows)
    else:
        table = Table(*found.column_names)
        for row in rows:
            table.add_row(*("" if cell is None else str(cell) for cell in row.values()))
        Console().print(table)


@click.group()
def warehouse() -> None:
    """The warehouse as a whole."""


@warehouse.command("hash")
@home_option
@click.option("--json", "as_json", is_flag=True, help="A JSON object.")
def canonical_hash(*, home: Path | None, as_json: bool) -> None:
    """Print the canonical hash: equal contents have an equal hash, however they were made."""
    entered = enter(home, upgrade=False)  # it reads files only
    from guanxi.intelligence.canon import warehouse_hash

    hashes = warehouse_hash(entered.warehouse)
    if as_json:
        click.echo(json.dumps(hashes))
    else:
        for name, value in hashes.items():
            click.echo(f"{value}  {name}")


@warehouse.command()
@home_option
@click.option("--source", help="One source only, by its name.")
@click.option("--json", "as_json", is_flag=True, help="A JSON array of feeds.")
def drift(*, home: Path | None, source: str | None, as_json: bool) -> None:
    """Print how the columns of each feed's files changed from delivery to delivery, and which nothing reads."""
    enter(home)
    from guanxi.intelligence.queries.drift import list_columns
    from guanxi.intelligence.sources.drift_words import since_in_words, unread_in_words
    from guanxi.kernel.access.system import SYSTEM

    feeds = list_columns(SYSTEM, source)
    if as_json:
        click.echo(json.dumps([asdict(feed) for feed in feeds], ensure_ascii=False, default=str))
        return
    for feed in feeds:
        columns = "column" if len(feed.columns) == 1 else "columns"
        click.echo(f"{feed.source}.{feed.feed}: {len(feed.columns)} {columns} in {feed.file}")
        if unread := unread_in_words(feed.drift):
            click.echo(f"    {unread}")
        for change in feed.changes:
            click.echo(f"    {change.file} (update {change.run_id}): {since_in_words(change.since, change.drift)}")


@warehouse.command()
@home_option
@click.option("--run", "run_id", type=int, help="The data update (default: the last one).")
@click.option("--json", "as_json", is_flag=True, help="A JSON array of rows.")
def rejects(*, home: Path | None, run_id: int | None, as_json: bool) -> None:
    """Print the rows that were rejected: file, line, reason and the raw text, as CSV."""
    enter(home)
    from guanxi.intelligence.land.rejects import iterate_rejects
    from guanxi.intelligence.queries.rejects import iter_rejects_csv
    from guanxi.intelligence.road import last_run_id
    from guanxi.kernel.access.system import SYSTEM

    asked = run_id or last_run_id()
    if as_json:
        rows = [asdict(reject) | {"text": reject.text} for reject in iterate_rejects(run_id=asked)]
        click.echo(json.dumps(rows, ensure_ascii=False))
    else:
        for piece in iter_rejects_csv(SYSTEM, asked):
            click.echo(piece, nl=False)
