"""A customer's purchases are those of the parties that its records are, as the current snapshot has them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from guanxi.customers.tests.factories import make_customers, make_records
from guanxi.intelligence.marts.lookup import purchases_of
from guanxi.intelligence.models import Snapshot
from guanxi.intelligence.queries.timeline import load_purchases
from guanxi.intelligence.sources.terms import OWN_SOURCE
from guanxi.kernel.access.commands import create_user, ensure_roles, set_company
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.timeline import SourceSilent

pytestmark = pytest.mark.django_db
ROUND = 77_000_001  # of no other test: a process keeps the files of the last snapshot


def write(file: str, **columns: Sequence[object]) -> None:
    path = Path(settings.WAREHOUSE, file)
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path)


def make_snapshot(run_id: int) -> None:
    tables = {"customer_xref_by_party": ["xref.parquet"], "fact_purchase": ["fact.parquet"]}
    Snapshot.objects.create(
        run_id=run_id, business_date=date(2026, 11, 22), made_at=timezone.now(), tables=tables, is_current=True
    )


@pytest.fixture
def record(db: None) -> None:
    make_customers([{"id": 1, "name": "王伟"}])
    make_records([{"source": "shop", "source_key": "k", "customer_id": 1}])


def test_of_equal_keys_the_source_decides_and_what_was_written_down_here_is_left_out(record: None) -> None:
    make_snapshot(ROUND)
    write("xref.parquet", party_key=[5, 6], source=["shop", "store"], source_key=["k", "k"])
    at = [datetime.fromisoformat(f"2026-11-0{day}") for day in (1, 2, 3, 4)]
    write(
        "fact.parquet", party_key=[5, 5, 5, 6], source=["shop", "shop", OWN_SOURCE, "store"],
        order_id=["A", "B", "C", "D"], ordered_at=at, revenue=[Decimal(n) for n in (1, 2, 3, 4)],
        lines=[1, 1, 1, 1], is_return=[False] * 4, is_void=[False, True, False, False],
    )  # fmt: skip
    found = [(order.order_id, order.revenue, order.is_void) for order in purchases_of(1)]
    assert found == [("B", Decimal(2), True), ("A", Decimal(1), False)]


def test_without_its_files_the_warehouse_is_silent_in_the_timeline(record: None) -> None:
    make_snapshot(ROUND + 1)
    with pytest.raises(SourceSilent):
        load_purchases(SYSTEM, [1], None, 10)


def test_without_its_files_the_card_says_so_and_the_page_stays_whole(record: None, client: Client) -> None:
    make_snapshot(ROUND + 2)
    ensure_roles(SYSTEM)
    set_company(SYSTEM, "T公司", "en")
    client.force_login(create_user(SYSTEM, "lin", roles=["manager"], language="en"))
    answer = client.get("/customers/1/panels/purchases/", headers={"accept-language": "en"})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Purchases: cannot be read just now. Load the page again in a while." in text
    assert "Nothing was bought yet" not in text
    assert "Record a purchase" in text


def test_before_the_first_update_there_are_none(record: None) -> None:
    assert purchases_of(1) == []
