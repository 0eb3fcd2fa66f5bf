"""The floor of the methods: DuckDB reads the file once and groups it by customer. `python floor.py FILE`."""

from __future__ import annotations

import sys

import duckdb

GROUP = """
    create table floor as
    select customer_id, count(*) as baskets, max(ordered_at) as last_at, sum(revenue) as revenue
    from read_parquet($file)
    group by customer_id
"""


def main(file: str) -> None:
    """Do it; `-` starts DuckDB and ends."""
    with duckdb.connect() as connection:
        if file != "-":
            connection.execute(GROUP, {"file": file})


if __name__ == "__main__":
    main(sys.argv[1])
