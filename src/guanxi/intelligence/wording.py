"""What the figures say, in words: the headline, changes, and the rule of every class. No reading, no writing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext, ngettext

from guanxi.kernel.ui.formats import money_whole, number, percent

if TYPE_CHECKING:
    from guanxi.insight.lifecycle import StageRules, StatusRules

TEN_THOUSAND = 10_000
FEWEST_FOR_ONE_PERCENT = 100  # below a hundred buyers one percent is less than one customer
FEWEST_MONTHS = 3  # of purchases, below which a stage or a trend says nothing


@dataclass(frozen=True)
class HeadlineFacts:
    """The numbers behind the headline. `top_share` is of one; None where there was no revenue to share."""

    records: int
    customers: int
    bought_ever: int
    bought_12m: int
    top_customers: int
    top_share: float | None


def headline(facts: HeadlineFacts) -> str:
    """Who the customers are, in one sentence computed from the data.

    "80,000 records are really 61,384 customers; 23,051 bought in the past year, and 1% of them brought 31% of
    the revenue."
    """
    people = _people(facts)
    if not facts.bought_ever:
        return gettext("%(people)s.") % {"people": people}
    if not facts.bought_12m:
        return gettext("%(people)s; nobody bought in the past year.") % {"people": people}
    bought = ngettext("%(count)s bought in the past year", "%(count)s bought in the past year", facts.bought_12m) % {
        "count": number(facts.bought_12m)
    }
    top = _top(facts)
    if not top:
        return gettext("%(people)s; %(bought)s.") % {"people": people, "bought": bought}
    return gettext("%(people)s; %(bought)s, and %(top)s.") % {"people": people, "bought": bought, "top": top}


def _people(facts: HeadlineFacts) -> str:
    named = {"records": _records(facts.records), "customers": number(facts.customers)}
    if facts.records > facts.customers:
        return (
            ngettext(
                "%(records)s records are really %(customers)s customer",
                "%(records)s records are really %(customers)s customers",
                facts.customers,
            )
            % named
        )
    return ngettext("%(customers)s customer", "%(customers)s customers", facts.customers) % named


def _top(facts: HeadlineFacts) -> str:
    if facts.top_share is None or not 0 < facts.top_share <= 1 or not facts.top_customers:
        return ""
    share = percent(facts.top_share, 0)
    if facts.bought_12m >= FEWEST_FOR_ONE_PERCENT:
        return gettext("1%% of them brought %(share)s of the revenue") % {"share": share}
    if facts.top_customers >= facts.bought_12m:
        return ""
    return ngettext(
        "the biggest of them brought %(share)s of the revenue",
        "the biggest %(count)s of them brought %(share)s of the revenue",
        facts.top_customers,
    ) % {"count": number(facts.top_customers), "share": share}


def _records(value: int) -> str:
    """The number of records as it is said: 80,000 is "8 万" to a Chinese reader, as it loses nothing by it.

    Chinese writes a space between digits and the word that follows, and none after 万.
    """
    if not _is_chinese():
        return number(value)
    if value >= TEN_THOUSAND and value % 1000 == 0:
        return f"{Decimal(value) / TEN_THOUSAND:f} 万"
    return f"{number(value)} "


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


@dataclass(frozen=True)
class Change:
    """A change against the period before: `share` is of one, `text` is ready to show."""

    share: float
    text: str


def change(now: Decimal | int, before: Decimal | int) -> Change | None:
    """How much more than before, or nothing where there is nothing to compare with.

    `change(23051, 21480).text == "+7.3%"`.
    """
    if before <= 0:
        return None
    share = Decimal(now) / Decimal(before) - 1
    text = percent(share)
    sign = "+" if share > 0 and text != percent(0) else ""
    return Change(float(share), sign + text)


def no_purchases() -> str:
    """Why an insight page shows no values."""
    return gettext("We know who they are, not what they bought. Add orders to see value and risk.")


def too_little_history(months: int) -> str:
    """Why an insight page shows no stages and no trends."""
    return ngettext(
        "%(count)s month of purchases is too little to predict. Showing what was spent.",
        "%(count)s months of purchases are too few to predict. Showing what was spent.",
        months,
    ) % {"count": number(months)}


def no_customers() -> str:
    """The very first sentence of an empty home."""
    return gettext("No customers yet. Import a sheet or add the first one.")


# -- rules of the classes, with the edges of the run filled in


@dataclass(frozen=True)
class Edges:
    """What separated the classes in this run; every map is empty where the run kept none.

    `spend_from`: tier -> smallest spend in the tier, from its published figure. `high`: an RFM letter -> what counts
    as high: "r" fewer days than this, "f" this many orders or more, "m" more money than this.
    """

    currency: str
    spend_from: Mapping[str, Decimal]
    high: Mapping[str, Decimal]


def rfm_high(edges: Mapping[str, Any]) -> dict[str, Decimal]:
    """What counts as high, from the edges a run kept (`RfmEdges.to_dict`).

    A score is high if it is above the average score; score n begins beyond edge n - 1.
    """
    if not edges or not edges["customers"]:
        return {}
    high: dict[str, Decimal] = {}
    for letter, values in (("r", edges["recency_days"]), ("f", edges["frequency"]), ("m", edges["monetary"])):
        lowest_high_score = int(edges[f"{letter}_total"]) // int(edges["customers"]) + 1
        if 2 <= lowest_high_score <= len(values) + 1:
            high[letter] = Decimal(values[lowest_high_score - 2])
    if "f" in high:
        high["f"] += 1  # orders are whole: beyond 3 is 4 or more
    return high


def pyramid_rule(tier: str, edges: Edges) -> str:
    """The rule of a spend-pyramid tier (N10), e.g. "Top 1%: spent ¥12,345 or more in the last 12 months"."""
    start = edges.spend_from.get(tier)
    if tier == "small":
        above = edges.spend_from.get("regular")
        if above is None:
            return gettext("The other 80% of those who bought in the last 12 months")
        return gettext("The other 80%%: spent less than %(above)s in the last 12 months") % {
            "above": money_whole(above, edges.currency)
        }
    share = {"vip": "1%", "major": "1%–5%", "regular": "5%–20%"}[tier]
    if start is None:
        return gettext("Top %(share)s by spend in the last 12 months") % {"share": share}
    return gettext("Top %(share)s: spent %(amount)s or more in the last 12 months") % {
        "share": share, "amount": money_whole(start, edges.currency),
    }  # fmt: skip


def abc_rule(abc: str) -> str:
    """The rule of an ABC class (C24)."""
    return {
        "A": gettext("The biggest spenders who together bring the first 80% of the last 12 months' revenue"),
        "B": gettext("The next ones, who bring the following 15%"),
        "C": gettext("All others who bought in the last 12 months: the last 5%"),
    }[abc]


def rfm_rule(group: str, edges: Edges) -> str:
    """The rule of an RFM group (C24): for each letter, H or L, what it means in this run."""
    return gettext("%(r)s; %(f)s; %(m)s") % {
        "r": _recency_words(high=group[0] == "H", edge=edges.high.get("r")),
        "f": _frequency_words(high=group[1] == "H", edge=edges.high.get("f")),
        "m": _monetary_words(high=group[2] == "H", edge=edges.high.get("m"), currency=edges.currency),
    }


def _recency_words(*, high: bool, edge: Decimal | None) -> str:
    if edge is None:
        return gettext("bought recently") if high else gettext("has not bought for long")
    words = gettext("bought in the last %(days)s days") if high else gettext("last bought %(days)s days ago or longer")
    return words % {"days": number(edge)}


def _frequency_words(*, high: bool, edge: Decimal | None) -> str:
    if edge is None:
        return gettext("buys often") if high else gettext("buys seldom")
    words = gettext("%(orders)s orders or more") if high else gettext("fewer than %(orders)s orders")
    return words % {"orders": number(edge)}


def _monetary_words(*, high: bool, edge: Decimal | None, currency: str) -> str:
    if edge is None:
        return gettext("spends much") if high else gettext("spends little")
    words = gettext("spent more than %(amount)s in all") if high else gettext("spent up to %(amount)s in all")
    return words % {"amount": money_whole(edge, currency)}


def stage_rule(stage: str, rules: StageRules) -> str:
    """The rule of a life-cycle stage (C36, N20), with its thresholds."""
    return {
        "exploration": gettext("One order, at most %(days)s days ago") % {"days": rules.single_order_quiet_days},
        "build_up": gettext("Two orders or more, not yet stable"),
        "stable": gettext("%(orders)s orders or more, at least %(days)s days from the first to the last")
        % {"orders": rules.stable_orders, "days": rules.stable_days},
        "decline": gettext(
            "No order for more than %(days)s days and more than %(gaps)s times their own usual gap; after a single"
            " order, for more than %(single)s days; in any case after %(months)s months"
        )
        % {
            "days": rules.quiet_days, "gaps": f"{rules.quiet_gaps:f}", "single": rules.single_order_quiet_days,
            "months": rules.lost_after_months,
        },
    }[stage]  # fmt: skip


def status_rule(status: str, rules: StatusRules) -> str:
    """The rule of a customer status (C28), with its thresholds."""
    months = {"months": rules.lost_after_months}
    return {
        "non_customer": gettext("Never bought, and there is no way to reach them"),
        "prospect": gettext("Never bought, but can be reached"),
        "first_time": gettext("One order, in the last %(months)s months") % months,
        "repeat": gettext("Two orders or more, not yet loyal"),
        "loyal": gettext("%(orders)s orders or more, the first at least %(days)s days ago")
        % {"orders": rules.loyal_orders, "days": rules.loyal_days},
        "lost": gettext("Bought before, but not in the last %(months)s months") % months,
    }[status]


def tier_rule(tier: str, method: str, edges: Edges) -> str:
    """The rule of a customer tier under the company's method (`pyramid`, `abc` or `rfm`)."""
    if method == "pyramid":
        return pyramid_rule(tier, edges)
    if method == "abc":
        return {
            "vip": gettext("Not used with ABC classes"),
            "major": gettext("Class A: together the first 80% of the last 12 months' revenue"),
            "regular": gettext("Class B: the following 15%"),
            "small": gettext("Class C: the last 5%"),
        }[tier]
    return {
        "vip": gettext("Champions: bought recently, buy often, spend much"),
        "major": gettext("Spend much, but bought long ago or seldom"),
        "regular": gettext("Buy often, spend little"),
        "small": gettext("Buy seldom, spend little"),
    }[tier]


def method_rule(method: str) -> str:
    """What a tier method does, for the person who chooses it."""
    return {
        "pyramid": gettext(
            "By rank of spend in the last 12 months: the top 1% are VIP, the next up to 5% Major, the next up to 20%"
            " Regular, the remaining 80% Small."
        ),
        "abc": gettext(
            "By share of revenue in the last 12 months: those who bring the first 80% are Major, the following 15%"
            " Regular, the last 5% Small. No customer is VIP."
        ),
        "rfm": gettext(
            "By how recently, how often and how much they bought: high in all three is VIP, other high spenders Major,"
            " frequent small buyers Regular, the rest Small."
        ),
    }[method]
