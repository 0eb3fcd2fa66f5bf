"""`guanxi backup` and `guanxi restore`."""

from __future__ import annotations

from pathlib import Path

import click

from guanxi.config.cli.entry import enter, home_option, stay_outside
from guanxi.config.home import Home


@click.command()
@home_option
@click.argument("file", type=click.Path(path_type=Path))
def backup(*, home: Path | None, file: Path) -> None:
    """Back the company up to FILE.zip; also while a refresh runs."""
    entered = enter(home, upgrade=False)  # so that one can be taken before an upgrade
    from django.utils.translation import gettext

    from guanxi.config.backup.take import take_backup
    from guanxi.config.upgrade import refuse_newer

    refuse_newer()
    taken = take_backup(entered, file)
    facts = {
        "file": str(file), "megabytes": f"{taken.size / 1e6:,.1f}", "files": f"{len(taken.manifest.files):,}",
        "run": taken.manifest.run or "-",
    }  # fmt: skip
    click.echo(gettext("%(file)s: %(files)s files, %(megabytes)s MB, data update %(run)s.") % facts)
    if taken.left_out:
        click.echo(
            gettext(
                "The PostgreSQL database is NOT in it (%(reason)s). Back it up with pg_dump at a time when no data"
                " update runs, and keep the two together."
            )
            % {"reason": taken.left_out}
        )
    click.echo(gettext("It holds the home's secret key and all customers: keep it as secret as the home itself."))


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@home_option
def restore(*, file: Path, home: Path | None) -> None:
    """Restore a backup to an empty home."""
    stay_outside()
    from django.utils.translation import gettext

    from guanxi.config.backup.restore import restore_backup

    restored = Home(home.resolve()) if home is not None else Home.from_environment()
    manifest = restore_backup(file, restored)
    facts = {"home": str(restored.root), "when": manifest.created_at, "run": manifest.run or "-"}
    click.echo(gettext("%(home)s is as it was at %(when)s, with data update %(run)s.") % facts)
    if manifest.database != "sqlite":
        click.echo(
            gettext(
                "The database was PostgreSQL. Load database.dump, or your own dump of that time, into an empty"
                " database with pg_restore, and name it in GUANXI_DATABASE_URL before you go on."
            )
        )
