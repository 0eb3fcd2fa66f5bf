"""Purchases to measure on: made by arithmetic on row numbers, so they are the same every time."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb

AS_OF = date(2026, 6, 30)
WINDOW_START = AS_OF - timedelta(days=365)
DAYS = 730
# A row in ten buys for the first tenth of customers: few customers bring much, as in life.
PURCHASES = """
    select
        (case when n % 10 = 0 then (n * 7919) % (customers // 10 + 1) else (n * 104729) % customers end) + 1
            as customer_id,
        'o' || n as order_id,
        $as_of::timestamp - to_hours(((n * 48271) % ($days * 24))::integer) as ordered_at,
        (((n * 69621) % 90000 + 1000)::decimal(18, 4) / 100)::decimal(18, 4) as revenue,
        1 as lines,
        n % 37 = 0 as is_return,
        false as is_void
    from (select range as n, $customers::bigint as customers from range($rows::bigint))
    order by customer_id, ordered_at, order_id
"""
CUSTOMERS = "select range + 1 as customer_id, range % 9 <> 0 as has_contact from range($customers::bigint)"
# Every third record shares an e-mail with the next one, every seventh a phone with the one after that.
RECORDS = """
    select range as record, case when range % 3 = 0 then 'e' || range when range % 3 = 1 then 'e' || (range - 1) end
        as bucket from range($customers::bigint)
    union all
    select range, case when range % 7 = 0 then 'p' || range when range % 7 = 2 then 'p' || (range - 2) end
        from range($customers::bigint)
"""


def write_facts(folder: Path, rows: int) -> dict[str, Path]:
    """Write `rows` purchases of a tenth as many customers to `folder`; return the files by name."""
    customers = max(rows // 10, 10)
    files = {name: folder / f"{name}.parquet" for name in ("purchase", "customer", "record")}
    known = {"customers": customers, "rows": rows, "as_of": AS_OF, "days": DAYS}
    with duckdb.connect() as connection:
        for name, select in (("purchase", PURCHASES), ("customer", CUSTOMERS), ("record", RECORDS)):
            parameters = {key: value for key, value in known.items() if f"${key}" in select}
            connection.sql(select, params=parameters).write_parquet(files[name].as_posix())
    return files
