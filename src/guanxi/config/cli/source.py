"""`guanxi source`: contracts of source systems."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from guanxi.config.cli.entry import enter, stay_outside


@click.group()
def source() -> None:
    """Contracts that say what a source system delivers."""


@source.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    help="A company's home: know its own fields, and compare the columns with what it was delivered before.",
)
def check(file: Path, home: Path | None) -> None:
    """Explain every mistake in a contract, with its line and a suggestion."""
    from django.utils.translation import gettext, ngettext

    if home is None:
        stay_outside()
        from guanxi.intelligence.sources.check import check_contract

        mistakes = check_contract(file)
    else:
        enter(home)
        from guanxi.intelligence.queries.drift import columns_before
        from guanxi.intelligence.register import own_fields
        from guanxi.intelligence.sources.check import check_contract

        mistakes = check_contract(file, columns_before, own_fields())
    for mistake in mistakes:
        click.echo(f"{file}: {mistake}")
    wrong = [mistake for mistake in mistakes if not mistake.warning]
    remarks = len(mistakes) - len(wrong)
    counts = [
        ngettext("%(count)s mistake", "%(count)s mistakes", len(wrong)) % {"count": len(wrong)},
        ngettext("%(count)s remark", "%(count)s remarks", remarks) % {"count": remarks},
    ]
    click.echo(f"{file}: {gettext(', ').join(counts)}")
    sys.exit(2 if wrong else 0)


@source.command()
@click.argument("file", type=click.Path(path_type=Path))
def draft(file: Path) -> None:
    """Write a first contract for a file to standard output: to be read, mended and checked."""
    stay_outside()
    from guanxi.intelligence.sources.draft import draft_contract

    click.echo(draft_contract(file), nl=False)
