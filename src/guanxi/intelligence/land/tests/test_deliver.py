"""Deliveries: what is new, what came before, what replaces what; nothing lost, nothing twice."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path
from unittest import mock

import pyarrow.parquet as pq
import pytest
from django.conf import settings

from guanxi.intelligence.land import deliver, plan
from guanxi.intelligence.land.landed import landed_files
from guanxi.intelligence.land.rejects import count_rejects, list_rejects
from guanxi.intelligence.land.report import FeedReport, LandReport
from guanxi.intelligence.land.tests.workshop import COLUMNS, HEAD, land, orders, rejected, rows, said, table, write
from guanxi.intelligence.models import Delivery
from guanxi.intelligence.sources.errors import (
    ColumnsMissing,
    ContractsShareName,
    EncodingWrong,
    FileEmpty,
    SourceFileMissing,
)
from guanxi.intelligence.sources.readers import csv as csv_module
from guanxi.kernel.runs.models import Run, RunStep

pytestmark = pytest.mark.django_db(transaction=True)

DAY_1 = COLUMNS + "1,Ann,a,cup,Cup,2026-01-01,1,2.50\n2,Bob,b,pot,Pot,2026-01-01,2,10\n"
DAY_2 = COLUMNS + "1,Ann,c,cup,Cup,2026-01-02,3,2.50\n,,d,cup,A cup,2026-01-02,1,2.50\n"
BAD = COLUMNS + "1,Ann,e,cup,Cup,2026-01-03,1,2.50\n1,Ann,f,cup,Cup,never,1,2.50\n1,Ann\n"


def deliveries(*fields: str) -> list[tuple[object, ...]]:
    return list(Delivery.objects.order_by("name", "run_id", "pk").values_list(*fields))


def test_rows_in_are_landed_rejected_and_filtered(tmp_path: Path) -> None:
    contract = orders(more='keep = [{ column = "order", op = "!=", value = "a" }]')
    report = land(write(tmp_path, contract, orders_1=DAY_1, orders_2=DAY_2, orders_3=BAD))
    feed = FeedReport("shop", "orders", 3, 7, 4, 2, 1, (), {"bad_date": 1, "column_count": 1})
    assert report == LandReport((feed,), 0)
    assert (report.files, report.rows, report.landed, report.rejected, report.filtered) == (3, 7, 4, 2, 1)
    assert deliveries("source", "feed", "name", "rows", "landed", "rejected", "filtered", "is_current") == [
        ("shop", "orders", "orders_1.csv", 2, 1, 0, 1, True),
        ("shop", "orders", "orders_2.csv", 2, 2, 0, 0, True),
        ("shop", "orders", "orders_3.csv", 3, 1, 2, 0, True),
    ]
    assert rows("purchase", "order_id", "source_key", "revenue", "line") == [
        ("b", "2", Decimal("20.0000"), 3), ("c", "1", Decimal("7.5000"), 2), ("d", None, Decimal("2.5000"), 3),
        ("e", "1", Decimal("2.5000"), 2),
    ]  # fmt: skip
    assert rows("customer", "source_key", "name") == [("1", "Ann"), ("1", "Ann"), ("2", "Bob")]
    assert rows("product", "product_id", "name", "uses") == [
        ("cup", "A cup", 1), ("cup", "Cup", 1), ("cup", "Cup", 1), ("pot", "Pot", 1),
    ]  # fmt: skip
    assert rejected() == [
        ("orders_3.csv", 3, "bad_date", "day", "never"), ("orders_3.csv", 4, "column_count", "", "2/8"),
    ]  # fmt: skip
    assert [row.raw for row in list_rejects()] == ["1,Ann,f,cup,Cup,never,1,2.50", "1,Ann"]
    step = RunStep.objects.get()
    assert step.counts == {"rows": 7, "landed": 4, "rejected": 2, "filtered": 1, "files": 3, "replaced": 0}
    run = Run.objects.get()
    assert LandReport.from_json(run.report["land"]) == report


def test_the_rejects_of_a_run_or_a_delivery(tmp_path: Path) -> None:
    path = write(tmp_path, orders("delta"), orders_3=BAD)
    land(path)
    land(write(tmp_path, orders("delta"), orders_4=BAD.replace("never", "soon")))
    first, second = Run.objects.order_by("pk").values_list("pk", flat=True)
    assert [row.value for row in list_rejects(run_id=first)] == ["never", "2/8"]
    assert [row.file for row in list_rejects(run_id=second)] == ["orders_4.csv"] * 2
    assert [row.value for row in list_rejects(run_id=second, limit=1, offset=1)] == ["2/8"]
    delivery = Delivery.objects.get(name="orders_4.csv")
    assert [row.delivery_id for row in list_rejects(delivery_id=delivery.pk)] == [delivery.pk] * 2
    assert (count_rejects(), count_rejects(run_id=first), count_rejects(delivery_id=1)) == (4, 2, 0)


@pytest.mark.parametrize("delivery", ["full", "delta"])
def test_a_file_delivered_twice_is_noticed(tmp_path: Path, delivery: str) -> None:
    path = write(tmp_path, orders(delivery), orders_1=DAY_1)
    land(path)
    (tmp_path / "orders_1_again.csv").write_text(DAY_1)
    report = land(path)
    assert report.repeated == ("shop.orders: orders_1.csv", "shop.orders: orders_1_again.csv")
    assert (report.files, report.rows, report.replaced) == (0, 0, 0)
    assert deliveries("name", "is_current") == [("orders_1.csv", True)]
    assert len(rows("purchase", "order_id")) == 2


def test_two_files_of_the_same_bytes_in_one_delivery_land_once(tmp_path: Path) -> None:
    report = land(write(tmp_path, orders(), orders_1=DAY_1, orders_2=DAY_1))
    assert report.repeated == ("shop.orders: orders_2.csv",)
    assert rows("purchase", "order_id") == ["a", "b"]


def test_deltas_add_up_and_a_full_delivery_is_all_there_is(tmp_path: Path) -> None:
    path = write(tmp_path, orders("delta"), orders_1=DAY_1)
    land(path)
    (tmp_path / "orders_1.csv").write_text(DAY_2)  # the same name again, for the next day
    assert land(path).replaced == 0
    assert rows("purchase", "order_id") == ["a", "b", "c", "d"]
    write(tmp_path, orders("full"))
    report = land(path)  # how files are delivered changes nothing in what they say
    assert (report.files, report.replaced) == (0, 1)
    assert rows("purchase", "order_id") == ["c", "d"]
    assert deliveries("is_current") == [(False,), (True,)]


def test_a_full_delivery_replaces_and_what_is_gone_is_gone(tmp_path: Path) -> None:
    path = write(tmp_path, orders(), orders_1=DAY_1, orders_2=DAY_2)
    land(path)
    (tmp_path / "orders_1.csv").write_text(DAY_1.replace("2.50", "3.00"))
    report = land(path)
    assert (report.files, report.repeated, report.replaced) == (1, ("shop.orders: orders_2.csv",), 1)
    assert rows("purchase", "order_id", "revenue")[0] == ("a", Decimal("3.0000"))
    assert rows("purchase", "order_id") == ["a", "b", "c", "d"]
    (tmp_path / "orders_2.csv").unlink()
    assert land(path).replaced == 1
    assert rows("purchase", "order_id") == ["a", "b"]


def test_what_was_replaced_can_come_back(tmp_path: Path) -> None:
    path = write(tmp_path, orders(), orders_1=DAY_1, orders_2=DAY_2)
    land(path)
    before = said("purchase"), said("customer"), said("product")
    (tmp_path / "orders_1.csv").write_text(BAD)
    land(path)
    assert rows("purchase", "order_id") == ["c", "d", "e"]
    (tmp_path / "orders_1.csv").write_text(DAY_1)
    land(path)
    assert (said("purchase"), said("customer"), said("product")) == before
    assert deliveries("name", "is_current") == [
        ("orders_1.csv", False), ("orders_1.csv", True), ("orders_2.csv", True),
    ]  # fmt: skip


@pytest.mark.parametrize("delivery", ["full", "delta"])
def test_files_that_share_parquet_part_ways_when_one_of_them_is_replaced(tmp_path: Path, delivery: str) -> None:
    path = write(tmp_path, orders(delivery), orders_1=DAY_1, orders_2=DAY_2)
    land(path)
    assert len(landed_files("purchase")) == 1
    kept = orders(delivery, more='nulls = ["-"]')
    (tmp_path / "orders_2.csv").unlink()
    write(tmp_path, kept)
    report = land(path)
    assert (report.files, report.replaced) == (1, 1 if delivery == "delta" else 2)
    assert rows("purchase", "order_id") == (["a", "b", "c", "d"] if delivery == "delta" else ["a", "b"])
    assert rows("customer", "source_key") == (["1", "1", "2"] if delivery == "delta" else ["1", "2"])


def test_a_changed_contract_lands_the_same_files_again(tmp_path: Path) -> None:
    path = write(tmp_path, orders("delta"), orders_1=DAY_1, orders_2=DAY_2)
    land(path)
    write(tmp_path, orders("delta", more='replace = { product = { "cup" = "mug" } }'))
    report = land(path)
    assert (report.files, report.repeated, report.replaced) == (2, (), 2)
    assert rows("purchase", "product_id") == ["mug", "mug", "mug", "pot"]
    write(tmp_path, orders("delta"))  # and back again
    report = land(path)
    assert (report.files, len(report.repeated), report.replaced) == (0, 2, 2)
    assert rows("purchase", "product_id") == ["cup", "cup", "cup", "pot"]


def test_changes_of_the_contract_that_say_nothing_about_rows(tmp_path: Path) -> None:
    path = write(tmp_path, orders(), orders_1=DAY_1)
    land(path)
    text = path.read_text().replace('currency = "CNY"', 'currency = "CNY"\npriority = 3\ntitle = "Shop"')
    path.write_text(text.replace('"orders*.csv"', f'"{tmp_path}/orders_?.csv"'))
    assert land(path).files == 0
    path.write_text(path.read_text().replace('"CNY"', '"USD"'))
    assert land(path).files == 1
    assert rows("purchase", "currency") == ["USD", "USD"]


def test_a_feed_the_contract_no_longer_has_counts_no_longer(tmp_path: Path) -> None:
    more = '[[feed]]\nname = "members"\npath = "members.csv"\nformat = "csv"\n[feed.customer]\nkey = "id"\n'
    path = write(tmp_path, orders() + more, orders_1=DAY_1, members="id\n7\n")
    land(path)
    assert rows("customer", "source_key") == ["1", "2", "7"]
    write(tmp_path, orders())
    land(path)
    assert rows("customer", "source_key") == ["1", "2"]


def test_other_sources_are_left_alone(tmp_path: Path) -> None:
    land(write(tmp_path, orders(), orders_1=DAY_1))
    other = tmp_path / "store"
    other.mkdir()
    text = HEAD.replace('"shop"', '"store"') + '[[feed]]\nname = "m"\npath = "m.csv"\nformat = "csv"\n'
    land(write(other, text + '[feed.customer]\nkey = "id"\n', m="id\n9\n"))
    assert rows("customer", "source_key") == ["1", "2", "9"]
    assert said("customer", "store")[0][0] == "9"
    assert landed_files("purchase", "store") == []


def test_files_part_ways_even_when_another_source_is_landed_next(tmp_path: Path) -> None:
    land(write(tmp_path, orders("delta"), orders_1=DAY_1, orders_2=DAY_2))
    Delivery.objects.filter(name="orders_1.csv").update(is_current=False)  # as a run leaves it that is given up
    other = tmp_path / "store"
    other.mkdir()
    text = HEAD.replace('"shop"', '"store"') + '[[feed]]\nname = "m"\npath = "m.csv"\nformat = "csv"\n'
    land(write(other, text + '[feed.customer]\nkey = "id"\n', m="id\n9\n"))
    assert rows("purchase", "order_id") == ["c", "d"]


def test_what_is_lost_from_the_warehouse_is_landed_again(tmp_path: Path) -> None:
    path = write(tmp_path, orders("delta"), orders_1=DAY_1)
    land(path)
    before = said("purchase")
    landed_files("purchase")[0].unlink()
    assert land(path).files == 1
    assert (said("purchase"), Delivery.objects.count()) == (before, 1)


def test_files_are_grouped_and_big_ones_cut_without_a_difference(tmp_path: Path) -> None:
    chance = random.Random(7)
    buyers = ["", *map(str, range(1, 40))]
    lines = [
        f"{chance.choice(buyers)},N{chance.randint(1, 3)},o{i},p{i % 7},T{i % 5},2026-01-{i % 28 + 1:02d},1,{i}"
        for i in range(1000)
    ]
    lines[500] = "broken"
    text = COLUMNS + "\n".join(lines) + "\n"
    path = write(tmp_path, orders(), orders_big=text, orders_small=DAY_1)
    with mock.patch.object(csv_module, "BLOCK_CHARACTERS", 1500):
        land(path)
        whole = [said(name) for name in ("purchase", "customer", "product")]
        assert [len(landed_files(name)) for name in ("purchase", "customer", "product")] == [1, 1, 1]
        counted = deliveries("name", "rows", "landed", "rejected", "filtered", "digest", "pk")
        rejects = rejected()
        Delivery.objects.all().delete()
        with mock.patch.object(plan, "CHUNK_ROWS", 150), mock.patch.object(deliver, "CHUNK_ROWS", 150):
            report = land(path)
    assert (report.files, report.rows, report.landed, report.rejected) == (2, 1002, 1001, 1)
    assert len(landed_files("purchase")) > 6
    assert [len(landed_files(name)) for name in ("customer", "product")] == [2, 2]
    assert [said(name) for name in ("purchase", "customer", "product")] == whole
    assert deliveries("name", "rows", "landed", "rejected", "filtered", "digest", "pk") == counted
    assert rejected() == rejects
    assert report.rows == RunStep.objects.order_by("-pk")[0].counts["rows"]


def test_the_same_input_writes_the_same_bytes(tmp_path: Path) -> None:
    path = write(tmp_path, orders(), orders_1=DAY_1, orders_2=DAY_2, orders_3=BAD)

    def contents() -> list[bytes]:
        listed = Delivery.objects.values_list("files", flat=True)
        paths = {file for files in listed for kept in files.values() for file in kept}
        return sorted((settings.WAREHOUSE / file).read_bytes() for file in paths)

    land(path)
    first = contents()
    Delivery.objects.all().delete()
    land(path)
    assert contents() == first
    assert len(first) == 4


def test_a_file_of_only_a_header_is_a_delivery_of_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, orders(), orders_1=COLUMNS)
    report = land(path)
    assert (report.files, report.rows) == (1, 0)
    assert deliveries("rows", "landed", "is_current", "files") == [(0, 0, True, {})]
    assert table("purchase").num_rows == 0
    assert land(path).files == 0


def test_archives_are_named_with_their_members_and_unpacked_files_do_not_stay(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "days.zip", "w") as packed:
        packed.writestr("orders/2.csv", DAY_2)
        packed.writestr("orders/1.csv", DAY_1)
    path = write(tmp_path, orders("delta").replace('"orders*.csv"', '"days.zip"\nmembers = "orders/*.csv"'))
    assert land(path).rows == 4
    assert deliveries("name") == [("days.zip!orders/1.csv",), ("days.zip!orders/2.csv",)]
    assert not (settings.GUANXI_HOME / "unpacked").exists()


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", FileEmpty),
        (COLUMNS.replace("order", "orderno").encode(), ColumnsMissing),
        (DAY_1.replace("Ann", "王伟").encode("gb18030"), EncodingWrong),
    ],
)
def test_a_file_that_is_refused_lands_nothing_and_the_run_goes_on_after_the_cure(
    tmp_path: Path, content: bytes, error: type[Exception]
) -> None:
    path = write(tmp_path, orders(), orders_1=DAY_1, orders_2=content)
    with pytest.raises(error):
        land(path)
    assert (Delivery.objects.count(), landed_files("purchase"), Run.objects.get().state) == (0, [], "stopped")
    assert list(settings.WAREHOUSE.rglob("*.parquet")) == []
    assert not (settings.GUANXI_HOME / "unpacked").exists()
    write(tmp_path, orders(), orders_2=DAY_2)
    assert land(path).rows == 4
    assert Run.objects.get().state == "done"


def test_a_missing_file_is_refused_before_anything_lands(tmp_path: Path) -> None:
    more = '[[feed]]\nname = "members"\npath = "members.csv"\nformat = "csv"\n[feed.customer]\nkey = "id"\n'
    path = write(tmp_path, orders() + more, orders_1=DAY_1)
    with pytest.raises(SourceFileMissing):
        land(path)
    assert (Delivery.objects.count(), list(settings.WAREHOUSE.rglob("*.parquet"))) == (0, [])


def test_two_contracts_of_one_name_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, orders(), orders_1=DAY_1)
    second = tmp_path / "second.toml"
    second.write_text(path.read_text())
    with pytest.raises(ContractsShareName) as refused:
        land(path, second)
    assert refused.value.facts == {"name": "shop", "first": str(path), "second": str(second)}
    assert Delivery.objects.count() == 0


def test_landed_schema_is_the_same_whatever_lands(tmp_path: Path) -> None:
    land(write(tmp_path, orders(), orders_1=DAY_1))
    from guanxi.intelligence.land.schema import SCHEMAS, duckdb_columns

    for name in ("customer", "purchase", "product"):
        assert pq.read_schema(landed_files(name)[0]).equals(SCHEMAS[name])
    assert duckdb_columns("product") == {
        "source": "VARCHAR", "feed": "VARCHAR", "delivery_id": "BIGINT", "line": "BIGINT", "product_id": "VARCHAR",
        "name": "VARCHAR", "category": "VARCHAR", "uses": "BIGINT",
    }  # fmt: skip
