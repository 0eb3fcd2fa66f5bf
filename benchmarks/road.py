"""Time the whole road on made-up source files: `python -m benchmarks.road --customers 1000000 --lines 10000000`.

Two source systems know the customers (a third of them both), one sells. The refresh is the real one, in a process of
its own; beside it, in the same run, the floor: DuckDB alone scanning and grouping the same lines.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import psutil  # type: ignore[import-untyped]

REPORT = Path(".cache") / "road.json"
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


@dataclass(frozen=True)
class Measured:
    """What one refresh took: seconds by step, seconds in all, and the most memory it held."""

    steps: dict[str, float]
    seconds: float
    megabytes: float


def write_sources(folder: Path, customers: int, lines: int) -> list[Path]:
    """Write the contracts and files of two source systems; the same for the same numbers."""
    (folder / "lines").mkdir(parents=True)
    shop, overlap = customers * 2 // 3, customers // 3
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select n as key, {PERSON}, date '2024-07-01' + (n % 700)::integer as joined "  # noqa: S608
            f"from (select range as n from range({shop}))) to '{folder / 'customers.csv'}' (header)"
        )
        connection.execute(
            f"copy (select 'M' || n as key, {PERSON} "  # noqa: S608
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
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return [folder / "shop.toml", folder / "store.toml"]


def refresh(home: Path, contracts: list[Path]) -> Measured:
    """Refresh in a process of its own, watched from outside."""
    words = [word for path in contracts for word in ("--source", str(path))]
    command = [sys.executable, "-m", "guanxi", "refresh", "--home", str(home), *words]
    begun = time.perf_counter()
    with subprocess.Popen(command, env={**os.environ, "GUANXI_LANGUAGE": "en"}) as process:
        peak = _watch(process.pid)
        code = process.wait()
    if code:
        raise SystemExit(code)
    seconds = time.perf_counter() - begun
    query = "select name, seconds from runs_runstep where run_id = (select max(id) from runs_run) order by position"
    import sqlite3

    with sqlite3.connect(home / "guanxi.sqlite3") as database:
        steps = dict(database.execute(query))
    return Measured(steps, seconds, peak[0] / 2**20)


def _watch(pid: int) -> list[int]:
    peak = [0]

    def look() -> None:
        process = psutil.Process(pid)
        while True:
            try:
                peak[0] = max(peak[0], process.memory_info().rss)
            except psutil.NoSuchProcess:
                return
            time.sleep(0.2)

    threading.Thread(target=look, daemon=True).start()
    return peak


def floor(folder: Path) -> float:
    """Seconds DuckDB alone takes to read the lines and group them by customer."""
    begun = time.perf_counter()
    with duckdb.connect() as connection:
        connection.execute(
            f"select count(*) from (select customer, count(*), sum(amount::decimal(18, 4)), max(ordered) "  # noqa: S608
            f"from read_csv('{folder / 'lines' / '*.csv'}', all_varchar = true) group by customer)"
        ).fetchall()
    return time.perf_counter() - begun


def main() -> None:
    """Make the files, refresh, and print seconds, memory and the ratio to the floor."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.road", description=__doc__)
    options.add_argument("--customers", type=int, default=100_000, help="customers (default 100,000)")
    options.add_argument("--lines", type=int, default=1_000_000, help="purchase lines (default 1,000,000)")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        contracts = write_sources(folder / "sources", asked.customers, asked.lines)
        bare = floor(folder / "sources")
        measured = refresh(folder / "home", contracts)
    print(f"\n{asked.customers:,} customers, {asked.lines:,} lines: {measured.seconds:.1f} s in all, "
          f"{measured.megabytes:,.0f} MB, DuckDB's bare scan-and-group {bare:.2f} s\n")  # fmt: skip
    print("| step | seconds | x bare scan |\n|---|---:|---:|")
    for step, seconds in measured.steps.items():
        print(f"| {step} | {seconds:.1f} | {seconds / bare:.1f} |")
    REPORT.parent.mkdir(exist_ok=True)
    facts = {"customers": asked.customers, "lines": asked.lines, "bare": bare, "seconds": measured.seconds,
             "megabytes": measured.megabytes, "steps": measured.steps}  # fmt: skip
    REPORT.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
