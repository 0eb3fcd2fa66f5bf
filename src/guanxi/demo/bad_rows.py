"""The rows no reader can take: each a copy of a good one with one thing wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class BadRow:
    """One thing wrong in a row of a feed: `column` holds `value`; without a column the row is `value` columns longer.

    `reason` is the code under which land sets the row aside.
    """

    source: str
    feed: str
    column: str
    value: str
    reason: str = "bad_date"


BAD_ROWS: Final = (
    BadRow("shop", "customers", "birthday", "1985-02-30"),
    BadRow("shop", "customers", "registered_on", "2023-13-01"),
    BadRow("shop", "customers", "updated_at", "yesterday"),
    BadRow("shop", "orders", "ordered_at", "2024-02-30 10:15:00"),
    BadRow("shop", "orders", "ordered_at", "0000-00-00 00:00:00"),
    BadRow("shop", "orders", "quantity", "two", "bad_number"),
    BadRow("shop", "orders", "unit_price", "1O8.00", "bad_number"),
    BadRow("shop", "orders", "", "-2", "column_count"),
    BadRow("store", "members", "入会日期", "2023年02月29日"),
    BadRow("store", "members", "生日", "1990年13月05日"),
    BadRow("store", "members", "会员号", "", "missing"),
    BadRow("store", "receipts", "时间", "昨天下午"),
    BadRow("store", "receipts", "时间", "2025-06-31 12:00:00"),
    BadRow("store", "receipts", "数量", "一", "bad_number"),
    BadRow("store", "receipts", "单价", "面议", "bad_number"),
    BadRow("store", "receipts", "", "1", "column_count"),
    BadRow("callcentre", "callers", "since", "31/06/2022"),
    BadRow("callcentre", "callers", "caller", "", "missing"),
    BadRow("callcentre", "orders", "taken", "29/02/2023 10:00"),
    BadRow("callcentre", "orders", "pieces", "3pcs", "bad_number"),
    BadRow("callcentre", "orders", "amount", "n/a", "bad_number"),
    BadRow("fair", "cards", "met_on", "32.01.2024"),
    BadRow("fair", "cards", "", "-3", "column_count"),
)


@dataclass(frozen=True)
class PlacedBadRow:
    """Where a bad row stands: line 1 is the first of the file, its header if it has one."""

    bad: BadRow
    file: str
    line: int


def insert_bad_rows(
    rows: list[list[str]], bad: list[BadRow], columns: list[str], key: str, *, file: str, header: bool
) -> list[PlacedBadRow]:
    """Put the bad rows evenly among `rows`, in place; `key` is the column that must not repeat a good row's.

    A bad row gets a key of its own, so that mending it later adds a record and changes none.
    """
    placed = []
    step = len(rows) // (len(bad) + 1)
    for number, each in enumerate(bad, start=1):
        at = number * step
        row = rows[at].copy()
        row[columns.index(key)] = f"{row[columns.index(key)]}-{number}"
        if each.column:
            row[columns.index(each.column)] = each.value
        else:
            extra = int(each.value)
            row = row[:extra] if extra < 0 else row + ["?"] * extra
        rows.insert(at, row)
        placed.append(PlacedBadRow(each, file, at + 1 + header))
    return placed
