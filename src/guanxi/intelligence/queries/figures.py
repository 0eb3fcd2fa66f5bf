"""The published figures of the current run: what a dashboard reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from guanxi.customers.models import CurrentStanding, Customer
from guanxi.intelligence.heads import MONEY, Heads, Rows, count_heads, difference, total_heads, with_heads
from guanxi.intelligence.models import Figure
from guanxi.intelligence.standing.step import months_before
from guanxi.intelligence.wording import Edges, HeadlineFacts, rfm_high
from guanxi.kernel.access.models import Company
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.runs.models import Run


@dataclass(frozen=True)
class Totals:
    """The headline figures. Money in `currency`; `*_12m` is the twelve months to the as-of date.

    Heads are those of the customer list, without the `deleted`; money is what the company took, theirs with it.
    """

    records: int
    customers: int
    duplicates: int
    bought_ever: int
    bought_12m: int
    quiet: int
    spend_12m: Decimal
    top1_customers: int
    top1_share: float | None
    prev_bought_12m: int
    prev_spend_12m: Decimal
    anonymous_lines: int
    anonymous_revenue: Decimal
    deleted: int
    deleted_bought_12m: int
    deleted_spend_12m: Decimal
    currency: str
    first_purchase_on: date | None

    @property
    def buyers_12m(self) -> int:
        """All who brought the spend of the twelve months, also those who were deleted since."""
        return self.bought_12m + self.deleted_bought_12m

    @property
    def facts(self) -> HeadlineFacts:
        """What the headline is computed from."""
        return HeadlineFacts(
            records=self.records, customers=self.customers, bought_ever=self.bought_ever, bought_12m=self.bought_12m,
            top_customers=self.top1_customers, top_share=self.top1_share,
        )  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """All figures one run published, as of its business date, and the parameters they were made with."""

    run_id: int
    as_of: date
    by_name: Mapping[str, Rows]
    totals: Totals
    tier_method: str
    kept_edges: Mapping[str, Any]

    def rows(self, name: str) -> Rows:
        """The rows of one figure; none where the run published none."""
        return self.by_name.get(name, ())

    @property
    def months_of_purchases(self) -> int:
        """In how many calendar months somebody bought, from the first purchase to the as-of date, both counted."""
        first = self.totals.first_purchase_on
        if first is None:
            return 0
        return (self.as_of.year - first.year) * 12 + self.as_of.month - first.month + 1

    @property
    def has_year_before(self) -> bool:
        """Whether the purchases reach back two whole years, so that the year before is a fair comparison.

        A first week without purchases is no gap: shops close for holidays.
        """
        first = self.totals.first_purchase_on
        return first is not None and first <= months_before(self.as_of, 24) + timedelta(days=7)

    @property
    def edges(self) -> Edges:
        """What separated the classes in this run."""
        return Edges(
            currency=self.totals.currency,
            spend_from={
                row["tier"]: amount(row["spend_from"]) for row in self.rows("pyramid") if row.get("spend_from")
            },
            high=rfm_high(self.kept_edges.get("rfm", {})),
        )


def get_figures(actor: Actor) -> Figures | None:
    """The figures of the run whose standings are current; None when nothing was published yet.

    Deleted customers are not counted among the heads, from the moment they are deleted until they are restored.

    Raises
    ------
    PermissionDenied
        The actor lacks `insight.view`.
    """
    if not actor.may("insight.view"):
        raise PermissionDenied(permission="insight.view")
    current = CurrentStanding.objects.first()
    if current is None:
        return None
    by_name = dict(Figure.objects.filter(run_id=current.run_id).values_list("name", "rows"))
    if not by_name.get("headline"):
        return None
    report = Run.objects.filter(pk=current.run_id).values_list("report", flat=True).first() or {}
    tier_method = report.get("tier_method", Company.TierMethod.PYRAMID.value)
    deleted = count_heads(current.run_id, Customer.objects.filter(deleted_at__isnull=False).values("pk"), current.as_of)
    counted = with_heads(
        by_name, difference((), deleted), as_of=current.as_of, by_pyramid=tier_method == Company.TierMethod.PYRAMID
    )
    took = {name: by_name["headline"][0][name] for name in MONEY & by_name["headline"][0].keys()}
    headline = {**counted["headline"][0], **took}
    return Figures(
        run_id=current.run_id, as_of=current.as_of, by_name=counted | {"headline": [headline]},
        totals=_totals(headline, deleted, counted.get("flow_month", ())), tier_method=tier_method,
        kept_edges=report.get("edges", {}),
    )  # fmt: skip


def amount(value: object) -> Decimal:
    """A published amount of money as a number; nothing is zero."""
    return Decimal(str(value or 0))


def day(value: object) -> date:
    """A published date; an ISO date-time counts as its day."""
    return date.fromisoformat(str(value)[:10])


def _totals(row: Mapping[str, Any], deleted: Sequence[Heads], flow: Rows) -> Totals:
    records, customers = int(row["records"]), int(row["customers"])
    share, gone = row.get("top1_share"), total_heads(deleted)
    return Totals(
        records=records, customers=customers, duplicates=records - customers - gone["customers"],
        bought_ever=int(row["bought_ever"] or 0), bought_12m=int(row["bought_12m"] or 0), quiet=int(row["quiet"] or 0),
        spend_12m=amount(row["spend_12m"]), top1_customers=int(row.get("top1_customers") or 0),
        top1_share=None if share is None else float(share),
        prev_bought_12m=int(row.get("prev_bought_12m") or 0), prev_spend_12m=amount(row.get("prev_spend_12m")),
        anonymous_lines=int(row.get("anonymous_lines") or 0), anonymous_revenue=amount(row.get("anonymous_revenue")),
        deleted=gone["customers"], deleted_bought_12m=gone["bought_12m"], deleted_spend_12m=amount(gone["spend_12m"]),
        currency=str(row.get("currency") or ""), first_purchase_on=_first_purchase(row, flow),
    )  # fmt: skip


def _first_purchase(row: Mapping[str, Any], flow: Rows) -> date | None:
    """As published, else the first month with a purchase in the monthly flow."""
    if row.get("first_purchase_on"):
        return day(row["first_purchase_on"])
    months = [day(month["month_on"]).replace(day=1) for month in flow if int(month["active"] or 0)]
    return min(months, default=None)
