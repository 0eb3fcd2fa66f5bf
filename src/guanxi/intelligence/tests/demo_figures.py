"""Published figures by hand, of a company of 61,384 customers: what the pages are tested and looked at with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from guanxi.customers.models import CurrentStanding
from guanxi.intelligence.models import Figure
from guanxi.kernel.runs.lease import next_revision
from guanxi.kernel.runs.models import Run

AS_OF = date(2026, 11, 21)
Row = dict[str, Any]

HEADLINE: Row = {
    "records": 80_000, "customers": 61_384, "bought_ever": 35_120, "bought_12m": 23_051, "quiet": 3_412,
    "spend_12m": "15482310.5000", "top1_customers": 231, "top1_share": 0.3104, "as_of": "2026-11-21",
    "currency": "CNY", "duplicates": 18_616, "anonymous_lines": 5_210, "anonymous_revenue": "412300.0000",
    "prev_bought_12m": 21_480, "prev_spend_12m": "15896200.0000", "first_purchase_on": "2024-11-02",
}  # fmt: skip

REGIONS = (
    ("CN-GD", 8_912), ("CN-ZJ", 7_430), ("CN-JS", 6_210), ("CN-SD", 4_377), ("CN-FJ", 4_120), ("CN-SH", 3_988),
    ("CN-BJ", 3_702), ("CN-SC", 3_150), ("CN-HB", 2_410), ("CN-HN", 2_288), ("CN-HA", 2_105), ("CN-AH", 1_840),
    ("CN-JX", 1_377), ("CN-HE", 1_201), ("CN-SN", 1_020), ("CN-LN", 940), ("CN-CQ", 902), ("CN-YN", 611),
    ("CN-GX", 540), ("CN-TJ", 512), ("CN-HL", 330), ("CN-JL", 301), ("CN-SX", 280), ("CN-GZ", 214), ("CN-HK", 190),
    ("CN-NM", 133), ("CN-GS", 90), ("CN-XJ", 77), ("CN-HI", 64), ("CN-NX", 31), ("CN-TW", 28), ("CN-QH", 12),
    ("CN-MO", 9), ("CN-XZ", 3), ("US", 210), ("GB", 122), ("DE", 80), ("JP", 66), ("FR", 41), ("AE", 17),
    (None, 1_451),
)  # fmt: skip

PYRAMID = (
    ("vip", 231, "4805709.0000", "12345.0000"), ("major", 922, "3901540.0000", "2980.5000"),
    ("regular", 3_457, "3715754.5000", "620.0000"), ("small", 18_441, "3059307.0000", "0.0100"),
)  # fmt: skip

CURVE = (
    (0, 0.0),
    (1, 0.3104),
    (2, 0.39),
    (5, 0.5624),
    (10, 0.68),
    (20, 0.8024),
    (40, 0.91),
    (60, 0.958),
    (80, 0.986),
    (100, 1.0),
)
STAGE_SHARES = {"exploration": 0.27, "build_up": 0.22, "stable": 0.31, "decline": 0.20}
EDGES: Row = {
    "rfm": {
        "groups": 5, "recency_days": [420, 260, 140, 52], "frequency": [1, 2, 3, 6],
        "monetary": ["120.0000", "310.0000", "680.0000", "1800.0000"], "customers": 35_120, "r_total": 105_000,
        "f_total": 98_000, "m_total": 105_300,
    }
}  # fmt: skip


def demo_figures() -> dict[str, list[Row]]:
    """Every figure by name, as the road publishes them."""
    months = [month_end(2024, 12, step) for step in range(23)] + [AS_OF]
    return {
        "headline": [dict(HEADLINE)],
        "region": [
            {"region_code": code, "customers": n, "bought_12m": n * 3 // 8, "spend_12m": f"{n * 251 - n % 7 * 9}.5000"}
            for code, n in REGIONS
        ],
        "source": [
            {"source": "shop", "records": 38_200, "customers": 33_100, "only_here": 20_415},
            {"source": "members", "records": 26_900, "customers": 24_870, "only_here": 12_006},
            {"source": "callcentre", "records": 9_700, "customers": 8_944, "only_here": 3_310},
            {"source": "fair", "records": 5_200, "customers": 4_980, "only_here": 2_118},
        ],
        "pyramid": [
            {"tier": tier, "customers": n, "spend": spend, "spend_from": start} for tier, n, spend, start in PYRAMID
        ],
        "tier": [{"tier": tier, "customers": n, "spend_12m": spend} for tier, n, spend, _start in PYRAMID],
        "tier_choice": _tier_choice(),
        "pareto": [{"customer_share": x / 100, "spend_share": y} for x, y in CURVE],
        "abc": [
            {"abc": "A", "customers": 4_580, "spend_12m": "12385848.4000"},
            {"abc": "B", "customers": 6_210, "spend_12m": "2322346.6000"},
            {"abc": "C", "customers": 12_261, "spend_12m": "774115.5000"},
        ],
        "rfm": [
            {"r": r, "f": f, "customers": 400 + 320 * ((r * 7 + f * 3) % 6) + (900 if r == f else 0),
             "spend_12m": f"{r * f * 21000}.0000", "monetary": f"{(r + 2 * f) * 310000}.0000"}
            for r in range(1, 6) for f in range(1, 6)
        ],
        "rfm_group": [
            {"rfm_group": group, "customers": n, "monetary": f"{n * each}.0000", "spend_12m": f"{n * each // 2}.0000"}
            for group, n, each in (
                ("HHH", 4_820, 2300), ("HLH", 2_140, 1500), ("LHH", 3_015, 1900), ("LLH", 1_760, 1400),
                ("HHL", 3_350, 260), ("HLL", 7_410, 110), ("LHL", 2_905, 240), ("LLL", 9_720, 90),
            )
        ],
        "stage_month": [
            {"month_on": month.isoformat(), "stage": stage, "customers": int((24_000 + 900 * place) * share)}
            for place, month in enumerate(months[-13:]) for stage, share in STAGE_SHARES.items()
        ],
        "stage_move": _moves(months[-12:]),
        "flow_month": [
            {"month_on": month.isoformat(), "new": 520 + 210 * (month.month in (1, 9, 11)) + place * 6,
             "active": 20_100 + place * 128, "lost": 380 + 90 * (month.month == 3), "returned": 74 + place}
            for place, month in enumerate(months)
        ],
        "status": [
            {"status": "non_customer", "customers": 1_204, "spend_12m": "0.0000"},
            {"status": "prospect", "customers": 25_060, "spend_12m": "0.0000"},
            {"status": "first_time", "customers": 8_310, "spend_12m": "1203400.0000"},
            {"status": "repeat", "customers": 9_730, "spend_12m": "5278910.5000"},
            {"status": "loyal", "customers": 5_011, "spend_12m": "9000000.0000"},
            {"status": "lost", "customers": 12_069, "spend_12m": "0.0000"},
        ],
    }  # fmt: skip


def _tier_choice() -> list[Row]:
    counts = {
        "pyramid": {tier: (n, spend) for tier, n, spend, _start in PYRAMID},
        "abc": {"major": (4_580, "12385848.4000"), "regular": (6_210, "2322346.6000"),
                "small": (12_261, "774115.5000")},
        "rfm": {"vip": (4_820, "5543000.0000"), "major": (6_915, "4900000.0000"), "regular": (6_255, "900000.0000"),
                "small": (17_130, "400000.0000")},
    }  # fmt: skip
    return [
        {"method": method, "tier": tier, "customers": n, "spend_12m": spend}
        for method, tiers in counts.items() for tier, (n, spend) in tiers.items()
    ]  # fmt: skip


def _moves(months: list[date]) -> list[Row]:
    flows = (
        (None, "exploration", 640), ("exploration", "exploration", 8_100), ("exploration", "build_up", 720),
        ("exploration", "decline", 310), ("build_up", "build_up", 6_480), ("build_up", "stable", 510),
        ("build_up", "decline", 190), ("stable", "stable", 10_020), ("stable", "decline", 420),
        ("decline", "decline", 6_200), ("decline", "build_up", 140),
    )  # fmt: skip
    return [
        {"from_stage": before, "to_stage": after, "customers": n + place * 3, "month_on": month.isoformat()}
        for place, month in enumerate(months) for before, after, n in flows
    ]  # fmt: skip


def month_end(year: int, month: int, later: int) -> date:
    """The last day of the month that many months later."""
    following = year * 12 + month + later
    return date.fromordinal(date(following // 12, following % 12 + 1, 1).toordinal() - 1)


def publish_figures(figures: dict[str, list[Row]] | None = None, *, tier_method: str = "pyramid") -> Run:
    """A finished run whose figures are the current ones."""
    published_at = datetime(2026, 11, 22, 2, 0, 24, tzinfo=UTC)
    run = Run.objects.create(
        job="refresh", business_date=AS_OF, revision=next_revision("refresh", AS_OF),
        state=Run.State.DONE, plan=["land", "resolve", "marts", "models", "publish"],
        started_at=datetime(2026, 11, 22, 2, 0, tzinfo=UTC), finished_at=published_at,
        report={"tier_method": tier_method, "edges": EDGES},
    )  # fmt: skip
    for name, rows in (demo_figures() if figures is None else figures).items():
        Figure.objects.create(run_id=run.pk, name=name, rows=rows)
    CurrentStanding.objects.update_or_create(
        pk=1, defaults={"run_id": run.pk, "as_of": AS_OF, "published_at": published_at}
    )
    return run
