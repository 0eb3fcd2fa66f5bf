"""Fixtures of marketing's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _in_english(settings: Settings) -> Iterator[None]:
    """Sentences are asserted as they are written in the code."""
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield
