"""A figure that leads to a list counts whom the list shows, after updates full and small, whoever lies in the bin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.http import QueryDict
from django.utils import translation

from guanxi.customers.commands import create_customer, delete_customer, merge_customers, restore_customer
from guanxi.customers.lists import CUSTOMERS
from guanxi.customers.models import Customer, Standing
from guanxi.intelligence.canon import warehouse_hash
from guanxi.intelligence.queries.figures import Totals, get_figures
from guanxi.intelligence.small.tests.test_small import buy, work
from guanxi.intelligence.tests.company import Company
from guanxi.intelligence.tests.test_road import regulars
from guanxi.intelligence.web.value_page import value_page
from guanxi.intelligence.web.who_page import who_page
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.lists.reading import count_matching
from guanxi.kernel.lists.state import ListState
from guanxi.kernel.ui.parts import Table

pytestmark = pytest.mark.django_db(transaction=True)
OF_RECORDS = ("records=many", "source=")  # these figures count records as they were delivered


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    made = Company(tmp_path)
    made.write("orders.csv", regulars())
    made.refresh()
    with translation.override("en"):
        yield made


def drills_of(table: Table) -> Iterator[tuple[str, int]]:
    """Where the rows of a table lead, and how many customers they tell."""
    at = {column.key: place for place, column in enumerate(table.columns)}
    for row in table.rows:
        linked = [(cell.href, cell.value) for cell in row.cells if cell.href and isinstance(cell.value, int)]
        named = (
            [(row.cells[0].href, row.cells[at["customers"]].value)] if "customers" in at and row.cells[0].href else []
        )
        for href, count in linked or named:
            assert isinstance(count, int)
            yield href, count


def disagreements() -> tuple[int, set[tuple[str, int, int]]]:
    """How many figures lead to a list, and those that tell another number than their list."""
    figures = get_figures(SYSTEM)
    assert figures is not None
    who, value = who_page(figures, {}), value_page(figures, chosen_method="pyramid")
    tables = [place.chart.table for section in who.sections for place in section.places]
    tables += [one.table for one in value.tables] + [chart.table for chart in value.charts]
    drills = {found for table in tables for found in drills_of(table)}
    drills |= {(card.href, int(card.value.replace(",", ""))) for card in who.cards if card.href}
    drills = {drill for drill in drills if not any(word in drill[0] for word in OF_RECORDS)}
    told = {(href, count, listed(href)) for href, count in drills}
    return len(drills), {(href, count, shown) for href, count, shown in told if count != shown}


def listed(href: str) -> int:
    state = ListState.from_address(CUSTOMERS, QueryDict(href.partition("?")[2]))
    return count_matching(SYSTEM, CUSTOMERS, state)


def totals() -> Totals:
    figures = get_figures(SYSTEM)
    assert figures is not None
    return figures.totals


def test_figures_and_their_lists_tell_the_same(company: Company) -> None:
    """Through deleting and restoring, with and without updates between."""
    drills, wrong = disagreements()
    assert (drills > 30, wrong) == (True, set())
    before, digest = totals(), warehouse_hash(company.root)
    rows = list(Standing.objects.order_by("-spend_12m", "pk").values_list("customer", flat=True))
    binned = [rows[0], rows[40], Customer.objects.get(name="王伟").pk]
    for pk in binned:
        delete_customer(SYSTEM, customer_id=pk)
    spent = sum(Standing.objects.filter(customer__in=binned).values_list("spend_12m", flat=True), Decimal(0))
    after = totals()
    assert (after.customers, after.deleted, after.deleted_spend_12m) == (before.customers - 3, 3, spent)
    assert (after.spend_12m, after.buyers_12m) == (before.spend_12m, before.bought_12m)
    assert after.duplicates == before.duplicates
    figures = get_figures(SYSTEM)
    assert figures is not None
    assert who_page(figures, {}).note.startswith("3 deleted customers count no more; what they spent in 12 months (")
    assert disagreements()[1] == set()
    work()
    assert disagreements()[1] == set()
    company.refresh()
    assert warehouse_hash(company.root) == digest  # what runs find does not hang on who lies in the bin
    assert totals() == after
    assert disagreements()[1] == set()
    for pk in binned:
        restore_customer(SYSTEM, customer_id=pk)
    assert totals() == before
    work()
    assert disagreements()[1] == set()
    company.refresh()
    assert totals() == before


def test_figures_follow_a_small_refresh(company: Company) -> None:
    """Who was typed in, bought or merged since counts where the lists have them, in the bin or not."""
    before = totals()
    rows = list(Standing.objects.filter(frequency=1).order_by("pk").values_list("customer", flat=True))
    newcomer = create_customer(SYSTEM, values={"name": "新来", "phone": "13700000000"}).pk
    buy(rows[0], date(2026, 1, 7), Decimal("99.50"))
    buy(Customer.objects.get(name="王伟").pk, date(2026, 1, 7), Decimal("120.50"))
    merge_customers(SYSTEM, main_id=rows[1], others=[rows[2]])
    work()
    assert disagreements()[1] == set()
    now = totals()
    assert (now.customers, now.bought_ever) == (before.customers, before.bought_ever)  # one came, one gave way
    assert now.spend_12m == sum(Standing.objects.values_list("spend_12m", flat=True), Decimal(0))
    for pk in (newcomer, rows[0]):
        delete_customer(SYSTEM, customer_id=pk)
    assert disagreements()[1] == set()
    work()
    assert totals().customers == now.customers - 2
    assert disagreements()[1] == set()
