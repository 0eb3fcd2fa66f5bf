"""Which records become one customer, which stay apart, and which id they keep."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from typing import Any

import pyarrow as pa
import pytest

from guanxi.insight import duckdb_engine
from guanxi.insight.engines import Engine, Table
from guanxi.intelligence.land.schema import SCHEMAS
from guanxi.intelligence.resolve.step import GOLDEN, PARTY_COLUMNS, Decided, Landed, Resolved, resolve

PRIORITIES = {"shop": 10, "store": 20, "calls": 30}
JANUARY, JUNE = datetime(2025, 1, 1), datetime(2025, 6, 1)  # noqa: DTZ001  # the wall clock of the business
ID_A, ID_B = "11010519491231002X", "110105198808081237"


@pytest.fixture
def engine() -> Iterator[Engine]:
    with duckdb_engine() as opened:
        yield opened


class House:
    """Resolves again and again, keeping what the run before found."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.numbers = count(100)
        self.known = engine.parquet([], PARTY_COLUMNS)
        self.resolved: Resolved

    def resolve(
        self,
        *records: dict[str, Any],
        purchases: list[dict[str, Any]] | None = None,
        merged: dict[int, int] | None = None,
        typed: list[dict[str, Any]] | None = None,
        purged: list[int] | None = None,
    ) -> dict[str, int]:
        landed = Landed(
            customer=self._landed("customer", list(records)),
            purchase=self._landed("purchase", purchases or []),
            product=self._landed("product", []),
            delivery=self.engine.arrow(pa.table({"delivery_id": [1], "run_id": [1], "name": ["file.csv"]})),
        )
        merges = merged or {}
        decided = Decided(
            merged=self.engine.arrow(
                pa.table({
                    "customer_id": pa.array(list(merges), pa.int64()),
                    "main_id": pa.array(list(merges.values()), pa.int64()),
                })
            ),
            typed=self.engine.arrow(
                pa.Table.from_pylist([{"sources": 0, "records": 0} | row for row in typed or []], schema=GOLDEN)
            ),
            purged=self.engine.arrow(pa.table({"customer_id": pa.array(purged or [], pa.int64())})),
        )  # fmt: skip
        self.resolved = resolve(self.engine, landed, self.known, PRIORITIES, decided, self._mint)
        self.known = self.resolved.party
        return {f"{row['source']}/{row['source_key']}": row["customer_id"] for row in self.resolved.xref.rows()}

    def _mint(self, wanted: int) -> int:
        first = next(self.numbers)
        for _ in range(wanted - 1):
            next(self.numbers)
        return first

    def _landed(self, table: str, rows: list[dict[str, Any]]) -> Table:
        schema = SCHEMAS[table]
        full = [
            {name: row.get(name) for name in schema.names}
            | {"delivery_id": 1, "feed": row.get("feed", "f"), "line": line}
            for line, row in enumerate(rows, 2)
        ]
        return self.engine.arrow(pa.Table.from_pylist(full, schema=schema))


@pytest.fixture
def house(engine: Engine) -> House:
    return House(engine)


def person(key: str, name: str | None = "王伟", **fields: Any) -> dict[str, Any]:
    source, source_key = key.split("/")
    verified = {f"{field}_verified": True for field in ("phone", "email") if field in fields}
    return {"source": source, "source_key": source_key, "kind": "person", "name": name} | verified | fields


def certified(key: str, number: str, name: str | None = "王伟", **fields: Any) -> dict[str, Any]:
    return person(key, name, certificate_type="cn_id", certificate_number=number, **fields)


def test_one_certificate_is_one_customer_whatever_the_name(house: House) -> None:
    ids = house.resolve(certified("shop/1", ID_A), certified("store/9", ID_A.lower(), name="Wang Wei"))
    assert ids == {"shop/1": 100, "store/9": 100}


def test_a_verified_phone_joins_only_with_the_name(house: House) -> None:
    ids = house.resolve(
        person("shop/1", phone="13800138000"),
        person("store/2", name="王 伟", phone="+86 138-0013-8000"),
        person("store/3", name="王芳", phone="13800138000"),  # family: same phone, another person
        person("calls/4", phone="13800138000", phone_verified=False),
    )
    assert ids["shop/1"] == ids["store/2"]
    assert len({ids["shop/1"], ids["store/3"], ids["calls/4"]}) == 3


def test_a_verified_mail_joins_only_with_the_name(house: House) -> None:
    ids = house.resolve(
        person("shop/1", email="w@example.com"),
        person("store/2", email="W@EXAMPLE.com"),
        person("store/3", name="李娜", email="w@example.com"),
    )
    assert ids["shop/1"] == ids["store/2"] != ids["store/3"]


def test_persons_and_organisations_stay_apart(house: House) -> None:
    ids = house.resolve(
        person("shop/1", name="听雨", phone="13800138000"),
        person("store/2", name="听雨", phone="13800138000", kind="organisation"),
    )
    assert ids["shop/1"] != ids["store/2"]


def test_two_certificates_never_meet_in_one_customer(house: House) -> None:
    ids = house.resolve(
        certified("shop/1", ID_A, phone="13800138000"),
        certified("store/2", ID_B, phone="13800138000"),
        person("calls/3", phone="13800138000"),
    )
    assert len(set(ids.values())) == 3


def test_a_chain_of_contacts_between_two_certificates_is_cut(house: House) -> None:
    ids = house.resolve(
        certified("shop/1", ID_A, phone="13800138000"),
        person("store/2", phone="13800138000", email="w@example.com"),
        certified("calls/3", ID_B, email="w@example.com"),
    )
    assert len(set(ids.values())) == 3
    assert house.resolved.conflicts == 1


def test_a_chain_without_conflict_is_one_customer(house: House) -> None:
    ids = house.resolve(
        certified("shop/1", ID_A, phone="13800138000"),
        person("store/2", phone="13800138000", email="w@example.com"),
        person("calls/3", email="w@example.com"),
    )
    assert set(ids.values()) == {100}


def test_the_best_source_gives_the_main_record_and_others_fill_the_gaps(house: House) -> None:
    house.resolve(
        certified("store/2", ID_A, name="王 伟", city="上海", province="上海市", phone="13900139000"),
        certified("shop/1", ID_A, email="w@example.com", country="中国"),
    )
    (golden,) = house.resolved.golden.rows()
    assert {name: golden[name] for name in ("name", "email", "phone", "city", "region_code", "records", "sources")} == {
        "name": "王伟",
        "email": "w@example.com",
        "phone": "+8613900139000",
        "city": "上海",
        "region_code": "CN",
        "records": 2,
        "sources": 2,
    }
    assert {row["source"]: row["belief"] for row in house.resolved.record.rows()} == {"shop": 1, "store": 2}


def test_two_feeds_of_one_source_fill_each_others_gaps(house: House) -> None:
    house.resolve(
        person("shop/1", feed="accounts", city="杭州", updated_at=JANUARY),
        person("shop/1", name=None, feed="deals", owner_code="S01", updated_at=JUNE),
    )
    (golden,) = house.resolved.golden.rows()
    assert (golden["name"], golden["city"], golden["owner_code"], golden["records"]) == ("王伟", "杭州", "S01", 1)


def test_of_one_feed_only_the_latest_record_counts_even_where_it_is_empty(house: House) -> None:
    house.resolve(
        person("shop/1", city=None, updated_at=JUNE),
        person("shop/1", city="杭州", updated_at=JANUARY),
    )
    (golden,) = house.resolved.golden.rows()
    assert golden["city"] is None


def test_a_buyer_without_a_record_is_a_customer_and_an_anonymous_line_is_not(house: House) -> None:
    ids = house.resolve(
        purchases=[
            {"source": "shop", "source_key": "7", "order_id": "o1"},
            {"source": "shop", "source_key": None, "order_id": "o2"},
        ]
    )
    assert ids == {"shop/7": 100}


def test_ids_stay_the_same_from_run_to_run_in_any_order(house: House) -> None:
    records = [person("shop/1"), person("shop/2"), person("store/3", name="李娜")]
    first = house.resolve(*records)
    assert house.resolve(person("calls/0", name="张三"), *reversed(records)) == first | {"calls/0": 103}


def test_customers_found_to_be_one_keep_the_smaller_id_and_the_other_retires(house: House) -> None:
    first = house.resolve(person("shop/1"), person("store/2", phone="13800138000"))
    assert first == {"shop/1": 100, "store/2": 101}
    second = house.resolve(person("shop/1", phone="13800138000"), person("store/2", phone="13800138000"))
    assert second == {"shop/1": 100, "store/2": 100}
    assert house.resolved.retired.rows() == [{"customer_id": 101, "main_id": 100}]


def test_a_customer_found_to_be_two_leaves_the_id_with_the_first_and_mints_another(house: House) -> None:
    house.resolve(person("shop/1", phone="13800138000"), person("store/2", phone="13800138000"))
    second = house.resolve(person("shop/1", phone="13800138000"), person("store/2", phone="13900139000"))
    assert second == {"shop/1": 100, "store/2": 101}
    assert house.resolved.retired.rows() == []


def test_a_party_that_is_no_longer_delivered_keeps_its_key_for_its_return(house: House) -> None:
    first = house.resolve(person("shop/1"), person("shop/2", name="李娜"))
    house.resolve(person("shop/2", name="李娜"))
    third = house.resolve(person("shop/1"), person("shop/2", name="李娜"))
    assert third == first
    assert {row["source_key"]: row["party_key"] for row in house.resolved.party.rows()} == {"1": 1, "2": 2}


def bought(customer_id: int) -> dict[str, Any]:
    return {"source": "guanxi", "source_key": str(customer_id), "order_id": "1", "ordered_at": JANUARY}


def goldens(house: House) -> dict[int, tuple[str | None, int]]:
    return {row["customer_id"]: (row["name"], row["records"]) for row in house.resolved.golden.rows()}


def test_what_was_written_down_here_belongs_to_the_customer_it_names(house: House) -> None:
    first = house.resolve(person("shop/1"), person("shop/2", "李娜"))
    ids = house.resolve(person("shop/1"), person("shop/2", "李娜"), purchases=[bought(first["shop/2"])])
    assert ids == first | {f"guanxi/{first['shop/2']}": first["shop/2"]}
    assert (house.resolved.records, goldens(house)) == (2, {100: ("王伟", 1), 101: ("李娜", 1)})


def test_it_follows_when_keys_prove_two_customers_to_be_one(house: House) -> None:
    house.resolve(person("shop/1"), certified("store/1", ID_A))
    proved = [certified("shop/1", ID_A), certified("store/1", ID_A)]
    together = {"shop/1": 100, "store/1": 100, "guanxi/101": 100}
    assert house.resolve(*proved, purchases=[bought(101)]) == together
    assert house.resolve(*proved, purchases=[bought(101)], merged={101: 100}) == together  # as published since


def test_merged_by_people_is_one_customer_until_it_is_taken_back(house: House) -> None:
    records = [person("shop/1"), person("shop/2", "李娜"), person("store/9", "赵强")]
    apart = house.resolve(*records)
    assert house.resolve(*records, purchases=[bought(101)], merged={101: 100}) == {
        "shop/1": 100, "shop/2": 100, "store/9": 102, "guanxi/101": 100,
    }  # fmt: skip
    assert goldens(house) == {100: ("王伟", 2), 102: ("赵强", 1)}
    given = {row["source_key"]: (row["customer_id"], row["given_id"]) for row in house.resolved.record.rows()}
    assert given == {"1": (100, 100), "2": (100, 101), "9": (102, 102)}
    assert house.resolve(*records) == apart


def test_merges_of_people_and_of_keys_meet(house: House) -> None:
    records = [person("shop/1"), person("shop/2", "李娜"), person("store/9", "赵强"), person("calls/3", "钱七")]
    ids = house.resolve(*records)
    low, high = sorted((ids["shop/1"], ids["shop/2"]))
    proved = [certified("shop/1", ID_A), certified("shop/2", ID_A, "李娜"), *records[2:]]
    other, last = ids["store/9"], ids["calls/3"]
    found = house.resolve(*proved, purchases=[bought(high), bought(last)], merged={low: other, last: high})
    assert house.resolved.retired.rows() == [{"customer_id": high, "main_id": low}]
    assert set(found.values()) == {other}  # keys join 1 and 2, people joined 1 to 9 and 3 to 2: all are one


def test_a_customer_nobody_delivers_is_what_people_typed(house: House) -> None:
    typed = {"customer_id": 7, "kind": "person", "name": "孙八", "phone": "+8613800138000"}
    ids = house.resolve(person("shop/1"), purchases=[bought(7)], typed=[typed, {"customer_id": 100, "name": "王五"}])
    assert ids == {"shop/1": 100, "guanxi/7": 7}
    assert (house.resolved.records, goldens(house)) == (2, {100: ("王伟", 1), 7: ("孙八", 0)})


def test_who_was_deleted_for_ever_stays_one_customer_of_whom_nothing_is_said(house: House) -> None:
    delivered = (
        certified("shop/1", ID_A, phone="13800138000", city="杭州", province="浙江", address="湖墅南路 1"),
        person("store/2", phone="13800138000", email="w@example.com", owner_code="S01"),
    )
    before = house.resolve(*delivered, purchases=[{"source": "shop", "source_key": "1", "order_id": "A"}])
    again = house.resolve(
        *delivered, person("calls/3", phone="13800138000"),
        purchases=[{"source": "shop", "source_key": "1", "order_id": "A"}], purged=[before["shop/1"]],
    )  # fmt: skip
    assert before == {"shop/1": 100, "store/2": 100}
    assert again == {"shop/1": 100, "store/2": 100, "calls/3": 101}, "who comes under a new key is a new customer"
    erased, newcomer = house.resolved.golden.rows(["customer_id"])
    told = {name: value for name, value in erased.items() if value is not None}
    assert told == {
        "customer_id": 100, "kind": "person", "region_code": "CN-ZJ", "sources": 2, "records": 2,
    }  # fmt: skip
    assert (newcomer["name"], newcomer["phone"]) == ("王伟", "+8613800138000")
    text = str(house.resolved.record.select("customer_id", "name", "phone", "email", "address", "city").rows())
    assert text.count("王伟") == 1
    assert not any(word in text for word in ("湖墅南路", "杭州", "w@example.com"))
    assert house.resolved.retired.count() == 0
