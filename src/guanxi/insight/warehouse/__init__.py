"""A company's warehouse: the current snapshot, opened, and the marts that are views."""

from guanxi.insight.warehouse.open import Snapshot, current_snapshot, open_warehouse
from guanxi.insight.warehouse.views import customer_xref, purchase, purchase_line

__all__ = ["Snapshot", "current_snapshot", "customer_xref", "open_warehouse", "purchase", "purchase_line"]
