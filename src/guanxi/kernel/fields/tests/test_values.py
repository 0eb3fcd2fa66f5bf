from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guanxi.kernel.fields.rules import new_key, read_options, write_options
from guanxi.kernel.fields.sql import value_sql
from guanxi.kernel.fields.values import FieldDefinition, FieldOption, ShownValue, Unfit, filled_values

TEAS = (FieldOption("black", "红茶"), FieldOption("green", "绿茶"), FieldOption("old", "旧", is_archived=True))


def field(kind: str) -> FieldDefinition:
    return FieldDefinition("x", kind, "X", options=TEAS)


@pytest.mark.parametrize(
    ("kind", "typed", "kept", "again", "shown", "plain"),
    [
        ("text", " 喜欢 坐窗边 ", "喜欢 坐窗边", "喜欢 坐窗边", "喜欢 坐窗边", "喜欢 坐窗边"),
        ("number", "1,234", 1234, "1234", "1,234", Decimal(1234)),
        ("number", "100", 100, "100", "100", Decimal(100)),
        ("number", "-0.1", -0.1, "-0.1", "-0.1", Decimal("-0.1")),
        ("number", "0.000001", 0.000001, "0.000001", "0.000001", Decimal("0.000001")),
        ("money", "¥12,345.60", 123456000, "12345.6", "¥12,345.60", Decimal("12345.6000")),
        ("date", "2026/11/22", "2026-11-22", "2026-11-22", "2026-11-22", date(2026, 11, 22)),
        ("choice", "红茶", "black", "black", "红茶", "红茶"),
        ("choice", "old", "old", "old", "旧", "旧"),
        ("choices", "绿茶； black;", ["black", "green"], "black;green", "红茶, 绿茶", "红茶, 绿茶"),
        ("choices", ["green", "black"], ["black", "green"], "black;green", "红茶, 绿茶", "红茶, 绿茶"),
        ("flag", "是", True, "yes", "yes", "yes"),
        ("flag", "No", False, "no", "no", "no"),
    ],
)
def test_a_value_is_read_kept_shown_and_typed_again(
    kind: str, typed: Any, kept: Any, again: str, shown: str, plain: Any
) -> None:
    own = field(kind)
    assert own.read(typed) == kept
    assert type(own.read(typed)) is type(kept)
    assert (own.typed(kept), own.show(kept), own.plain(kept)) == (again, shown, plain)
    assert own.read(again) == kept


def test_an_option_goes_by_its_key_and_by_its_name_in_every_language() -> None:
    options = (
        FieldOption("green", "绿茶", names=("绿茶", "black")),
        FieldOption("black", "红茶", names=("红茶", "Black tea")),
        FieldOption("old", "红茶", is_archived=True, names=("红茶", "")),
    )
    own = FieldDefinition("x", "choice", "X", options=options)
    assert [own.read(typed) for typed in ("Black tea", "红茶", "black", "old", "绿茶")] == [
        "black", "black", "black", "old", "green",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["text", "number", "money", "date", "choice", "choices", "flag"])
def test_nothing_is_nothing(kind: str) -> None:
    own = field(kind)
    nothings: list[Any] = ["", "  ", None, []]
    assert [own.read(nothing) for nothing in nothings] == [None] * 4
    assert (own.typed(None), own.show(None), own.plain(None)) == ("", "", None)


@pytest.mark.parametrize(
    ("kind", "typed", "reason"),
    [
        ("number", "many", "this is no number"),
        ("number", "NaN", "this number is too large"),
        ("number", "1e12", "this number is too large"),
        ("number", "0.1234567", "this number has too many places"),
        ("number", "123456789012.123456", "this number has too many places"),
        ("money", "1.23456", "an amount has four places at most"),
        ("date", "2026-02-30", "a date is written 2026-11-22"),
        ("choice", "白茶", "it is not one of the choices"),
        ("choices", "红茶;白茶", "it is not one of the choices"),
        ("flag", "perhaps", "the answer is yes or no"),
    ],
)
def test_what_is_no_value_is_refused_with_a_reason(kind: str, typed: str, reason: str) -> None:
    with pytest.raises(Unfit) as refused:
        field(kind).read(typed)
    assert refused.value.reason == reason


def test_a_field_shows_only_where_it_holds_something() -> None:
    fields = [
        FieldDefinition("a", "text", "A"), FieldDefinition("b", "text", "B", is_archived=True),
        FieldDefinition("c", "money", "C", is_archived=True),
    ]  # fmt: skip
    assert filled_values(fields, {"c": 12_0000}, "USD") == [ShownValue("c", "C", "$12.00")]


def test_options_keep_their_keys_when_they_are_renamed_moved_archived_or_joined_by_others() -> None:
    known = read_options("红茶 | Black tea\n绿茶\n白茶 | White tea")
    assert [option["key"] for option in known] == ["black_tea", "option_1", "white_tea"]
    assert read_options("白茶 | White tea\n红茶 | Black tea\n# 绿茶", known) == [
        {"key": "white_tea", "zh": "白茶", "en": "White tea", "archived": False},
        {"key": "black_tea", "zh": "红茶", "en": "Black tea", "archived": False},
        {"key": "option_1", "zh": "绿茶", "en": "", "archived": True},
    ]
    assert [option["key"] for option in read_options("红茶 | Red\n绿茶 | Green\n老白茶 | Old white", known)] == [
        "black_tea", "option_1", "white_tea",
    ]  # fmt: skip
    more = read_options(write_options(known) + "\n普洱 | Black tea", known)
    assert [option["key"] for option in more] == ["black_tea", "option_1", "white_tea", "black_tea_2"]


@pytest.mark.parametrize(
    ("english", "taken", "key"),
    [
        ("Favourite tea!", set(), "favourite_tea"), ("Favourite tea", {"favourite_tea"}, "favourite_tea_2"),
        ("", {"field_1", "field_2"}, "field_3"), ("123", set(), "field_1"), ("x" * 60, set(), "x" * 24),
        ("x" * 60, {"x" * 24}, "x" * 20 + "_2"),
    ],
)  # fmt: skip
def test_a_key_comes_from_the_english_name(english: str, taken: set[str], key: str) -> None:
    assert new_key(english, taken, head="field") == key


@pytest.mark.parametrize("key", ["", "Tea", "tea'; --", "1tea", "tea.x", "x" * 25])
def test_nothing_but_a_key_reaches_the_sql(key: str) -> None:
    with pytest.raises(ValueError, match="is no key of a field"):
        value_sql("sqlite", "custom", "text", key)
