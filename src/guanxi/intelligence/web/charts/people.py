"""Who and where: from records to customers who went quiet, regions, sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import get_language, gettext, ngettext, pgettext

from guanxi.intelligence.queries.figures import Figures
from guanxi.intelligence.web.charts.parts import count_cell, money_cell, share, share_cell, spend_of
from guanxi.intelligence.web.links import customers_url
from guanxi.intelligence.wording import FEWEST_MONTHS
from guanxi.kernel.places import PROVINCES, place_name
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.parts import Cell, Chart, Column, Row, Table

RANKED = 12  # bars in a ranked chart; its table has all
FEW = 6  # bars that fit a low chart
NO_REGION = "none"


def steps_chart(figures: Figures) -> Chart:
    """From records to customers to those who went quiet, each step with its customers behind it."""
    totals = figures.totals
    steps = [
        _step(gettext("Records"), totals.records, ""),
        _step(gettext("Duplicates folded"), totals.duplicates, customers_url(records="many"), less=True),
        _step(
            pgettext("count", "Customers"), totals.customers, customers_url(),
            gettext("%(share)s of records") % {"share": formats.percent(share(totals.customers, totals.records))},
        ),
        _step(
            gettext("Ever bought"), totals.bought_ever, customers_url(bought="ever"),
            gettext("%(share)s of customers") % {"share": formats.percent(share(totals.bought_ever, totals.customers))},
        ),
        _step(
            gettext("Bought in 12 months"), totals.bought_12m, customers_url(bought="12m"),
            gettext("%(share)s of customers") % {"share": formats.percent(share(totals.bought_12m, totals.customers))},
        ),
        _step(
            gettext("Gone quiet"), totals.quiet, customers_url(quiet=1),
            gettext("%(share)s of them") % {"share": formats.percent(share(totals.quiet, totals.bought_12m))},
        ),
    ]  # fmt: skip
    if not totals.duplicates:
        steps.pop(1)
    if not totals.bought_ever:
        del steps[-3:]
    elif figures.months_of_purchases < FEWEST_MONTHS:
        del steps[-1:]
    meaning = [
        gettext("Records are rows the sources delivered."),
        gettext("Records of the same certificate, verified phone or verified e-mail are one customer."),
    ]
    if steps[-1]["label"] == gettext("Gone quiet"):
        meaning.append(gettext("Gone quiet: bought in the last 12 months, but away much longer than their own rhythm."))
    table = Table(
        columns=[Column("step", gettext("Step")), Column("count", gettext("Count"), numeric=True), Column("note", "")],
        rows=[
            Row([Cell(step["label"], href=step["href"]), count_cell(step["value"], step["href"]), Cell(step["note"])])
            for step in steps
        ],
        caption=gettext("From records to customers"),
        name="customers-steps",
    )
    return Chart(
        key="steps", kind="steps", title=gettext("From records to customers"), data={"items": steps}, table=table,
        summary="; ".join(f"{step['label']} {step['text']}" for step in steps), as_of=figures.as_of,
        meaning=formats.sentences(meaning),
    )  # fmt: skip


def _step(label: str, value: int, href: str, note: str = "", *, less: bool = False) -> dict[str, Any]:
    text = ("-" if less else "") + formats.number(value)
    role = "less" if less else "total"
    return {"label": label, "value": value, "text": text, "note": note, "href": href, "role": role}


@dataclass(frozen=True)
class Place:
    """One region with its customers."""

    code: str
    name: str
    customers: int
    bought_12m: int
    spend: Decimal

    @property
    def is_province(self) -> bool:
        """Whether it has a square in the tile grid."""
        return self.code in PROVINCES

    @property
    def href(self) -> str:
        """Its customers."""
        return customers_url(region=self.code or NO_REGION)


def places(figures: Figures) -> list[Place]:
    """The regions with customers, most customers first; the one without a code is "not known"."""
    found = [_place(row) for row in figures.rows("region")]
    return sorted(found, key=lambda place: (-place.customers, place.code))


def _place(row: Mapping[str, Any]) -> Place:
    code = str(row["region_code"] or "")
    names = {"": gettext("Not known"), "CN": gettext("China, province not known")}
    return Place(
        code=code, name=names.get(code) or place_name(code, get_language() or "en"),
        customers=int(row["customers"]), bought_12m=int(row["bought_12m"] or 0), spend=spend_of(row),
    )  # fmt: skip


def tiles_chart(figures: Figures) -> Chart | None:
    """The provinces as squares, shaded by their number of customers."""
    found = places(figures)
    by_code = {place.code: place for place in found}
    if not any(place.is_province for place in found):
        return None
    chinese = (get_language() or "").startswith("zh")
    cells = []
    for code, (name, english, column, row) in PROVINCES.items():
        place = by_code.get(code)
        note = "" if chinese else english
        if place is not None and figures.totals.bought_ever:
            spend = formats.money_short(place.spend, figures.totals.currency)
            note = " · ".join(filter(None, [note, gettext("%(spend)s in 12 months") % {"spend": spend}]))
        cells.append({
            "row": row, "col": column, "label": name if chinese else code.removeprefix("CN-"),
            "value": place.customers if place else 0, "text": formats.short(place.customers) if place else "",
            "note": note, "href": place.href if place else "",
        })  # fmt: skip
    unknown = sum(place.customers for place in found if place.code in {"", "CN"})
    return Chart(
        key="provinces", kind="tiles", title=gettext("Customers by province"),
        data={"cells": cells, "none": gettext("no customers")},
        table=_places_table([place for place in found if place.is_province], figures, "provinces"),
        summary=_first_places([place for place in found if place.is_province]), as_of=figures.as_of,
        meaning=gettext(
            "One square a province, darker with more customers; squares stand roughly where the provinces lie. Where a"
            " customer is comes from the best known address."
        ),
        href=customers_url(region=NO_REGION) if unknown else "",
        href_text=ngettext(
            "%(count)s customer without a province", "%(count)s customers without a province", unknown
        ) % {"count": formats.number(unknown)},
    )  # fmt: skip


def regions_chart(figures: Figures) -> Chart | None:
    """The regions at home ranked by spend; without purchases, by customers."""
    found = [place for place in places(figures) if place.is_province]
    if not found:
        return None
    if not figures.totals.bought_ever:
        return _ranked("regions", gettext("Provinces by customers"), found, figures, by_spend=False)
    return _ranked("regions", gettext("Provinces by spend in 12 months"), found, figures, by_spend=True)


def abroad_chart(figures: Figures) -> Chart | None:
    """Countries outside China, ranked by customers; nothing where all customers are at home."""
    found = [place for place in places(figures) if place.code and place.code != "CN" and not place.is_province]
    if not found:
        return None
    mostly_abroad = sum(p.customers for p in found) > sum(p.customers for p in places(figures) if p.is_province)
    title = gettext("Customers by country") if mostly_abroad else gettext("Customers abroad")
    return _ranked("abroad", title, found, figures, by_spend=False)


def _ranked(key: str, title: str, found: list[Place], figures: Figures, *, by_spend: bool) -> Chart:
    currency = figures.totals.currency
    height: Literal["s", "m", "l"] = "s" if len(found) <= FEW else "l"
    ordered = sorted(found, key=lambda place: (-(place.spend if by_spend else place.customers), place.code))
    items = [
        {
            "label": place.name, "href": place.href,
            "value": float(place.spend) if by_spend else place.customers,
            "text": formats.money_short(place.spend, currency) if by_spend else formats.number(place.customers),
        }
        for place in ordered[:RANKED]
    ]  # fmt: skip
    return Chart(
        key=key, kind="hbar", title=title, data={"items": items, "tone": ""}, height=height,
        table=_places_table(ordered, figures, key), summary=_first_places(ordered), as_of=figures.as_of,
        meaning=gettext("The largest %(count)s; the table has all.") % {"count": len(items)}
        if len(ordered) > len(items) else "",
    )  # fmt: skip


def _places_table(found: list[Place], figures: Figures, name: str) -> Table:
    currency, all_spend = figures.totals.currency, figures.totals.spend_12m
    bought = bool(figures.totals.bought_ever)
    columns = [
        Column("place", gettext("Place")), Column("customers", pgettext("count", "Customers"), numeric=True),
        Column("share", gettext("Share"), numeric=True),
    ]  # fmt: skip
    if bought:
        columns += [
            Column("bought", gettext("Bought in 12 months"), numeric=True),
            Column("spend", gettext("Spend in 12 months"), numeric=True),
            Column("spend_share", gettext("Share of spend"), numeric=True),
        ]
    rows = []
    for place in found:
        cells = [
            Cell(place.name, href=place.href), count_cell(place.customers),
            share_cell(share(place.customers, figures.totals.customers)),
        ]  # fmt: skip
        if bought:
            cells += [
                count_cell(place.bought_12m), money_cell(place.spend, currency),
                share_cell(share(place.spend, all_spend)),
            ]  # fmt: skip
        rows.append(Row(cells))
    return Table(columns=columns, rows=rows, caption=gettext("Customers by place"), name=name)


def _first_places(found: list[Place]) -> str:
    return formats.listed(f"{place.name} {formats.number(place.customers)}" for place in found[:3])


def sources_chart(figures: Figures, titles: Mapping[str, str]) -> Chart | None:
    """How many records each of several sources brought, and whom only it knows. `titles` names the sources."""
    rows = sorted(figures.rows("source"), key=lambda row: (-int(row["records"]), row["source"]))
    if len(rows) < 2:
        return None
    items: list[dict[str, Any]] = [
        {
            "label": titles.get(row["source"], row["source"]), "value": int(row["records"]),
            "text": formats.number(int(row["records"])), "href": customers_url(source=row["source"]),
        }
        for row in rows
    ]  # fmt: skip
    table = Table(
        columns=[
            Column("source", gettext("Source")), Column("records", gettext("Records"), numeric=True),
            Column("customers", pgettext("count", "Customers"), numeric=True),
            Column("only", gettext("Known only there"), numeric=True),
        ],
        rows=[
            Row([
                Cell(item["label"], href=item["href"]), count_cell(int(row["records"])),
                count_cell(int(row["customers"])), count_cell(int(row["only_here"])),
            ])
            for item, row in zip(items, rows, strict=True)
        ],
        caption=gettext("Records by source"), name="sources",
    )  # fmt: skip
    return Chart(
        key="sources", kind="hbar", title=gettext("Records by source"), data={"items": items, "tone": ""}, table=table,
        as_of=figures.as_of,
        meaning=gettext("Rows each source delivered. A customer known to two sources counts in both."),
        summary=formats.listed(f"{item['label']} {item['text']}" for item in items),
    )  # fmt: skip
