from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log2
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.insight import DuckDBEngine, Engine, Step, Table
from guanxi.insight.identity import connect

Edge = tuple[int, str | None]


def table(engine: Engine, edges: Sequence[Edge]) -> Table:
    return engine.arrow(
        pa.table(
            {
                "record": pa.array([edge[0] for edge in edges], pa.int64()),
                "bucket": pa.array([edge[1] for edge in edges], pa.string()),
            }
        )
    )


def components(engine: Engine, edges: Sequence[Edge]) -> dict[int, int]:
    rows = connect(table(engine, edges)).rows(["record"])
    found = {row["record"]: row["component"] for row in rows}
    assert len(found) == len(rows)
    return found


def by_hand(edges: Sequence[Edge]) -> dict[int, int]:
    """Union and find, in plain Python."""
    parent = {record: record for record, _ in edges}

    def root(record: int) -> int:
        while parent[record] != record:
            record = parent[record]
        return record

    seen: dict[str, int] = {}
    for record, bucket in edges:
        if bucket is not None:
            one, other = sorted((root(record), root(seen.setdefault(bucket, record))))
            parent[other] = one
    return {record: root(record) for record in parent}


def test_records_sharing_a_bucket_are_one(engine: Engine) -> None:
    assert components(engine, [(5, "a"), (3, "a"), (7, "b"), (9, "b"), (9, "c"), (2, "c"), (4, "d")]) == {
        5: 3,
        3: 3,
        7: 2,
        9: 2,
        2: 2,
        4: 4,
    }


def test_a_record_without_a_bucket_stays_alone(engine: Engine) -> None:
    assert components(engine, [(1, None), (2, None), (3, "a"), (3, None), (4, "a")]) == {1: 1, 2: 2, 3: 3, 4: 3}


def test_a_record_named_twice_is_one(engine: Engine) -> None:
    assert components(engine, [(1, "a"), (1, "a"), (2, "a")]) == {1: 1, 2: 1}


def test_nothing_gives_nothing(engine: Engine) -> None:
    assert components(engine, []) == {}


def test_buckets_may_be_numbers(engine: Engine) -> None:
    edges = engine.arrow(pa.table({"record": [1, 2, 3], "bucket": [10, 10, 20]}))

    assert [row["component"] for row in connect(edges).rows(["record"])] == [1, 1, 3]


def test_a_star_with_the_largest_record_in_the_middle_is_one(engine: Engine) -> None:
    edges: list[Edge] = [(record, f"b{leaf}") for leaf in range(50) for record in (leaf, 99)]

    assert set(components(engine, edges).values()) == {0}


class Counting(DuckDBEngine):
    """An engine that counts the steps it runs."""

    steps = 0

    def run(
        self,
        step: Step | Path | str,
        inputs: Mapping[str, Table] | None = None,
        params: Mapping[str, Any] | None = None,
        *,
        view: bool = False,
    ) -> Table:
        self.steps += 1
        return super().run(step, inputs, params, view=view)


@pytest.mark.parametrize("order", ["rising", "falling", "shuffled", "zigzag"])
def test_a_long_chain_takes_few_passes(order: str) -> None:
    length = 1000
    names = list(range(length))
    if order == "falling":
        names.reverse()
    elif order == "shuffled":
        Random(1).shuffle(names)
    elif order == "zigzag":
        names = [number for pair in zip(range(500), range(999, 499, -1), strict=True) for number in pair]
    edges: list[Edge] = [(names[i], f"link{i}") for i in range(length - 1)]
    edges += [(names[i + 1], f"link{i}") for i in range(length - 1)]

    with Counting() as engine:
        found = components(engine, edges)

        assert set(found.values()) == {0}
        assert len(found) == length
        # A pass hooks, jumps to the roots (two steps a jump) and contracts: some log n of them, each some log n long.
        assert engine.steps <= 6 * log2(length)


def test_nothing_is_left_behind(embedded: Engine) -> None:
    edges = table(embedded, [(1, "a"), (2, "a"), (2, "b"), (3, "b")])

    before = embedded.relations()
    found = connect(edges)

    assert embedded.relations() == [*before, found.name]


@settings(deadline=None, max_examples=30)
@given(
    edges=st.lists(st.tuples(st.integers(0, 30), st.one_of(st.none(), st.integers(0, 25).map(str))), max_size=60),
    seed=st.integers(0, 99),
)
def test_any_graph_is_as_union_find_says_in_any_order(embedded: Engine, edges: list[Edge], seed: int) -> None:
    expected = by_hand(edges)
    shuffled = list(edges)
    Random(seed).shuffle(shuffled)

    assert components(embedded, edges) == expected
    assert components(embedded, shuffled) == expected
