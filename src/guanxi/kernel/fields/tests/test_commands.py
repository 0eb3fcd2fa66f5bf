from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.errors import GuanxiError, PermissionDenied
from guanxi.kernel.fields import memory
from guanxi.kernel.fields.commands import (
    Looks,
    archive_field,
    change_field,
    define_field,
    mark_filterable,
    move_field,
    restore_field,
)
from guanxi.kernel.fields.errors import (
    CustomFieldExists,
    CustomFieldKeyInvalid,
    CustomFieldKindUnknown,
    CustomFieldUnknown,
    CustomFieldUnnamed,
    OptionInUse,
    OptionsMissing,
    TooManyFields,
    TooManyFilters,
)
from guanxi.kernel.fields.models import CustomField
from guanxi.kernel.fields.queries import find_definition, get_field_line, list_definitions, list_field_lines
from guanxi.kernel.fields.rules import write_options
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.tests.actors import NOBODY, holding

pytestmark = pytest.mark.django_db
SETTER = holding("settings.manage")
TEAS = "红茶 | Black tea\n绿茶 | Green tea"


def define(label: str, kind: str = "text", **looks: Any) -> CustomField:
    return define_field(SETTER, subject="teas", kind=kind, looks=Looks(label_en=label, **looks))


def everything() -> list[Any]:
    return [list(CustomField.objects.order_by("pk").values()), AuditEntry.objects.count(), Job.objects.count()]


def labels() -> list[str]:
    return [field.label for field in list_definitions("teas")]


def test_a_field_is_defined_and_read_in_the_readers_language() -> None:
    define("Favourite tea", "choice", label_zh="爱喝的茶", help_zh="问客户", is_required=True, options=TEAS)
    define("Seat")
    field = find_definition("teas", "favourite_tea")
    assert field is not None
    assert (field.label, field.help, field.is_required, field.is_filter) == ("Favourite tea", "问客户", True, False)
    assert [(option.key, option.label) for option in field.options] == [
        ("black_tea", "Black tea"), ("green_tea", "Green tea"),
    ]  # fmt: skip
    with translation.override("zh-hans"):
        assert labels() == ["爱喝的茶", "Seat"]
    assert list_definitions("cups") == []
    assert AuditEntry.objects.order_by("pk")[0].changes == {
        "key": "favourite_tea", "kind": "choice", "subject": "teas",
    }  # fmt: skip


def test_a_field_may_be_given_its_key() -> None:
    field = define_field(SETTER, subject="teas", kind="text", looks=Looks(label_zh="座位"), key="seat")
    assert (field.key, define("Seat 2").key, field.label_en) == ("seat", "seat_2", "")


@pytest.mark.parametrize(
    ("kind", "looks", "key", "error", "place"),
    [
        ("colour", Looks(label_en="x"), "", CustomFieldKindUnknown, "kind"),
        ("text", Looks(label_en=" "), "", CustomFieldUnnamed, "label_zh"),
        ("text", Looks(label_en="Seat"), "", CustomFieldExists, "label_en"),
        ("text", Looks(label_en="x"), "seat", CustomFieldExists, "key"),
        ("text", Looks(label_en="x"), "Seat; drop", CustomFieldKeyInvalid, "key"),
        ("choice", Looks(label_en="x", options="红茶"), "", OptionsMissing, "options"),
        ("choice", Looks(label_en="x", options="红茶\n红茶"), "", OptionsMissing, "options"),
        ("choices", Looks(label_en="x", options="红茶\n# 绿茶"), "", OptionsMissing, "options"),
    ],
)
def test_what_cannot_be_a_field_is_refused(
    kind: str, looks: Looks, key: str, error: type[GuanxiError], place: str
) -> None:
    define("Seat")
    before = everything()
    with pytest.raises(error) as refused:
        define_field(SETTER, subject="teas", kind=kind, looks=looks, key=key)
    assert (refused.value.place, everything()) == (place, before)


@pytest.mark.parametrize(
    "act",
    [
        lambda actor: define_field(actor, subject="teas", kind="text", looks=Looks(label_en="x")),
        lambda actor: change_field(actor, subject="teas", key="seat", looks=Looks(label_en="x")),
        lambda actor: move_field(actor, subject="teas", key="seat", by=1),
        lambda actor: archive_field(actor, subject="teas", key="seat"),
        lambda actor: restore_field(actor, subject="teas", key="seat"),
        lambda actor: mark_filterable(actor, subject="teas", key="seat", wanted=True),
        lambda actor: list_field_lines(actor, "teas"),
        lambda actor: get_field_line(actor, "teas", "seat"),
    ],
)
def test_nobody_sets_fields_without_the_permission(act: Callable[[Any], object]) -> None:
    define("Seat")
    before = everything()
    with pytest.raises(PermissionDenied):
        act(NOBODY)
    assert everything() == before


def test_a_field_changes_its_looks_and_keeps_its_options() -> None:
    define("Tea", "choice", options=TEAS)
    looks = Looks("茶", "Tea", options="# 绿茶 | Green tea\n红茶 | Red\n白茶")
    change_field(SETTER, subject="teas", key="tea", looks=looks)
    field = find_definition("teas", "tea")
    assert field is not None
    assert [(option.key, option.label, option.is_archived) for option in field.options] == [
        ("green_tea", "Green tea", True), ("black_tea", "Red", False), ("option_1", "白茶", False),
    ]  # fmt: skip
    before = everything()
    with pytest.raises(OptionInUse) as refused:
        change_field(SETTER, subject="teas", key="tea", looks=Looks("茶", "Tea", options="白茶\n红茶 | Red"))
    assert refused.value.facts == {"option": "绿茶"}
    with pytest.raises(CustomFieldUnknown):
        change_field(SETTER, subject="teas", key="cup", looks=Looks("茶"))
    assert write_options(get_field_line(SETTER, "teas", "tea").options) == looks.options
    change_field(SETTER, subject="teas", key="tea", looks=looks)
    assert everything() == before


def test_fields_stand_in_their_order() -> None:
    for label in ("A", "B", "C", "D"):
        define(label)
    move_field(SETTER, subject="teas", key="d", by=-2)
    assert labels() == ["A", "D", "B", "C"]
    move_field(SETTER, subject="teas", key="a", by=99)
    assert labels() == ["D", "B", "C", "A"]
    before = everything()
    move_field(SETTER, subject="teas", key="a", by=1)
    assert everything() == before


def test_an_archived_field_is_out_of_use_and_comes_back_with_its_values() -> None:
    define("A")
    define("B")
    archive_field(SETTER, subject="teas", key="a")
    assert (labels(), [line.key for line in list_field_lines(SETTER, "teas")]) == (["B"], ["b", "a"])
    assert [field.key for field in list_definitions("teas", with_archived=True)] == ["a", "b"]
    define("A")
    before = everything()
    with pytest.raises(CustomFieldExists):
        restore_field(SETTER, subject="teas", key="a")
    assert everything() == before
    archive_field(SETTER, subject="teas", key="a_2")
    restore_field(SETTER, subject="teas", key="a")
    assert [field.key for field in list_definitions("teas")] == ["a", "b"]
    before = everything()
    restore_field(SETTER, subject="teas", key="a")
    assert everything() == before


def test_of_fields_and_filters_there_are_enough_at_some_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guanxi.kernel.fields.commands.MOST_FIELDS", 2)
    monkeypatch.setattr("guanxi.kernel.fields.commands.MOST_FILTERS", 1)
    define("A")
    define("B")
    mark_filterable(SETTER, subject="teas", key="a", wanted=True)
    before = everything()
    with pytest.raises(TooManyFields):
        define("C")
    with pytest.raises(TooManyFilters):
        mark_filterable(SETTER, subject="teas", key="b", wanted=True)
    mark_filterable(SETTER, subject="teas", key="a", wanted=True)
    assert everything() == before
    archive_field(SETTER, subject="teas", key="a")
    mark_filterable(SETTER, subject="teas", key="b", wanted=True)
    assert [(line.key, line.is_filterable, line.index) for line in list_field_lines(SETTER, "teas")] == [
        ("b", True, "waiting"), ("a", False, "waiting"),
    ]  # fmt: skip


def test_a_request_asks_for_the_definitions_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    define("A")
    memory.begin()
    with django_assert_num_queries(1):
        assert [labels(), labels(), find_definition("teas", "a") is not None] == [["A"], ["A"], True]
    define("B")
    assert labels() == ["A", "B"]
    memory.end()
    with django_assert_num_queries(2):
        assert [labels(), labels()] == [["A", "B"], ["A", "B"]]
