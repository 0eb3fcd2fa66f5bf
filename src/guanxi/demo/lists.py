"""The word lists the sample company is made from: names, cities, products, sellers."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

CATEGORIES: Final = ("茶壶", "盖碗", "茶杯", "茶盘", "花瓶", "餐具", "茶叶罐", "礼盒", "茶具配件")


@dataclass(frozen=True)
class City:
    """A city, the region code of its province, and how many customers of a ten-thousand live there."""

    region: str
    name: str
    english: str
    weight: int


@dataclass(frozen=True)
class Country:
    """A country the company exports to; `firm_suffix` is how its firms end their names."""

    code: str
    chinese: str
    english: str
    weight: int
    firm_suffix: str
    cities: tuple[str, ...]


@dataclass(frozen=True)
class Product:
    """An article of the assortment; `price` is the list price in whole CNY."""

    sku: str
    category: str
    category_english: str
    chinese: str
    english: str
    price: int


@dataclass(frozen=True)
class Seller:
    """One who sells for the company; `active` is false for one who has left."""

    employee_no: str
    name: str
    region: str
    active: bool
    regions: tuple[str, ...] = ()


@cache
def rows(table: str) -> tuple[dict[str, str], ...]:
    """The rows of one list, in file order."""
    text = files("guanxi.demo.tables").joinpath(f"{table}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def cities() -> tuple[City, ...]:
    """The cities of China the customers live in."""
    return tuple(City(row["region"], row["city"], row["english"], int(row["weight"])) for row in rows("cities"))


@cache
def countries() -> tuple[Country, ...]:
    """The countries abroad with customers."""
    return tuple(
        Country(
            row["code"],
            row["chinese"],
            row["english"],
            int(row["weight"]),
            row["firm_suffix"],
            tuple(row["cities"].split("|")),
        )
        for row in rows("countries")
    )


@cache
def products() -> tuple[Product, ...]:
    """The assortment, grouped by category."""
    return tuple(
        Product(row["sku"], row["category"], row["category_english"], row["chinese"], row["english"], int(row["price"]))
        for row in rows("products")
    )


@cache
def sellers() -> tuple[Seller, ...]:
    """Who sells, where, and whether they are still with the company."""
    return tuple(
        Seller(row["employee_no"], row["name"], row["region"], row["active"] == "yes", tuple(row["regions"].split("|")))
        for row in rows("sellers")
    )
