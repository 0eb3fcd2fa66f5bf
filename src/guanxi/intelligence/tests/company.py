"""The small company with a home of its own, to be refreshed and read."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from guanxi.insight import open_warehouse
from guanxi.intelligence.register import read_contracts
from guanxi.intelligence.road import refresh
from guanxi.intelligence.tests.small_company import write_small_company
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.runs.models import Run

AS_OF = date(2025, 12, 31)


class Company:
    """The small company and its home."""

    def __init__(self, folder: Path) -> None:
        self.files = folder / "sources"
        self.home = folder / "home"
        self.root = self.home / "warehouse"
        self.contracts = write_small_company(self.files)

    def refresh(self, as_of: date | None = AS_OF) -> Run:
        return refresh(
            read_contracts(self.contracts), home=self.home, root=self.root, actor=SYSTEM, business_date=as_of
        )

    def mart(self, name: str, *order_by: str) -> list[dict[str, Any]]:
        with open_warehouse(self.root, personal=True) as engine:
            return engine.table(name).rows(order_by)

    def write(self, name: str, text: str) -> None:
        (self.files / name).write_text(text, encoding="utf-8")
