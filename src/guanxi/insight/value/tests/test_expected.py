from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from scipy.special import hyp2f1

from guanxi.insight import Engine, InsightError, Table
from guanxi.insight.tests.make import Basket, column, purchases
from guanxi.insight.value import (
    BgNbd,
    GammaGamma,
    bg_nbd_fit,
    expected_purchases,
    expected_value,
    gamma_gamma_fit,
    probability_alive,
    repeat_summary,
)
from guanxi.insight.value.tests.simulated import BUYING, SPENDING, simulate

CDNOW = BgNbd(0.2426, 4.4136, 0.7929, 2.4259, -9582.43, 2357)
CDNOW_SPEND = GammaGamma(6.2488, 3.7446, 15.4477, -4055.92, 946)
CALIBRATION = date(1997, 9, 30)
HOLDOUT = date(1998, 6, 30)


def repeats(engine: Engine, *rows: tuple[int, float, float, float | None]) -> Table:
    x, t_x, t, spend = zip(*rows, strict=True)
    return engine.arrow(
        pa.table(
            {
                "customer_id": pa.array(range(1, len(rows) + 1), pa.int64()),
                "x": pa.array(x, pa.int64()),
                "t_x": pa.array(t_x, pa.float64()),
                "t": pa.array(t, pa.float64()),
                "mean_spend": pa.array(spend, pa.float64()),
            }
        )
    )


# -- what is looked at


def test_purchases_of_one_day_are_one_and_the_first_days_spend_is_left_out(engine: Engine) -> None:
    found = repeat_summary(
        purchases(
            engine,
            [
                Basket(1, date(2024, 1, 1), 500),
                Basket(1, date(2024, 1, 11), 10),
                Basket(1, date(2024, 1, 11), 20),
                Basket(1, date(2024, 1, 16), 50),
                Basket(1, date(2024, 1, 17), -50, is_return=True),
                Basket(1, date(2024, 1, 18), 70, is_void=True),
                Basket(1, date(2024, 2, 1), 999),
                Basket(2, date(2024, 1, 16), 5),
                Basket(3, date(2024, 1, 1), 5),
                Basket(3, date(2024, 1, 8), 0),
                Basket(4, date(2024, 1, 8), -5, is_return=True),
                Basket(None, date(2024, 1, 8), 5),
            ],
        ),
        date(2024, 1, 22),
    )

    assert [tuple(row.values()) for row in found.rows(["customer_id"])] == [
        (1, 2, 15 / 7, 3.0, 40.0),
        (2, 0, 0.0, 6 / 7, None),
        (3, 1, 1.0, 3.0, None),
    ]


# -- the published case


@pytest.fixture
def cdnow(engine: Engine, guanxi_data: Path) -> Table:
    """Return the purchases of 2,357 customers of an online music shop."""
    lines = (guanxi_data / "cdnow" / "CDNOW_sample.txt").read_text(encoding="ascii").splitlines()
    rows = [line.split() for line in lines]
    return purchases(engine, [Basket(int(row[1]), date.fromisoformat(row[2]), Decimal(row[4])) for row in rows])


@pytest.mark.data
def test_the_published_results_are_found_again(cdnow: Table) -> None:
    summary = repeat_summary(cdnow, CALIBRATION)
    x = np.array(column(summary, "x"))
    assert [int((x == times).sum()) for times in range(7)] + [int((x > 6).sum())] == [
        1411, 439, 214, 100, 62, 38, 29, 64,
    ]  # fmt: skip

    bg_nbd = bg_nbd_fit(summary)
    found = (bg_nbd.r, bg_nbd.alpha, bg_nbd.a, bg_nbd.b)
    assert found == pytest.approx((0.2426, 4.4136, 0.7929, 2.4259), rel=1e-3)
    assert bg_nbd.log_likelihood == pytest.approx(-9582.429, abs=0.002)
    assert bg_nbd.customers == 2357

    gamma_gamma = gamma_gamma_fit(summary)
    assert (gamma_gamma.p, gamma_gamma.q, gamma_gamma.v) == pytest.approx((6.2488, 3.7446, 15.4477), rel=1e-3)
    assert gamma_gamma.log_likelihood == pytest.approx(-4055.92, abs=0.01)
    assert gamma_gamma.customers == 946
    assert gamma_gamma.mean_spend == pytest.approx(35.17, abs=0.01)

    scored = expected_value(bg_nbd, gamma_gamma, summary, weeks=39)
    orders = np.array(column(scored, "expected_orders"))
    assert orders.sum() == pytest.approx(1653.4, abs=0.1)
    means = [orders[x == times].mean() for times in range(7)] + [orders[x > 6].mean()]
    assert means == pytest.approx([0.2251, 0.5231, 1.0441, 1.5203, 2.1639, 2.6538, 3.5040, 6.1572], abs=1e-3)

    later = dict.fromkeys(column(summary, "customer_id"), 0.0)
    for row in cdnow.rows():
        if CALIBRATION < row["ordered_at"].date() <= HOLDOUT:
            later[row["customer_id"]] += float(row["revenue"])
    inside = [row["low"] <= later[row["customer_id"]] <= row["high"] for row in scored.rows()]
    assert 0.85 <= np.mean(inside) <= 0.92


def test_the_customer_every_implementation_is_checked_with(engine: Engine) -> None:
    one = repeats(engine, (2, 30.43, 38.86, 30.0))
    assert column(expected_purchases(CDNOW, one, 39), "expected_orders") == [pytest.approx(1.226, abs=5e-4)]
    assert column(probability_alive(CDNOW, one), "p_alive") == [pytest.approx(0.73, abs=5e-3)]


# -- the mathematics


@pytest.mark.parametrize("a", [0.05, 0.7929, 1.2, 4.0])
def test_the_series_equals_the_closed_form(embedded: Engine, a: float) -> None:
    model = BgNbd(0.2426, 4.4136, a, 2.4259, 0, 0)
    cases = [
        (x, t_x, t, None) for t in (1.0, 38.86, 400.0) for x in (0, 1, 7, 40) for t_x in ((t * 0.8) if x else 0.0,)
    ]
    r, alpha, b, weeks = model.r, model.alpha, model.b, 52
    closed = []
    for x, t_x, t, _ in cases:
        shape = hyp2f1(r + x, b + x, a + b + x - 1, weeks / (alpha + t + weeks))
        ahead = (a + b + x - 1) / (a - 1) * (1 - ((alpha + t) / (alpha + t + weeks)) ** (r + x) * shape)
        gone = a / (b + x - 1) * ((alpha + t) / (alpha + t_x)) ** (r + x) if x else 0
        closed.append(ahead / (1 + gone))
    found = column(expected_purchases(model, repeats(embedded, *cases), weeks), "expected_orders")
    assert found == pytest.approx(closed, rel=1e-6)


def test_where_the_closed_form_divides_by_zero_the_series_goes_on(embedded: Engine) -> None:
    def orders(a: float) -> object:
        model = BgNbd(0.2426, 4.4136, a, 2.4259, 0, 0)
        return column(expected_purchases(model, repeats(embedded, (3, 20.0, 30.0, None)), 52), "expected_orders")[0]

    assert orders(1.0) == pytest.approx(orders(1.0 + 1e-9), rel=1e-7)


def test_the_range_is_that_of_many_draws(embedded: Engine) -> None:
    rows = [(0, 0.0, 30.0, None), (2, 28.0, 30.0, 30.0), (12, 29.0, 30.0, 55.0), (40, 79.0, 80.0, 12.0)]
    scored = expected_value(BUYING, SPENDING, repeats(embedded, *rows), weeks=52).rows(["customer_id"])
    draw, many = np.random.default_rng(7), 200_000
    for (x, _t_x, t, spend), row in zip(rows, scored, strict=True):
        due = draw.poisson(draw.gamma(BUYING.r + x, 52 / (BUYING.alpha + t), many))
        orders = np.minimum(due, draw.geometric(draw.beta(BUYING.a, BUYING.b + x, many)))
        orders = np.where(draw.random(many) < row["p_alive"], orders, 0)
        rate = draw.gamma(SPENDING.q + SPENDING.p * x, 1 / (SPENDING.v + x * (spend or 0)), many)
        spent = np.where(orders > 0, draw.gamma(np.maximum(SPENDING.p * orders, 1e-9)) / rate, 0.0)
        low, high = np.quantile(spent, (0.1, 0.9))
        assert row["expected_orders"] == pytest.approx(orders.mean(), rel=0.02)
        assert row["low"] == pytest.approx(low, rel=0.03, abs=0.01)
        assert row["high"] == pytest.approx(max(high, row["expected_value"]), rel=0.03)


# -- customers who behave as the models say


def test_the_parameters_customers_were_made_with_are_found_again(embedded: Engine) -> None:
    made = simulate(60_000, weeks=0)
    summary = made.table(embedded)
    bg_nbd, gamma_gamma = bg_nbd_fit(summary), gamma_gamma_fit(summary)

    found = (bg_nbd.r, bg_nbd.alpha, bg_nbd.a, bg_nbd.b)
    assert found == pytest.approx((BUYING.r, BUYING.alpha, BUYING.a, BUYING.b), rel=0.08)
    assert (gamma_gamma.p, gamma_gamma.q, gamma_gamma.v) == pytest.approx(
        (SPENDING.p, SPENDING.q, SPENDING.v), rel=0.08
    )


def test_four_in_five_stay_inside_their_range(embedded: Engine) -> None:
    made = simulate(40_000, weeks=52)
    summary = made.table(embedded)
    scored = expected_value(bg_nbd_fit(summary), gamma_gamma_fit(summary), summary).to_arrow(["customer_id"])
    low, high, expected, orders = (
        scored[name].to_numpy() for name in ("low", "high", "expected_value", "expected_orders")
    )

    inside = (low <= made.later_spend) & (made.later_spend <= high)
    assert 0.80 <= inside.mean() <= 0.93
    busy = low > 0  # no weight at zero: the range holds just what it says
    assert busy.sum() > 500
    assert inside[busy].mean() == pytest.approx(0.80, abs=0.03)
    assert (made.later_spend > high)[high > expected].mean() == pytest.approx(0.10, abs=0.01)
    assert orders.sum() == pytest.approx(made.later_orders.sum(), rel=0.03)
    assert expected.sum() == pytest.approx(made.later_spend.sum(), rel=0.04)
    assert ((low <= expected) & (expected <= high)).all()


def test_the_order_of_rows_changes_nothing(embedded: Engine) -> None:
    made = simulate(3_000, weeks=0)
    turned = np.random.default_rng(3).permutation(3_000)
    one, other = made.table(embedded), made.table(embedded, turned)

    assert bg_nbd_fit(one) == bg_nbd_fit(other)
    assert gamma_gamma_fit(one) == gamma_gamma_fit(other)
    scores = [expected_value(BUYING, SPENDING, table).rows(["customer_id"]) for table in (one, other)]
    assert scores[0] == scores[1]


def test_a_customer_is_scored_alike_in_whatever_company(embedded: Engine) -> None:
    made = simulate(3_000, weeks=0)
    together = expected_value(BUYING, SPENDING, made.table(embedded)).rows(["customer_id"])
    for few in (range(0, 3_000, 97), range(5, 6), range(1_000, 1_010)):
        apart = expected_value(BUYING, SPENDING, made.table(embedded, np.array(few))).rows(["customer_id"])
        assert [row["customer_id"] for row in apart] == list(few)
        for row in apart:
            assert row == pytest.approx(together[row["customer_id"]], rel=1e-12)


def test_of_nobody_nothing_is_expected(embedded: Engine) -> None:
    nobody = simulate(10, weeks=0).table(embedded, np.array([], dtype=np.int64))
    assert expected_value(BUYING, SPENDING, nobody).rows() == []
    assert expected_purchases(BUYING, nobody, 52).rows() == []


def test_a_model_comes_back_from_json(embedded: Engine) -> None:
    assert BgNbd.from_dict(CDNOW.to_dict()) == CDNOW
    assert GammaGamma.from_dict(CDNOW_SPEND.to_dict()) == CDNOW_SPEND


def test_nothing_is_left_behind(embedded: Engine) -> None:
    summary = simulate(1_000, weeks=0).table(embedded)
    before = embedded.relations()
    gamma_gamma_fit(summary)
    scored = expected_value(bg_nbd_fit(summary), SPENDING, summary)
    assert embedded.relations() == [*before, scored.name]


# -- refusals


def test_too_few_who_came_back_are_refused(engine: Engine) -> None:
    few = repeats(engine, *[(1, 20.0, 40.0, 10.0)] * 99, *[(0, 0.0, 40.0, None)] * 1000)
    for fit in (bg_nbd_fit, gamma_gamma_fit):
        with pytest.raises(InsightError, match="99 customers came back; 100 are needed") as error:
            fit(few)
        assert error.value.code == "too_little_history"


def test_too_short_a_history_is_refused(engine: Engine) -> None:
    start = date(2024, 1, 1)
    baskets = [Basket(n, start + timedelta(days=days)) for n in range(150) for days in (n % 30, 40 + n % 50)]
    with pytest.raises(InsightError, match="reach back 13 weeks; 26 are needed") as error:
        bg_nbd_fit(repeat_summary(purchases(engine, baskets), date(2024, 4, 1)))
    assert error.value.code == "too_little_history"


def test_nobody_is_refused(engine: Engine) -> None:
    with pytest.raises(InsightError, match="0 customers came back"):
        bg_nbd_fit(repeat_summary(purchases(engine, []), date(2024, 4, 1)))


def test_spend_that_never_varies_is_expected_as_it_is(embedded: Engine) -> None:
    alike = repeats(embedded, *[(1 + n % 5, 20.0, 40.0, 10.0) for n in range(200)])
    assert gamma_gamma_fit(alike).mean_spend == pytest.approx(10, rel=0.01)


def test_spend_without_a_finite_mean_is_refused(embedded: Engine) -> None:
    wild = repeats(embedded, *[(1, 20.0, 40.0, (200 / (n + 0.5)) ** 2) for n in range(200)])
    with pytest.raises(InsightError, match="no mean can be expected") as error:
        gamma_gamma_fit(wild)
    assert error.value.code == "too_little_history"
