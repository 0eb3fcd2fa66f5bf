"""Public data sets through the contracts in `examples/sources`: the known figures, to the last digit."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from guanxi.intelligence.land.landed import landed_files
from guanxi.intelligence.land.report import LandReport
from guanxi.intelligence.land.tests.workshop import land, rejected, said, table
from guanxi.intelligence.models import Delivery
from guanxi.intelligence.sources.check import check_contract

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.data]
EXAMPLES = Path(__file__).parents[5] / "examples" / "sources"


def ask(question: str) -> list[tuple[Any, ...]]:
    """Ask the landed purchases."""
    files = [str(path) for path in landed_files("purchase")]
    with duckdb.connect() as connection:
        return connection.execute(question, {"files": files}).fetchall()


def test_online_retail_whole_and_by_day() -> None:
    fingerprints = []
    for contract, files in (("online_retail.toml", 1), ("online_retail_daily.toml", 305)):
        Delivery.objects.all().delete()
        report = land(EXAMPLES / contract)
        assert (report.files, report.rows, report.landed) == (files, 541_909, 541_909)
        assert (report.rejected, report.filtered, len(landed_files("purchase"))) == (0, 0, 3)
        assert_known_figures()
        fingerprints.append(
            ask(
                "select sum(hash(row)::hugeint), bit_xor(hash(row)) from "
                "(select * exclude (source, feed, delivery_id, line) from read_parquet($files)) as row"
            )
        )
        assert land(EXAMPLES / contract).files == 0
    assert fingerprints[0] == fingerprints[1]


def assert_known_figures() -> None:
    """Those of the data set's own description."""
    assert ask(
        """
        select
          count(*), count(*) filter (source_key is null), count(distinct source_key), count(distinct order_id),
          count(distinct product_id), sum(revenue), min(ordered_at)::varchar, max(ordered_at)::varchar
        from read_parquet($files)
        """
    ) == [
        (541_909, 135_080, 4_372, 25_900, 4_070, Decimal("9747747.9340"), "2010-12-01 08:26:00", "2011-12-09 12:50:00")
    ]
    assert ask("select count(*), sum(revenue), count(distinct order_id) from read_parquet($files) where is_return") == [
        (9_288, Decimal("-896812.4900"), 3_836)
    ]
    assert ask(
        "select order_id, quantity, revenue, is_return from read_parquet($files) "
        "where source_key = '16446' and abs(quantity) > 10000 order by ordered_at"
    ) == [
        ("581483", Decimal("80995.0000"), Decimal("168469.6000"), False),
        ("C581484", Decimal("-80995.0000"), Decimal("-168469.6000"), True),
    ]
    customers, products = table("customer"), table("product")
    assert len(customers["source_key"].unique()) == 4_372
    assert len(customers["country"].unique()) == 37  # the 38th country bought anonymously only
    assert len(products["product_id"].unique()) == 4_070
    assert sum(products["uses"].to_pylist()) == 541_909


def test_crm_opportunities_land_the_same_with_both_forms_of_dates() -> None:
    reports, landed = [], []
    for contract in ("crm_opportunities.toml", "crm_opportunities_iso.toml"):
        reports.append(land(EXAMPLES / contract))
        landed.append([said(name) for name in ("customer", "purchase", "product")])
        assert rejected() == []
    assert landed[0] == landed[1]
    assert [[(feed.feed, feed.rows, feed.landed, feed.filtered) for feed in report.feeds] for report in reports] == [
        [("accounts", 85, 85, 0), ("products", 7, 7, 0), ("deals", 8_800, 4_238, 4_562)]
    ] * 2
    assert (reports[0].replaced, reports[1].replaced) == (0, 3)
    customers, purchases, products = landed[0]
    assert {row[1] for row in customers} == {"organisation"}
    assert {row[0] for row in products} == {
        "GTX Basic", "GTX Pro", "GTX Plus Basic", "GTX Plus Pro", "GTK 500", "MG Special", "MG Advanced",
    }  # fmt: skip
    assert {row[2] for row in purchases} == {row[0] for row in products}
    assert sum(row[6] for row in purchases) == Decimal("10005534.0000")
    assert [row for row in table("customer")["country"].unique().to_pylist() if row.startswith("Phil")] == [
        "Philippines"
    ]


@pytest.mark.parametrize("contract", sorted(path.name for path in EXAMPLES.glob("*.toml")))
def test_nothing_is_wrong_with_an_example(contract: str) -> None:
    assert [mistake for mistake in check_contract(EXAMPLES / contract) if not mistake.warning] == []


def test_the_report_reads_back() -> None:
    report = land(EXAMPLES / "crm_opportunities.toml")
    assert LandReport.from_json(report.as_json()) == report


def test_cdnow_of_fixed_width() -> None:
    report = land(EXAMPLES / "cdnow.toml")
    assert (report.files, report.rows, report.landed, report.rejected, report.filtered) == (1, 6_919, 6_919, 0, 0)
    assert ask(
        "select count(distinct source_key), count(*), sum(quantity), sum(revenue), min(ordered_at)::varchar, "
        "max(ordered_at)::varchar, count(*) filter (ordered_at <= timestamp '1997-09-30') from read_parquet($files)"
    ) == [
        (
            2_357,
            6_919,
            Decimal("16479.0000"),
            Decimal("244091.9400"),
            "1997-01-01 00:00:00",
            "1998-06-30 00:00:00",
            4_960,
        )
    ]


def test_groceries_of_a_basket_a_line() -> None:
    report = land(EXAMPLES / "groceries.toml")
    assert (report.files, report.rows, report.landed, report.rejected, report.filtered) == (1, 43_367, 43_367, 0, 0)
    assert ask(
        "select count(*), count(distinct order_id), count(distinct product_id), "
        "count(*) filter (product_id = 'whole milk'), count(*) filter (product_id = 'cream cheese') "
        "from read_parquet($files)"
    ) == [(43_367, 9_835, 169, 2_513, 390)]
    assert ask(
        "select count(*) from read_parquet($files) milk join read_parquet($files) other using (order_id) "
        "where milk.product_id = 'whole milk' and other.product_id = 'other vegetables'"
    ) == [(736,)]
    assert ask(
        "select count(*) from (select order_id from read_parquet($files) group by order_id having count(*) = 1)"
    ) == [(2_159,)]
    assert sum(table("product")["uses"].to_pylist()) == 43_367


def filled(column: str) -> int:
    """How many landed customers have it."""
    customers = table("customer")
    return int(customers.num_rows - customers[column].null_count)


def test_persons_of_telco_splink_and_febrl() -> None:
    report = land(EXAMPLES / "telco_churn.toml")
    assert (report.rows, report.landed, report.rejected) == (7_043, 7_043, 0)
    assert Counter(table("customer")["gender"].to_pylist()) == {"Male": 3_555, "Female": 3_488}
    Delivery.objects.all().delete()
    report = land(EXAMPLES / "splink.toml")
    assert (report.rows, report.landed, report.rejected) == (1_000, 1_000, 0)
    assert [filled(column) for column in ("name", "birth_on", "email", "city")] == [964, 1_000, 789, 813]
    Delivery.objects.all().delete()
    report = land(EXAMPLES / "febrl.toml")
    assert (report.files, report.rows, report.landed, report.rejected) == (2, 6_000, 6_000, 0)
    assert len(table("customer")["source_key"].unique()) == 6_000  # both files number alike
    assert [filled(column) for column in ("name", "birth_on", "city", "address", "certificate_number")] == [
        5_999, 5_836, 5_932, 6_000, 6_000,
    ]  # fmt: skip
