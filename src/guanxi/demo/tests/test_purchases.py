"""Who buys, when, and how much."""

from __future__ import annotations

from decimal import Decimal

from guanxi.demo import planted
from guanxi.demo.lists import CATEGORIES, cities, products
from guanxi.demo.tests.conftest import Sample

YEAR = "ordered_at >= date '2025-11-23'"  # the twelve months to 2026-11-22


def number(value: object) -> float:
    return float(str(value))


def test_purchases_cover_24_months_up_to_the_evening_before(sample: Sample) -> None:
    first, last, months = sample.rows("""
        select min(cast(ordered_at as date)), max(cast(ordered_at as date)),
            count(distinct date_trunc('month', ordered_at))
        from line
    """)[0]
    assert (str(first), str(last), months) == ("2024-11-23", "2026-11-21", 25)


def test_two_of_five_customers_ever_bought(sample: Sample) -> None:
    customers = number(sample.value("select count(distinct customer) from record"))
    ever = number(sample.value("select count(distinct customer) from line"))
    assert 0.38 < ever / customers < 0.45
    last_year = number(sample.value(f"select count(distinct customer) from line where quantity > 0 and {YEAR}"))
    assert 22_500 < last_year < 23_500


def test_one_percent_of_customers_bring_31_percent_of_revenue(sample: Sample) -> None:
    share = sample.value(f"""
        with spend as (
            select customer, sum(revenue) as spend
            from line where customer is not null and {YEAR}
            group by customer having sum(revenue) > 0
        ),
        ranked as (select spend, row_number() over (order by spend desc) as place, count(*) over () as n from spend)
        select sum(spend) filter (place <= ceil(n / 100)) / sum(spend) from ranked
    """)
    assert abs(number(share) - planted.TOP_SHARE) < 0.001


def test_a_few_percent_come_back_and_never_more_than_was_bought(sample: Sample) -> None:
    assert 0.02 < number(sample.value("select avg(cast(quantity < 0 as int)) from line")) < 0.05
    assert (
        sample.value("""
            select count(*) from (
                select source, source_key, regexp_replace(order_id, '^[RT]|-R$', '') as bought, sku
                from line
                group by all
                having sum(quantity) < 0 or (min(quantity) < 0 and max(quantity) <= 0)
            )
        """)
        == 0
    )
    # Some orders come back whole.
    whole = sample.value("""
        select count(*) from (
            select 1 from line
            group by source, source_key, regexp_replace(order_id, '^[RT]|-R$', '')
            having sum(quantity) = 0 and count(*) > 2
        )
    """)
    assert number(whole) > 500


def test_returns_follow_their_purchase(sample: Sample) -> None:
    assert (
        sample.value("""
            select count(*) from (
                select source, source_key, regexp_replace(order_id, '^[RT]|-R$', '') as bought
                from line
                group by all
                having min(ordered_at) filter (quantity < 0) < min(ordered_at) filter (quantity > 0)
            )
        """)
        == 0
    )


def test_seasons_show(sample: Sample) -> None:
    by_month = {
        str(month): number(count)
        for month, count in sample.rows("select strftime(ordered_at, '%Y-%m'), count(*) from line group by all")
    }
    assert by_month["2026-07"] < 0.8 * by_month["2026-05"]  # summer dip after spring tea
    assert by_month["2026-09"] > 1.5 * by_month["2026-08"]  # Mid-Autumn, 25 September
    assert by_month["2025-01"] > 1.8 * by_month["2025-02"]  # New Year, 29 January
    double_eleven = sample.value("""
        select count(*) filter (day(ordered_at) <= 12) / 12 / (count(*) filter (day(ordered_at) > 12) / 18)
        from line where source = 'shop' and strftime(ordered_at, '%Y-%m') = '2025-11'
    """)
    assert number(double_eleven) > 2
    gifts = "select avg(cast(category = '礼盒' as int)) from line where strftime(ordered_at, '%Y-%m') = '{}'"
    assert number(sample.value(gifts.format("2026-09"))) > 2 * number(sample.value(gifts.format("2026-06")))


def test_the_whole_assortment_sells(sample: Sample) -> None:
    assert len(products()) == 120
    assert sample.value("select count(distinct sku) from line") == 120
    assert {row[0] for row in sample.rows("select distinct category from product")} == set(CATEGORIES)
    assert number(sample.value("select min(revenue / quantity) from line")) > 0


def test_every_province_buys_and_the_coast_most(sample: Sample) -> None:
    by_region = {
        str(region): number(count)
        for region, count in sample.rows("""
            select region, count(distinct line.customer) from line join record using (customer) group by region
        """)
    }
    assert {city.region for city in cities()} <= set(by_region)
    assert min(count for region, count in by_region.items() if region.startswith("CN-")) >= 10
    strongest = sorted(by_region, key=by_region.__getitem__, reverse=True)[:6]
    assert set(strongest) == {"CN-ZJ", "CN-GD", "CN-JS", "CN-SH", "CN-FJ", "CN-BJ"}
    abroad = sum(count for region, count in by_region.items() if len(region) == 2)
    assert 0.01 < abroad / sum(by_region.values()) < 0.05


def test_some_come_and_some_go_every_month(sample: Sample) -> None:
    flows = sample.rows("""
        with seen as (
            select customer, min(ordered_at) as first_at, max(ordered_at) as last_at
            from line where quantity > 0 and customer is not null group by customer
        ),
        month as (select unnest(generate_series(date '2025-12-01', date '2026-10-01', interval 1 month)) as begins)
        select
            begins,
            count(*) filter (first_at >= begins and first_at < begins + interval 1 month) as new,
            count(*) filter (
                last_at + interval 12 month >= begins and last_at + interval 12 month < begins + interval 1 month
            ) as lost
        from month cross join seen group by begins order by begins
    """)
    assert len(flows) == 11
    assert min(number(new) for _, new, _ in flows) > 250
    assert min(number(lost) for *_, lost in flows) > 100


def test_money_is_in_whole_fen(sample: Sample) -> None:
    price = sample.value("select max(abs(revenue * 100 - round(revenue * 100))) from line")
    assert Decimal(str(price)) == 0
