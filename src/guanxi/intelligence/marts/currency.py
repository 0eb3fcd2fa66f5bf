"""One currency for all amounts: which it is, and what amounts in others are worth in it."""

from __future__ import annotations

from guanxi.insight.engines import Engine, Table, step
from guanxi.intelligence.errors import CurrenciesDiffer, RatesDiffer, RatesMissing

MOST_TOLD = 3  # days without a rate that are named


def find_company_currency(engine: Engine, *, purchase: Table, rate: Table) -> str:
    """The currency the company counts in: the one its rates are told in, else that of its purchases.

    Empty where nothing says it.

    Raises
    ------
    CurrenciesDiffer, RatesDiffer
        Purchases come in several currencies and no rate is there; or rates are told in several.
    """
    found = engine.run(step(__file__, "currency.sql"), {"purchase": purchase, "rate": rate}, {}).rows()
    bought, into = (sorted(row["currency"] for row in found if row["used"] == used) for used in ("bought", "into"))
    if len(into) > 1:
        raise RatesDiffer(currencies=", ".join(into))
    if not into and len(bought) > 1:
        raise CurrenciesDiffer(currencies=", ".join(bought))
    return next(iter([*into, *bought]), "")


def find_day_rates(engine: Engine, company: str, *, purchase: Table, rate: Table, delivery: Table) -> Table:
    """What a unit of each other currency was worth on each day somebody bought in it.

    A table (currency, bought_on, lines, rate): `lines` bought that day, `rate` the last known one.

    Raises
    ------
    RatesMissing
        On some day no rate is known, or it is too old.
    """
    inputs = {"purchase": purchase, "rate": rate, "delivery": delivery}
    rates = engine.run(step(__file__, "day_rate.sql"), inputs, {"company": company})
    missing = [row for row in rates.rows(["currency", "bought_on"]) if row["rate"] is None]
    if missing:
        days = [f"{row['currency']} {row['bought_on']}" for row in missing]
        told = ", ".join(days if len(days) <= MOST_TOLD else [*days[:MOST_TOLD], "..."])
        lines = sum(row["lines"] for row in missing)
        raise RatesMissing(company=company, lines=lines, count=len(days), days=told)
    return rates


def in_company_currency(engine: Engine, company: str, *, purchase: Table, rate: Table, delivery: Table) -> Table:
    """The purchase lines with `amount` and `currency` as they were delivered, and `revenue` in the company's currency.

    Amounts are multiplied exactly and rounded half-even to 4 decimals.

    Raises
    ------
    RatesMissing
        A rate is not there.
    """
    rates = find_day_rates(engine, company, purchase=purchase, rate=rate, delivery=delivery)
    if not rates.count():
        return engine.run(step(__file__, "as_delivered.sql"), {"purchase": purchase}, {}, view=True)
    inputs = {"purchase": purchase, "day_rate": rates}
    return engine.run(step(__file__, "converted.sql"), inputs, {"company": company}, view=True)
