"""Steps of the marts run on each engine, and must get the same answers."""

from __future__ import annotations

from guanxi.insight.conftest import engine

__all__ = ["engine"]
