"""The sample company: T公司, which makes and sells tea ware and porcelain (S47).

Made wholly of chance that repeats: the same seed and business date give the same bytes. Another business date moves
the dates, and with the seasons some baskets; who the customers are stays the same.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np

from guanxi.demo import planted
from guanxi.demo.bad_rows import PlacedBadRow
from guanxi.demo.baskets import make_lines
from guanxi.demo.delivery import write_table
from guanxi.demo.entries import Entries, make_entries
from guanxi.demo.habits import make_habits
from guanxi.demo.lists import Seller, sellers
from guanxi.demo.orders import make_orders
from guanxi.demo.people import People, make_people
from guanxi.demo.planted import PlantedFact
from guanxi.demo.records import Records, make_records
from guanxi.demo.sales import write_sales
from guanxi.demo.seasons import Calendar
from guanxi.demo.sources import write_customers
from guanxi.demo.spending import calibrate

__all__ = ["SEED", "Company", "Seller", "write_company"]

SEED: Final = 20260101
_WRITTEN_DATE: Final = "business_date = 2000-01-01"  # stands in the contracts for the business date


@dataclass(frozen=True)
class Company:
    """The sample company on disk.

    Attributes
    ----------
    contracts : the four source contracts, in order of priority
    truth : CSV of (source, source_key, true_customer), every record once; `planted.csv` and `rejects.csv` beside it
    sellers : who sells, also those who left; `employee_no` is the owner code in the records
    records, customers : how many records the files hold, and of how many true customers
    """

    contracts: list[Path]
    truth: Path
    sellers: list[Seller]
    records: int
    customers: int


def write_company(folder: Path, as_of: datetime.date, seed: int = SEED) -> Company:
    """Write the company's source files, their contracts and the truth about them into `folder`.

    The purchases are those of the 24 months up to the evening before `as_of`, which the contracts give as business
    date. Files of an earlier call are replaced.
    """
    people = make_people(seed)
    habits = make_habits(seed, people)
    records = make_records(seed, people, habits)
    calendar = Calendar(as_of)
    orders = make_orders(seed, people, habits, records, calendar)
    top = np.zeros(len(records), dtype=np.bool_)
    top[: len(people)] = habits.top
    lines = calibrate(orders, make_lines(seed, people, habits, records, orders, calendar), calendar, top)
    entries = make_entries(seed, people, records, orders, calendar)
    bad = write_customers(folder, people, records, entries) + write_sales(folder, orders, lines, entries, calendar)
    return Company(
        contracts=[_write_contract(folder, source, as_of) for source in planted.SOURCES],
        truth=_write_truth(folder / "truth", people, records, entries, bad),
        sellers=list(sellers()),
        records=len(records),
        customers=len(people),
    )


def _write_contract(folder: Path, source: str, as_of: datetime.date) -> Path:
    text = files("guanxi.demo.contracts").joinpath(f"{source}.toml").read_text(encoding="utf-8")
    path = folder / f"{source}.toml"
    path.write_bytes(text.replace(_WRITTEN_DATE, f"business_date = {as_of}").encode())
    return path


def _write_truth(folder: Path, people: People, records: Records, entries: Entries, bad: list[PlacedBadRow]) -> Path:
    rows = sorted(
        (planted.SOURCES[source], key, f"{customer + 1}")
        for source, key, customer in zip(records.source.tolist(), entries.key, records.customer.tolist(), strict=True)
    )
    write_table(folder / "customers.csv", ("source", "source_key", "true_customer"), rows)
    facts = [
        *(PlantedFact("stopped", slot + 1) for slot in planted.STOPPED_SLOTS),
        *(PlantedFact("lost_seller", i + 1) for i, owner in enumerate(people.owner) if owner == planted.LEAVER),
        *(PlantedFact("family", slot + 1) for slot in planted.FAMILY_SLOTS),
        *(PlantedFact("namesake", slot + 1) for slot in planted.NAMESAKE_SLOTS),
        PlantedFact("four_systems", planted.FOUR_SYSTEMS_SLOT + 1),
    ]
    write_table(
        folder / "planted.csv", ("fact", "true_customer"), [(each.fact, str(each.true_customer)) for each in facts]
    )
    write_table(
        folder / "rejects.csv",
        ("source", "feed", "file", "line", "reason", "column"),
        [(each.bad.source, each.bad.feed, each.file, str(each.line), each.bad.reason, each.bad.column) for each in bad],
    )
    return folder / "customers.csv"
