from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.insight import Engine, InsightError
from guanxi.insight.tests.make import summaries
from guanxi.insight.value import RfmEdges, rfm, rfm_edges

Row = tuple[int, int, int | Decimal]  # recency_days, frequency, monetary


def scored(
    engine: Engine, rows: Sequence[Row], groups: int = 5, edges: RfmEdges | None = None
) -> list[tuple[object, ...]]:
    table = rfm(summaries(engine, rows), groups, edges=edges)
    return [tuple(row.values()) for row in table.rows(["customer_id"])]


def by_hand(rows: Sequence[Row], groups: int) -> list[tuple[object, ...]]:
    """The rule as its docstring tells it, in plain Python."""
    buyers = [(number, (-row[0], row[1], row[2])) for number, row in enumerate(rows, 1) if row[1] >= 1]
    count = len(buyers)
    columns = list(zip(*(values for _, values in buyers), strict=True))
    ranks = [-(-k * count // groups) - 1 for k in range(1, groups)]
    edges = [[sorted(column)[rank] for rank in ranks] for column in columns]
    scores = {
        number: [1 + sum(edge < v for edge in edges[d]) for d, v in enumerate(values)] for number, values in buyers
    }
    totals = [sum(score[dimension] for score in scores.values()) for dimension in range(3)]
    return [
        (number, *score, "".join("H" if s * count > totals[d] else "L" for d, s in enumerate(score)))
        for number, score in scores.items()
    ]


def test_five_customers_fill_five_scores(engine: Engine) -> None:
    rows: list[Row] = [(50, 1, 10), (40, 2, 20), (30, 3, 30), (20, 4, 40), (10, 5, 50)]

    assert scored(engine, rows) == [
        (1, 1, 1, 1, "LLL"),
        (2, 2, 2, 2, "LLL"),
        (3, 3, 3, 3, "LLL"),
        (4, 4, 4, 4, "HHH"),
        (5, 5, 5, 5, "HHH"),
    ]


def test_fewer_days_are_better_and_the_letters_are_r_f_m(engine: Engine) -> None:
    rows: list[Row] = [(1, 1, 1), (90, 9, 1), (90, 1, 9)]

    assert [row[4] for row in scored(engine, rows, groups=3)] == ["HLL", "LHL", "LLH"]


def test_equal_values_have_equal_scores(engine: Engine) -> None:
    # Six of ten bought once. No edge cuts through them, so they all score 1 and nobody scores 2 or 3.
    once: Row = (10, 1, 5)
    rows: list[Row] = [once, once, once, once, once, once, (10, 2, 5), (10, 3, 5), (10, 4, 5), (10, 5, 5)]

    assert [row[2] for row in scored(engine, rows)] == [1, 1, 1, 1, 1, 1, 4, 4, 5, 5]
    assert {row[1] for row in scored(engine, rows)} == {1}


def test_where_all_are_equal_nobody_is_above_the_average(engine: Engine) -> None:
    assert scored(engine, [(10, 2, 30)] * 3) == [(n, 1, 1, 1, "LLL") for n in (1, 2, 3)]


def test_a_single_customer(engine: Engine) -> None:
    assert scored(engine, [(10, 2, 30)]) == [(1, 1, 1, 1, "LLL")]


def test_who_never_bought_is_left_out(engine: Engine) -> None:
    assert [row[0] for row in scored(engine, [(10, 2, 30), (0, 0, -5)])] == [1]


def test_nobody_gives_nothing(engine: Engine) -> None:
    assert scored(engine, []) == []
    assert rfm_edges(summaries(engine, [])) == RfmEdges(5, (), (), (), 0, 0, 0, 0)


def test_net_spend_may_be_negative(engine: Engine) -> None:
    assert [row[3] for row in scored(engine, [(1, 1, -50), (1, 1, 0), (1, 1, 50)], groups=3)] == [1, 2, 3]


def test_the_edges_are_told(engine: Engine) -> None:
    rows: list[Row] = [(50, 1, 10), (40, 2, 20), (30, 3, 30), (20, 4, 40), (10, 5, 50)]

    assert rfm_edges(summaries(engine, rows)) == RfmEdges(
        groups=5,
        recency_days=(50, 40, 30, 20),
        frequency=(1, 2, 3, 4),
        monetary=(Decimal(10), Decimal(20), Decimal(30), Decimal(40)),
        customers=5,
        r_total=15,
        f_total=15,
        m_total=15,
    )


def test_frozen_edges_score_the_same_customers_equally(engine: Engine) -> None:
    rows: list[Row] = [(50, 1, Decimal("10.5")), (40, 2, 20), (40, 2, 20), (20, 4, -3), (10, 5, 50)]
    edges = rfm_edges(summaries(engine, rows))
    stored = RfmEdges.from_dict(json.loads(json.dumps(edges.to_dict())))

    assert stored == edges
    assert scored(engine, rows, edges=stored) == scored(engine, rows)


def test_frozen_edges_score_one_customer_as_if_among_all(engine: Engine) -> None:
    rows: list[Row] = [(50, 1, 10), (40, 2, 20), (30, 3, 30), (20, 4, 40), (10, 5, 50)]
    edges = rfm_edges(summaries(engine, rows))

    assert scored(engine, [(10, 5, 50)], edges=edges) == [(1, 5, 5, 5, "HHH")]
    assert scored(engine, [(999, 1, -1)], edges=edges) == [(1, 1, 1, 1, "LLL")]


@pytest.mark.parametrize("groups", [1, 0, 101])
def test_too_few_or_too_many_groups_are_refused(engine: Engine, groups: int) -> None:
    with pytest.raises(InsightError) as error:
        rfm(summaries(engine, [(1, 1, 1)]), groups)
    assert error.value.code == "wrong_groups"


@settings(deadline=None, max_examples=30)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 20), st.integers(0, 5), st.integers(-3, 8).map(lambda n: Decimal(n) / 4)),
        min_size=1,
        max_size=40,
    ).filter(lambda rows: any(row[1] for row in rows)),
    groups=st.integers(2, 7),
)
def test_the_rule_holds_for_any_customers(embedded: Engine, rows: list[Row], groups: int) -> None:
    assert scored(embedded, rows, groups) == by_hand(rows, groups)
