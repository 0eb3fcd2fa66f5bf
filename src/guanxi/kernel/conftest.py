"""Fixtures of the kernel's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation
from pytest_django import Settings

from guanxi.kernel.tests.lab import lab, lab_template

__all__ = ["lab", "lab_template"]


@pytest.fixture(autouse=True)
def _in_english(settings: Settings) -> Iterator[None]:
    """Sentences are asserted as they are written in the code."""
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield
