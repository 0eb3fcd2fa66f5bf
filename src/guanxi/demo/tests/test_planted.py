"""What is planted is there, and only where it was planted."""

from __future__ import annotations

import pytest

from guanxi.demo import planted
from guanxi.demo.tests.conftest import Sample
from guanxi.demo.tests.reading import read_table

STOPPED_ON = "date '2026-09-22'"  # two months before the business date; orders after it are the last two months
# orders of which nothing came back
KEPT = """
    quantity > 0 and concat(source, order_id) not in (
        select concat(source, replace(ltrim(order_id, 'RT'), '-R', '')) from line where quantity < 0
    )
"""
STOPPED = set(range(planted.STOPPED_SLOTS.start + 1, planted.STOPPED_SLOTS.stop + 1))


def true_customers(sample: Sample, fact: str) -> set[int]:
    return {int(row["true_customer"]) for row in read_table(sample.folder / "truth/planted.csv") if row["fact"] == fact}


def customers_who_stopped(sample: Sample, by: str, region: str, least: int, bought: str = "quantity > 0") -> set[int]:
    """Who bought trays at least so often before, buys still, and bought none since; `by` customer or true customer."""
    rows = sample.rows(f"""
        select {by}
        from line
        where {bought} and {by} in (select {by} from record where region = '{region}')
        group by {by}
        having count(*) filter (category = '茶盘' and cast(ordered_at as date) <= {STOPPED_ON}) >= {least}
            and count(*) filter (category = '茶盘' and cast(ordered_at as date) > {STOPPED_ON}) = 0
            and count(*) filter (category <> '茶盘' and cast(ordered_at as date) > {STOPPED_ON}) > 0
    """)
    return {int(str(customer)) for (customer,) in rows}


def test_37_in_fujian_stopped_buying_trays(sample: Sample) -> None:
    assert len(STOPPED) == planted.STOPPED == 37
    assert true_customers(sample, "stopped") == STOPPED
    assert customers_who_stopped(sample, "true_customer", planted.STOPPED_REGION, 12) == STOPPED


@pytest.mark.parametrize("least", [1, 2, 4, 8])
@pytest.mark.parametrize("bought", ["quantity > 0", "true", KEPT])
@pytest.mark.parametrize("by", ["customer", "true_customer"])
def test_nobody_else_in_fujian_shows_that_pattern_however_it_is_read(
    sample: Sample, by: str, bought: str, least: int
) -> None:
    assert len(customers_who_stopped(sample, by, planted.STOPPED_REGION, least, bought)) == 37


def test_those_who_stopped_bought_trays_in_every_month_before(sample: Sample) -> None:
    months = sample.rows(f"""
        select true_customer, count(distinct date_diff('day', ordered_at, {STOPPED_ON}) // 31)
        from line
        where category = '茶盘' and true_customer between {min(STOPPED)} and {max(STOPPED)}
            and cast(ordered_at as date) <= {STOPPED_ON} and ordered_at > {STOPPED_ON} - interval 310 day
        group by true_customer
    """)
    assert len(months) == 37  # ten periods of 31 days
    assert min(int(str(count)) for _, count in months) >= 7


def test_those_who_stopped_are_major_customers(sample: Sample) -> None:
    tiers = sample.rows(f"""
        with spend as (
            select customer, max(true_customer) as true_customer, sum(revenue) as spend
            from line where customer is not null and ordered_at >= date '2025-11-23'
            group by customer having sum(revenue) > 0
        ),
        ranked as (select *, row_number() over (order by spend desc) as place, count(*) over () as n from spend)
        select case when place <= ceil(n / 100) then 'vip' when place <= ceil(n / 20) then 'major' end, count(*)
        from ranked where true_customer between {min(STOPPED)} and {max(STOPPED)} group by all
    """)
    assert tiers == [("major", 37)]
    regions = sample.rows(
        f"select distinct region from record where true_customer between {min(STOPPED)} and {max(STOPPED)}"
    )
    assert regions == [("CN-FJ",)]


def test_412_customers_lost_their_seller(sample: Sample) -> None:
    left = [seller.employee_no for seller in sample.company.sellers if not seller.active]
    assert left == [planted.LEAVER]
    assert sample.value(f"select count(distinct customer) from record where owner = '{planted.LEAVER}'") == 412
    assert len(true_customers(sample, "lost_seller")) == planted.LEAVER_CUSTOMERS == 412


def test_every_owner_is_a_seller_and_a_customer_has_one(sample: Sample) -> None:
    owners = {row[0] for row in sample.rows("select distinct owner from record where owner <> ''")}
    assert owners == {seller.employee_no for seller in sample.company.sellers}
    assert (
        sample.value("""
            select count(*) from (
                select true_customer from record where owner <> '' group by all having count(distinct owner) > 1
            )
        """)
        == 0
    )
    assert sample.value("select count(*) from record where kind = 'organisation' and owner = ''") == sample.value("""
        select count(*) from record as blurred
        where kind = 'organisation' and customer <> (
            select min(customer) from record where true_customer = blurred.true_customer and owner <> ''
        )
    """)


def test_a_family_shares_a_phone_and_stays_four_people(sample: Sample) -> None:
    family = ", ".join(map(str, sorted(true_customers(sample, "family"))))
    assert sample.rows(f"""
        select count(distinct true_customer), count(distinct customer), count(distinct name), count(distinct phone)
        from record where true_customer in ({family})
    """) == [(4, 4, 4, 1)]


def test_three_people_are_called_wang_wei(sample: Sample) -> None:
    assert sample.rows("""
        select count(distinct customer), count(distinct true_customer), count(distinct phone),
            count(distinct certificate) filter (certificate <> '')
        from record where name in ('王伟', '王偉', '王 伟', '王　伟')
    """) == [(3, 3, 3, 3)]
    assert true_customers(sample, "namesake") == {1, 2, 3}
    cities = sample.rows(
        "select true_customer, min(replace(city, '市', '')) from record where true_customer <= 3 group by 1 order by 1"
    )
    assert cities == [(i, city) for i, (city, _, _) in enumerate(planted.NAMESAKES, start=1)]
    others = r"select count(*) from record where regexp_matches(name, '^王\s*[伟偉]') and true_customer > 3"
    assert sample.value(others) == 0


def test_one_firm_is_known_to_all_four_systems(sample: Sample) -> None:
    [customer] = true_customers(sample, "four_systems")
    assert sample.rows(f"""
        select count(distinct customer), count(*), count(distinct source), count(distinct name)
        from record where true_customer = {customer}
    """) == [(1, 4, 4, 2)]
    assert sample.rows(f"select distinct source from line where true_customer = {customer} order by 1") == [
        ("callcentre",),
        ("shop",),
        ("store",),
    ]
