"""What only the top floor may tie together: jobs and panels of every app, loaded once at start."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

ROOMS = ("jobs", "panels", "facts")

import_module("guanxi.demo.jobs")
for app in apps.get_app_configs():
    if app.name.startswith("guanxi."):
        for room in ROOMS:
            if find_spec(f"{app.name}.{room}") is not None:
                import_module(f"{app.name}.{room}")
