"""The timeline engine: whatever the sources hold and however it is cut into pages, it is the whole, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel import timeline
from guanxi.kernel.commands import Actor
from guanxi.kernel.tests.actors import holding
from guanxi.kernel.timeline import CursorUnreadable, Entry, Mark, Source, SourceSilent, add_source, read_timeline

READER = holding("see")
START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    kept = dict(timeline._sources)
    timeline._sources.clear()
    yield
    timeline._sources.clear()
    timeline._sources.update(kept)


def lists(key: str, minutes: Sequence[int], *, order: int = 50, permission: str = "see") -> list[int]:
    """A source with an entry at each of `minutes`; returns how many entries each call was asked for."""
    rows = sorted((Entry(START + timedelta(minutes=m), n, f"{key}{n}", "") for n, m in enumerate(minutes, 1)), key=_key)
    asked: list[int] = []

    def load(_actor: Actor, _ids: Sequence[int], before: Mark | None, limit: int) -> list[Entry]:
        asked.append(limit)
        behind = [row for row in rows if before is None or (row.at, row.id) < (before.at, before.id)]
        return behind[:limit]

    add_source("toy", Source(key, key, "", permission, load, order))
    return asked


def _key(entry: Entry) -> tuple[float, int]:
    return -entry.at.timestamp(), -entry.id


def pages(limit: int, only: Sequence[str] = ()) -> list[list[str]]:
    found, cursor = [], ""
    while True:
        stretch = read_timeline("toy", READER, [7], only=only, cursor=cursor, limit=limit)
        found.append([str(shown.entry.title) for shown in stretch.shown])
        cursor = stretch.next_cursor
        if not cursor:
            return found


def flat(found: list[list[str]]) -> list[str]:
    return [title for page in found for title in page]


def test_sources_are_merged_newest_first_and_asked_once_a_page() -> None:
    calls, orders = lists("call", [5, 1, 3]), lists("order", [4, 2])
    assert pages(2) == [["call1", "order1"], ["call3", "order2"], ["call2"]]
    assert (calls, orders) == ([3, 3, 3], [3, 3, 3])


def test_equal_moments_follow_the_order_of_the_sources_then_the_ids() -> None:
    lists("a", [1, 1, 1], order=2)
    lists("b", [1, 1], order=1)
    for limit in range(1, 6):
        assert flat(pages(limit)) == ["b2", "b1", "a3", "a2", "a1"]


def test_only_what_is_asked_for_and_allowed() -> None:
    lists("a", [1])
    lists("b", [2])
    lists("c", [3], permission="secret")
    assert pages(9) == [["b1", "a1"]]
    assert pages(9, ["a", "c"]) == [["a1"]]
    assert [source.key for source in read_timeline("toy", READER, [7], only=["a"]).sources] == ["a", "b"]


def test_a_source_that_does_not_answer_is_named_and_the_others_are_told() -> None:
    def load(_actor: Actor, _ids: Sequence[int], _before: Mark | None, _limit: int) -> list[Entry]:
        raise SourceSilent

    lists("a", [1])
    add_source("toy", Source("mute", "mute", "", "see", load))
    stretch = read_timeline("toy", READER, [7])
    assert [shown.source.key for shown in stretch.shown] == ["a"]
    assert [source.key for source in stretch.silent] == ["mute"]


@pytest.mark.parametrize(
    "cursor",
    ["x", "~~", "2026-01-01~a~1", "2026-01-01T00:00:00+00:00~b~1", "2026-01-01T00:00:00+00:00~a~x", f"x~a~{2**70}",
     f"2026-01-01T00:00:00+00:00~a~{2**70}", "2026-01-01T00:00:00+00:00~a~1~2"],
)  # fmt: skip
def test_a_cursor_that_is_none_is_refused(cursor: str) -> None:
    lists("a", [1])
    with pytest.raises(CursorUnreadable):
        read_timeline("toy", READER, [7], cursor=cursor)


@given(st.lists(st.lists(st.integers(0, 5), max_size=12), max_size=4), st.integers(1, 7))
def test_however_it_is_cut_it_is_the_whole(sources: list[list[int]], limit: int) -> None:
    timeline._sources.clear()
    for number, minutes in enumerate(sources):
        lists(f"s{number}-", minutes)
    whole = flat(pages(1000))
    assert flat(pages(limit)) == whole
    assert len(whole) == sum(map(len, sources)) == len(set(whole))
