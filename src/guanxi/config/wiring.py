"""What only the top floor may tie together: the rooms of every app that plug it in, loaded once at start."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

ROOMS = ("jobs", "lists", "panels", "facts", "trail_words", "api")
SAMPLE_COMPANY = "guanxi.demo"  # a floor without tables, so no Django app

for package in (SAMPLE_COMPANY, *(app.name for app in apps.get_app_configs() if app.name.startswith("guanxi."))):
    for room in ROOMS:
        if find_spec(f"{package}.{room}") is not None:
            import_module(f"{package}.{room}")
