"""What the tests here have in common."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Messages are compared in English."""
    with translation.override("en"):
        yield
