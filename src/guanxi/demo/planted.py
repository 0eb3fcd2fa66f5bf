"""What is hidden in the sample company on purpose, so that the product can be seen to find it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CUSTOMERS: Final = 61_000  # people and firms there really are
ORGANISATIONS: Final = 3_000  # of them firms
RECORDS: Final = 80_000  # records of them in the four source systems
BAD_ROWS: Final = 23  # rows beyond these that no reader can take; `truth/rejects.csv` names each
SOURCES: Final = ("shop", "store", "callcentre", "fair")

TOP_SHARE: Final = 0.31  # of the last twelve months' net revenue, from the top 1 % of their buyers

# One kind of product, in one region, stopped by major customers who go on buying the rest.
STOPPED: Final = 37
STOPPED_REGION: Final = "CN-FJ"
STOPPED_CATEGORY: Final = "茶盘"
STOPPED_MONTHS: Final = 2  # whole months before the business date

LEAVER: Final = "S07"  # the seller who left
LEAVER_CUSTOMERS: Final = 412

# name, city, gender and year of birth: three people, one name
NAMESAKE: Final = "王伟"
NAMESAKES: Final = (("杭州", "m", 1971), ("广州", "m", 1988), ("北京", "f", 1994))

# A family that gives one phone at the till: father, mother, daughter, son.
FAMILY: Final = (
    ("陈", "国荣", "m", 1969),
    ("林", "秀芳", "f", 1971),
    ("陈", "雨欣", "f", 1996),
    ("陈", "子轩", "m", 2001),
)
FAMILY_CITY: Final = "苏州"

# A buyer known to all four systems: city, brand, trade and ending of the name.
FOUR_SYSTEMS: Final = ("杭州", "听雨", "茶业", "有限公司")

# Where the planted ones stand among the customers (position, from 0).
NAMESAKE_SLOTS: Final = range(3)
FAMILY_SLOTS: Final = range(3, 7)
FOUR_SYSTEMS_SLOT: Final = 7
STOPPED_SLOTS: Final = range(8, 8 + STOPPED)
STOPPED_FIRMS: Final = 25  # the first of these slots are firms, the others people
PLANTED: Final = 8 + STOPPED


@dataclass(frozen=True)
class PlantedFact:
    """One planted thing as `truth/planted.csv` lists it: what it is, and whose record shows it."""

    fact: str  # stopped | lost_seller | family | namesake | four_systems
    true_customer: int
