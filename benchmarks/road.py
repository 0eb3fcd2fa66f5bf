"""The whole road at size: made-up source files of two systems that know the same customers in part; one sells.

The refresh is the real one, in a process of its own; beside it, in the same run, the floor: DuckDB alone scanning and
grouping the same lines.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import duckdb

from benchmarks import small
from benchmarks.asked import Asked, table
from benchmarks.clock import Cost, guanxi, run
from benchmarks.homes import StepCost, steps_of

SHOP = """
name = "shop"
priority = 10
timezone = "Asia/Shanghai"
currency = "CNY"
business_date = 2026-06-30
[[feed]]
name = "customers"
path = "customers.csv"
format = "csv"
delivery = "full"
date_formats = ["%Y-%m-%d"]
[feed.customer]
key = "key"
name = "name"
phone = { column = "phone", verified = true }
province = "province"
created_on = "joined"
[[feed]]
name = "lines"
path = "lines/*.csv"
format = "csv"
delivery = "delta"
date_formats = ["%Y-%m-%d %H:%M:%S"]
[feed.purchase]
customer = "customer"
order = "order"
product = "sku"
ordered_at = "ordered"
quantity = "quantity"
revenue = "amount"
"""
STORE = """
name = "store"
priority = 20
timezone = "Asia/Shanghai"
currency = "CNY"
[[feed]]
name = "members"
path = "members.csv"
format = "csv"
delivery = "full"
[feed.customer]
key = "key"
name = "name"
phone = { column = "phone", verified = true }
province = "province"
"""
PERSON = """
    '客户' || n as name,
    '154' || lpad((n % 100000000)::varchar, 8, '0') as phone,
    ['浙江省', '江苏', '广东', 'Shanghai', '北京市'][(n % 5 + 1)::integer] as province
"""


def write_sources(
    folder: Path, customers: int, lines: int, person: str = PERSON, *, has_email: bool = False
) -> list[Path]:
    """Write the contracts and files of two source systems; the same for the same numbers.

    `person` is the SQL of what both know of customer number `n`.
    """
    (folder / "lines").mkdir(parents=True)
    shop, overlap = customers * 2 // 3, customers // 3
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select n as key, {person}, date '2024-07-01' + (n % 700)::integer as joined "  # noqa: S608
            f"from (select range as n from range({shop}))) to '{folder / 'customers.csv'}' (header)"
        )
        connection.execute(
            f"copy (select 'M' || n as key, {person} "  # noqa: S608
            f"from (select range as n from range({shop - overlap}, {customers}))) "
            f"to '{folder / 'members.csv'}' (header)"
        )
        months = 24
        for month in range(months):
            connection.execute(
                f"""
                copy (
                    select
                        'o' || (n // 2) as "order",
                        case when n % 29 = 0 then null
                            when n % 10 < 3 then (n // 2 * 7919) % ({shop} // 20 + 1)
                            else (n // 2 * 104729) % {shop} end as customer,
                        strftime(timestamp '2024-07-01 08:00:00' + to_days(({month} * 30 + n % 30)::integer)
                            + to_seconds((n % 40000)::integer), '%Y-%m-%d %H:%M:%S') as ordered,
                        'P' || (n % 997) as sku,
                        case when n % 41 = 0 then -1 else 1 + n % 3 end as quantity,
                        printf('%.2f', (case when n % 41 = 0 then -1 else 1 end) * ((n * 69621) % 90000 + 500) / 100.0)
                            as amount
                    from (select range as n from range({lines // months * month}, {lines // months * (month + 1)}))
                ) to '{folder / "lines" / f"{month:02d}.csv"}' (header)
                """  # noqa: S608
            )
    for name, text in (("shop", SHOP), ("store", STORE)):
        more = 'email = "email"\nphone = ' if has_email else "phone = "
        (folder / f"{name}.toml").write_text(text.replace("phone = ", more), encoding="utf-8")
    return [folder / "shop.toml", folder / "store.toml"]


def floor(folder: Path) -> float:
    """Seconds DuckDB alone takes to read the lines and group them by customer."""
    begun = time.perf_counter()
    with duckdb.connect() as connection:
        connection.execute(
            f"select count(*) from (select customer, count(*), sum(amount::decimal(18, 4)), max(ordered) "  # noqa: S608
            f"from read_csv('{folder / 'lines' / '*.csv'}', all_varchar = true) group by customer)"
        ).fetchall()
    return time.perf_counter() - begun


def tell(asked: Asked) -> list[str]:
    """Measure once, since it is long, and tell."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        contracts = write_sources(folder / "sources", asked.customers, asked.lines)
        bare = floor(folder / "sources")
        words = [word for path in contracts for word in ("--source", path)]
        cost = run(guanxi("refresh", "--home", folder / "home", *words))
        told = page(cost, steps_of(folder / "home"), bare, asked)
        return [*told, "", *small.page(small.measure(folder / "home"))]


def page(cost: Cost, steps: list[StepCost], bare: float, asked: Asked) -> list[str]:
    """The steps as a table."""
    counts = steps[0].counts
    named = [*((step.name, step.seconds) for step in steps), ("the whole process", cost.seconds)]
    return [
        (
            f"{asked.customers:,} customers in two systems, {asked.lines:,} purchase lines in 24 CSV files, made by "
            f"the benchmark; `guanxi refresh` in a new home, once: {counts['rows']:,} rows in, {counts['landed']:,} "
            f"landed, {counts['rejected']:,} rejected. At most {cost.megabytes:,.0f} MB. The floor, DuckDB's bare "
            f"scan and group-by of the purchase lines in the same CSV files, took {bare:.2f} s."
        ),
        "",
        *table(("step", "seconds", "x floor"), [(name, f"{s:.1f}", f"{s / bare:.1f}") for name, s in named]),
    ]
