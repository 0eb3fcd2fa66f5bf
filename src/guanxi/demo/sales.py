"""What the three selling systems know of the orders: order lines, receipts, and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from guanxi.demo.bad_rows import PlacedBadRow
from guanxi.demo.baskets import Lines
from guanxi.demo.chance import Bools, Ints
from guanxi.demo.delivery import deliver, write_table
from guanxi.demo.entries import Entries
from guanxi.demo.lists import products
from guanxi.demo.orders import NOBODY, Orders
from guanxi.demo.records import CALLCENTRE, SHOP, STORE
from guanxi.demo.seasons import Calendar

_SHOP: Final = ("order_number", "type", "customer_id", "sku", "quantity", "unit_price", "ordered_at")
_STORE: Final = ("小票号", "会员号", "货号", "数量", "单价", "时间")
_CALLCENTRE: Final = ("order", "caller", "item", "pieces", "amount", "taken")
_PRODUCTS: Final = ("sku", "name", "name_en", "category", "category_en", "list_price")


@dataclass(frozen=True)
class Entry:
    """The lines of one system by time, sales and returns; `pieces` is negative on a return, `price` in fen."""

    order: list[int]
    key: list[str]
    sku: list[str]
    pieces: list[int]
    price: list[int]
    day: list[int]
    second: list[int]


def write_sales(folder: Path, orders: Orders, lines: Lines, entries: Entries, calendar: Calendar) -> list[PlacedBadRow]:
    """The order files of shop, stores (one a month) and call centre, and the shop's list of products."""
    write_products(folder)
    return [
        *_write_shop(folder, _entry(orders, lines, entries, SHOP), orders, calendar),
        *_write_store(folder, _entry(orders, lines, entries, STORE), orders, calendar),
        *_write_callcentre(folder, _entry(orders, lines, entries, CALLCENTRE), orders, calendar),
    ]


def write_products(folder: Path) -> None:
    """The assortment, with names in both languages."""
    rows = [
        (each.sku, each.chinese, each.english, each.category, each.category_english, f"{each.price}.00")
        for each in products()
    ]
    write_table(folder / "shop/products.csv", _PRODUCTS, rows)


def _entry(orders: Orders, lines: Lines, entries: Entries, source: int) -> Entry:
    sold = np.flatnonzero(orders.source[lines.order] == source)
    back = sold[lines.given_back[sold] > 0]
    line = np.concatenate([sold, back])
    order = lines.order[line]
    returned: Bools = np.arange(len(line)) >= len(sold)
    day = np.where(returned, lines.back_day[line], orders.day[order])
    second = np.where(returned, lines.back_second[line], orders.second[order])
    turn = np.lexsort((line, order, returned, second, day))
    record = orders.record[order]
    skus = [each.sku for each in products()]

    def ordered(values: Ints) -> list[int]:
        return [int(value) for value in values[turn]]

    return Entry(
        order=ordered(order),
        key=["" if each == NOBODY else entries.key[each] for each in ordered(record)],
        sku=[skus[each] for each in ordered(lines.product[line])],
        pieces=ordered(np.where(returned, -lines.given_back[line], lines.quantity[line])),
        price=ordered(lines.price[line]),
        day=ordered(day),
        second=ordered(second),
    )


def _numbers(orders: Orders, calendar: Calendar, source: int, letter: str) -> dict[int, str]:
    """The number of every order of a system: its day and a running number."""
    mine = np.flatnonzero(orders.source == source).tolist()
    days = [f"{day:%Y%m%d}" for day in calendar.days]
    where = orders.day.tolist()
    return {order: f"{letter}{days[where[order]]}{number:06d}" for number, order in enumerate(mine, start=1)}


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _money(fen: int) -> str:
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100}.{fen % 100:02d}"


def _write_shop(folder: Path, entry: Entry, orders: Orders, calendar: Calendar) -> list[PlacedBadRow]:
    number = _numbers(orders, calendar, SHOP, "W")
    days = [day.isoformat() for day in calendar.days]
    rows = [
        [
            number[order] if pieces > 0 else f"R{number[order]}",
            "sale" if pieces > 0 else "return",
            key,
            sku,
            str(abs(pieces)),
            _money(price),
            f"{days[day]} {_clock(second)}",
        ]
        for order, key, sku, pieces, price, day, second in zip(
            entry.order, entry.key, entry.sku, entry.pieces, entry.price, entry.day, entry.second, strict=True
        )
    ]
    return deliver(folder, "shop/orders.csv", ("shop", "orders"), _SHOP, rows, "order_number")


def _write_store(folder: Path, entry: Entry, orders: Orders, calendar: Calendar) -> list[PlacedBadRow]:
    for old in (folder / "store").glob("receipts-*.csv"):
        old.unlink()  # of another business date
    number = _numbers(orders, calendar, STORE, "S")
    days = [day.isoformat() for day in calendar.days]
    months: dict[str, list[list[str]]] = {}
    for order, key, sku, pieces, price, day, second in zip(
        entry.order, entry.key, entry.sku, entry.pieces, entry.price, entry.day, entry.second, strict=True
    ):
        months.setdefault(days[day][:7], []).append(
            [
                number[order] if pieces > 0 else f"T{number[order]}",
                key,
                sku,
                str(pieces),
                _money(price),
                f"{days[day]} {_clock(second)}",
            ]
        )
    placed: list[PlacedBadRow] = []
    for position, (month, rows) in enumerate(sorted(months.items())):
        file = f"store/receipts-{month}.csv"
        if position == len(months) // 2:
            placed += deliver(folder, file, ("store", "receipts"), _STORE, rows, "小票号", encoding="gb18030")
        else:
            write_table(folder / file, _STORE, rows, encoding="gb18030")
    return placed


def _write_callcentre(folder: Path, entry: Entry, orders: Orders, calendar: Calendar) -> list[PlacedBadRow]:
    number = _numbers(orders, calendar, CALLCENTRE, "C")
    days = [f"{day:%d/%m/%Y}" for day in calendar.days]
    rows = [
        [
            number[order] if pieces > 0 else f"{number[order]}-R",
            key,
            sku,
            str(pieces),
            _money(pieces * price),
            f"{days[day]} {_clock(second)[:5]}",
        ]
        for order, key, sku, pieces, price, day, second in zip(
            entry.order, entry.key, entry.sku, entry.pieces, entry.price, entry.day, entry.second, strict=True
        )
    ]
    return deliver(folder, "callcentre/orders.txt", ("callcentre", "orders"), _CALLCENTRE, rows, "order", delimiter=";")
