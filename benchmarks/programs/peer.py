"""RFM by openretailscience, run by a Python that has it: `PYTHON peer.py FILE DAY`; `-` starts it and ends.

It wants its own column names, counts distinct orders, and cuts with NTILE.
"""

from __future__ import annotations

import sys
from typing import Any


def main(file: str, day: str) -> None:
    """Score 1 to 5 in each dimension, and keep the result as a table."""
    import ibis  # type: ignore[import-not-found]
    from openretailscience.segmentation.rfm import RFMSegmentation  # type: ignore[import-not-found]

    connection: Any = ibis.duckdb.connect()
    if file != "-":
        baskets = connection.read_parquet(file).rename(
            transaction_date="ordered_at", transaction_id="order_id", unit_spend="revenue"
        )
        scored = RFMSegmentation(baskets, current_date=day, r_segments=5, f_segments=5, m_segments=5)
        connection.create_table("scored", scored.table)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
