"""Who is who: records that belong to one customer."""

from guanxi.insight.identity.connect import connect

__all__ = ["connect"]
