"""Every change of a model has its migration."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
from django.apps import apps

from checks.problem import Problem


def missing_migrations() -> dict[str, list[str]]:
    """Return what `makemigrations` would write, by app, without asking any database."""
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState
    from django.utils.translation import override

    # Migrations hold English names: in another language every model would look renamed.
    with override(None):
        loader = MigrationLoader(None)
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        changes = detector.changes(graph=loader.graph)
        return {
            label: [operation.describe() for migration in migrations for operation in migration.operations]
            for label, migrations in changes.items()
        }


def find_problems(root: Path) -> Iterator[Problem]:
    """Yield every change of a model that no migration knows."""
    if not apps.ready:
        with tempfile.TemporaryDirectory() as home:
            os.environ.setdefault("GUANXI_HOME", home)
            os.environ.setdefault("GUANXI_SECRET_KEY", "known to everybody: for checks only, for checks only")
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
            django.setup()
    for label, operations in missing_migrations().items():
        folder = Path(apps.get_app_config(label).path)
        place = folder.relative_to(root) if folder.is_relative_to(root) else folder
        for operation in operations:
            yield Problem(place, 0, f"no migration for: {operation}")
