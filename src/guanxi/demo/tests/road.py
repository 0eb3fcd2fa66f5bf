"""The sample company's first data update in a process of its own: what the road makes of the planted facts."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

import guanxi.insight as gx
from guanxi.demo.prepare import make_sample_company
from guanxi.intelligence.land.rejects import list_rejects
from guanxi.intelligence.models import Figure

GLUED = """
    select count(*) as n from (
        select xref.customer_id from customer_xref as xref
        inner join truth on truth.source = xref.source and truth.source_key = xref.source_key
        group by xref.customer_id having count(distinct truth.true_customer) > 1
    ) as glued
"""
STOPPED = """
    with line as (
        select
            purchase_line.customer_id,
            product.category = '茶盘' as is_tray,
            cast(purchase_line.ordered_at as date) > date '2026-09-22' as is_late
        from purchase_line
        inner join product on product.product_id = purchase_line.product_id
        where not purchase_line.is_return
    ),
    bought as (
        select
            customer_id,
            count(case when is_tray and not is_late then 1 end) as before,
            count(case when is_tray and is_late then 1 end) as since,
            count(case when is_late and not is_tray then 1 end) as other
        from line
        group by customer_id
    )
    select customer_value.tier, count(*) as n
    from bought
    inner join customer on customer.customer_id = bought.customer_id
    inner join customer_value on customer_value.customer_id = bought.customer_id
    where customer.region_code = 'CN-FJ' and before >= 3 and since = 0 and other > 0
    group by customer_value.tier
    order by customer_value.tier
"""
FOUND = """
    select truth.true_customer, count(distinct xref.customer_id) as customers, count(distinct xref.source) as sources
    from customer_xref as xref
    inner join truth on truth.source = xref.source and truth.source_key = xref.source_key
    where truth.true_customer <= 8
    group by truth.true_customer
    order by truth.true_customer
"""


def first_update(as_of: str) -> dict[str, Any]:
    """Move the sample company in and say what the road found."""
    make_sample_company(settings.GUANXI_HOME, settings.WAREHOUSE, as_of=date.fromisoformat(as_of))
    truth = Path(settings.GUANXI_HOME) / "demo/truth"
    with gx.open_warehouse(settings.WAREHOUSE, personal=True) as engine:
        engine.arrow(_truth(truth / "customers.csv"), name="truth")
        return {
            "headline": Figure.objects.get(name="headline").rows[0],
            "glued": engine.query(GLUED).rows()[0]["n"],
            "stopped": [list(row.values()) for row in engine.query(STOPPED).rows()],
            "planted": [list(row.values()) for row in engine.query(FOUND).rows()],
            "lost_seller": engine.query("select count(*) as n from customer where owner_code = 'S07'").rows()[0]["n"],
            "namesakes": engine.query("select count(*) as n from person where name = '王伟'").rows()[0]["n"],
            "stages": [row["stage"] for row in engine.query("select distinct stage from customer_value").rows()],
            "rejects": sorted(
                [reject.source, reject.feed, reject.line, reject.reason, reject.column or ""]
                for reject in list_rejects()
            ),
            "bad_rows": sorted(
                [row["source"], row["feed"], int(row["line"]), row["reason"], row["column"]]
                for row in csv.DictReader((truth / "rejects.csv").read_text(encoding="utf-8").splitlines())
            ),
        }


def _truth(path: Path) -> Any:
    import pyarrow.csv

    return pyarrow.csv.read_csv(path, convert_options=pyarrow.csv.ConvertOptions(column_types={"source_key": "string"}))
