"""Public data through the whole road: published figures come out, and the way of delivery leaves no trace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from guanxi.kernel.tests.lab import Lab, new_database

pytestmark = [pytest.mark.database, pytest.mark.data, pytest.mark.slow]
CHILD = "guanxi.intelligence.tests.public_data:run"
TOTALS = """
    select count(*) as lines, sum(revenue) as net, sum(case when customer_id is null then 1 else 0 end) as anonymous,
      count(distinct customer_id) as customers
    from purchase_line
"""
ORDERS_OF_16446 = """
    select purchase.order_id, purchase.revenue, purchase.is_void
    from purchase
    inner join customer_xref on customer_xref.customer_id = purchase.customer_id
    where customer_xref.source_key = '16446'
    order by purchase.order_id
"""
VALUE_OF_16446 = """
    select value.frequency, value.monetary, value.last_purchase_on
    from customer_value as value
    inner join customer_xref on customer_xref.customer_id = value.customer_id
    where customer_xref.source_key = '16446'
"""


def refresh(folder: Path, template: str, contract: str, *queries: str) -> dict[str, Any]:
    home = folder / contract
    home.mkdir()
    with new_database(template, home) as url:
        found: dict[str, Any] = Lab(home, url).run(CHILD, contract, None, *queries)
    return found


def test_online_retail_lands_whole_and_305_daily_deltas_equal_the_full_load(tmp_path: Path, lab_template: str) -> None:
    full = refresh(tmp_path, lab_template, "online_retail", TOTALS, ORDERS_OF_16446, VALUE_OF_16446)
    assert full["business_date"] == "2011-12-09"
    assert full["feeds"] == {"lines": [541_909, 541_909, 0, 0]}
    totals, orders, value = full["answers"]
    assert totals == [["541909", "9747747.9340", "135080", "4372"]]
    assert orders == [  # the order of 80,995 pieces is cancelled twelve minutes later
        ["553573", "2.9000", "False"],
        ["581483", "168469.6000", "True"],
        ["C581484", "-168469.6000", "False"],
    ]
    assert value == [["1", "2.9000", "2011-05-18"]]
    daily = refresh(tmp_path, lab_template, "online_retail_daily")
    assert daily["feeds"] == full["feeds"]
    assert daily["hash"] == full["hash"]


def test_crm_opportunities_with_both_date_forms_are_equal(tmp_path: Path, lab_template: str) -> None:
    american = refresh(tmp_path, lab_template, "crm_opportunities", TOTALS)
    assert american["feeds"] == {
        "accounts": [85, 85, 0, 0],
        "products": [7, 7, 0, 0],
        "deals": [8_800, 4_238, 0, 4_562],
    }
    assert american["answers"] == [[["4238", "10005534.0000", "0", "85"]]]
    assert refresh(tmp_path, lab_template, "crm_opportunities_iso")["hash"] == american["hash"]
