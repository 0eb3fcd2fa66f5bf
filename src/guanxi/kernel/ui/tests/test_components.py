"""What the components put on the page: the words, the links, and no inline style or script."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Template
from django.utils.translation import override

from guanxi.kernel.ui.parts import Cell, Chart, Chip, Column, Pager, Row, Tab, Table


def shown(template: str, **context: Any) -> str:
    with override("en"):
        html = Template("{% load ui %}" + template).render(Context(context))
    assert " style=" not in html
    assert not re.search(r"<script(?! id=\S+ type=\"application/json\")", html)
    assert not re.search(r"\son\w+=", html)
    return " ".join(html.split())


TABLE = Table(
    columns=[Column("stage", "Stage"), Column("n", "Customers", numeric=True, sort_url="?sort=n", sorted="desc")],
    rows=[Row([Cell("<Stable>", href="/s"), Cell("1,234", value=1234)], href="/row")],
    name="stages",
)


def chart(kind: Any, data: dict[str, Any]) -> Chart:
    return Chart("k", kind, "Title", data, TABLE, summary="in short", meaning="It means.", as_of=date(2026, 11, 22))


def test_an_icon_is_decoration() -> None:
    html = shown('{% icon "users" %}')
    assert 'aria-hidden="true"' in html
    assert re.search(r'icons\.svg\?v=[0-9a-f]{10}#users"', html)


def test_a_badge_has_a_word_beside_its_colour() -> None:
    assert re.search(
        r'gx-tone-tier-1"><svg.*</svg>VIP &amp; co</span>', shown('{% badge word "crown" "tier-1" %}', word="VIP & co")
    )


@pytest.mark.parametrize(
    ("change", "good", "tone", "word"),
    [(0.1, "up", "success", "up"), (-0.1, "up", "danger", "down"), (0.1, "down", "danger", "up"),
     (-0.1, "none", "muted", "down"), (0.0, "up", "muted", "unchanged")],
)  # fmt: skip
def test_a_figure_says_which_way_it_went(change: float, good: str, tone: str, word: str) -> None:
    html = shown(
        '{% figure label="Buyers" value="23" change=change change_text="x" good=good %}', change=change, good=good
    )
    assert f"gx-change-{tone}" in html
    assert f'<span class="visually-hidden">{word}</span>' in html


def test_a_figure_without_a_period_before_claims_no_change() -> None:
    html = shown('{% figure label="Buyers" value="23" href="/drill" meaning="Who bought" %}')
    assert "gx-change" not in html
    assert '<a href="/drill">23</a>' in html
    assert "Who bought" in html


def test_a_table_escapes_links_aligns_and_says_its_order() -> None:
    html = shown("{% data_table table %}", table=TABLE)
    assert '<a href="/s">&lt;Stable&gt;</a>' in html
    assert 'data-value="1234">1,234</td>' in html
    assert 'data-href="/row"' in html
    assert 'aria-sort="descending"' in html


def test_decimals_are_numbers_and_dates_are_not() -> None:
    assert Cell("1.50", value=Decimal("1.5")).numeric
    assert not Cell("2026-11-22", value=date(2026, 11, 22)).numeric


def test_an_empty_table_says_so() -> None:
    assert "No orders." in shown("{% data_table table %}", table=Table([], [], empty="No orders."))
    assert "Nothing here yet." in shown("{% data_table table %}", table=Table([], []))


def test_a_chart_carries_its_data_table_meaning_and_download() -> None:
    html = shown("{% chart chart %}", chart=chart("hbar", {"items": [{"label": "浙江</script>", "value": 1}]}))
    data = re.search(r'<script id="chart-k-data" type="application/json">(.*?)</script>', html)
    assert data is not None
    assert json.loads(data[1]) == {"kind": "hbar", "items": [{"label": "浙江</script>", "value": 1}]}
    assert 'aria-label="Title: in short"' in html
    assert "It means." in html
    assert "as of 2026-11-22" in html
    assert 'data-gx-csv="chart-k"' in html
    assert "1,234" in html


def test_tiles_and_heat_maps_are_links_without_a_script() -> None:
    tiles = shown(
        "{% chart chart %}",
        chart=chart("tiles", {"cells": [{"row": 0, "col": 8, "label": "HL", "value": 3, "text": "3", "href": "/hl"}]}),
    )
    assert '<a class="gx-tile gx-r0 gx-c8 gx-seq-6" href="/hl"' in tiles
    heat = shown(
        "{% chart chart %}",
        chart=chart(
            "heat",
            {"x": ["1"], "y": ["1"], "x_label": "x", "y_label": "y",
             "cells": [{"x": 0, "y": 0, "value": 1, "text": "1", "href": "/c"}]},
        ),
    )  # fmt: skip
    assert 'class="gx-heat-cell gx-seq-6" href="/c"' in heat
    assert "data-gx-chart" not in tiles + heat


def test_chips_read_as_sentences_and_can_be_taken_away() -> None:
    html = shown('{% chips chips clear_url="/all" %}', chips=[Chip("Stage is Stable", "/less")])
    assert "Stage is Stable" in html
    assert '<a href="/less" aria-label="Remove: Stage is Stable">' in html
    assert '<a class="gx-link" href="/all">' in html


def test_pager_tabs_and_progress() -> None:
    html = shown("{% pager pager %}", pager=Pager(next_url="/n"))
    assert 'rel="next" href="/n"' in html
    assert 'rel="prev"' not in html
    assert 'aria-current="page"' in shown("{% tabs items %}", items=[Tab("A", "/a", active=True)])
    assert 'value="3" max="7"' in shown('{% progress_row label="land" done=3 total=7 text="3 of 7" %}')
    assert "stopped" in shown('{% progress_row label="land" state="stopped" %}')


def test_blocks_hold_the_way_on() -> None:
    html = shown(
        '{% error_panel what="No total." kept="Kept." cure="Upload." place="a:3" %}'
        '<a href="/go">Go</a>{% enderror_panel %}'
    )
    assert all(
        text in html for text in ('role="alert"', "No total.", "Kept.", "Upload.", "a:3", '<a href="/go">Go</a>')
    )
    html = shown('{% empty text="No customers yet." %}{% endempty %}')
    assert "No customers yet." in html
    assert "gx-actions" not in html
    html = shown(
        '{% page_header title="Customers" count="3" primary_url="/new" primary_label="New" %}'
        "<a>x</a>{% endpage_header %}"
    )
    assert html.count("btn-primary") == 1
    assert "<a>x</a>" in html


def test_filters_show_nothing_for_nothing() -> None:
    template = "[{{ none|number }}{{ none|money }}{{ none|day }}] {{ n|money:'GBP' }} {{ d|ago:today }}"
    html = shown(template, none=None, n=Decimal(3), d=date(2026, 11, 21), today=date(2026, 11, 22))
    assert html == "[] £3.00 yesterday"
