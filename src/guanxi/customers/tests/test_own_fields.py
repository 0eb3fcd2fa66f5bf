"""A company's own fields on customers: edited, listed, filtered by their index, changed in bulk."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import translation

from guanxi.customers.commands import create_customer, edit_customer, merge_customers, unmerge_customers
from guanxi.customers.commands.edit import Edit
from guanxi.customers.errors import EditConflict, FieldInvalid, FieldMissing, FieldUnknown
from guanxi.customers.lists import CUSTOMERS
from guanxi.customers.models import Customer
from guanxi.customers.tests.factories import make_customers
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.batches.commands import start_batch, undo_batch
from guanxi.kernel.batches.queries import get_batch
from guanxi.kernel.events.models import EventRecord
from guanxi.kernel.fields.commands import Looks, archive_field, define_field, mark_filterable, mend_indexes
from guanxi.kernel.fields.models import CustomField
from guanxi.kernel.fields.queries import has_index
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.worker import Worker
from guanxi.kernel.lists.errors import FilterUnknown
from guanxi.kernel.lists.matching import matching
from guanxi.kernel.lists.state import ListState
from guanxi.kernel.lists.web.editor import from_form, settled

pytestmark = pytest.mark.django_db
TEAS = "红茶 | Black tea\n绿茶 | Green tea\n白茶 | White tea"
KINDS = ("text", "number", "money", "date", "choice", "choices", "flag")


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def define(key: str, kind: str, *, filterable: bool = False, **looks: Any) -> CustomField:
    options = TEAS if kind in ("choice", "choices") else ""
    field = define_field(
        SYSTEM, subject="customers", kind=kind, key=key, looks=Looks(label_en=key.title(), options=options, **looks)
    )
    if filterable:
        mark_filterable(SYSTEM, subject="customers", key=key, wanted=True)
    return field


def work_all() -> None:
    worker = Worker(threading.Event())
    while worker.run_one():
        pass


def give(key: int, **values: Any) -> None:
    edits = {f"custom.{name}": Edit(value) for name, value in values.items()}
    edit_customer(SYSTEM, customer_id=key, edits=edits)


def custom() -> list[dict[str, Any]]:
    return list(Customer.objects.order_by("pk").values_list("custom", flat=True))


def found(where: str) -> list[int]:
    state = ListState.from_address(CUSTOMERS, {"where": where})
    return sorted(matching(SYSTEM, CUSTOMERS, state).values_list("pk", flat=True))


def plan(rows: QuerySet[Any]) -> str:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # So few rows are read faster without any index, or by the smallest one, whatever it says.
            cursor.execute("SET LOCAL enable_seqscan = off; DROP INDEX IF EXISTS customers_living")
    return rows.explain()


def test_values_are_edited_like_every_field(manager: User) -> None:
    for kind in KINDS:
        define(kind, kind)
    make_customers([{"id": 1, "name": "王伟"}])
    edits = {
        "custom.text": Edit("靠窗"), "custom.number": Edit("3.5"), "custom.money": Edit("1,200"),
        "custom.date": Edit("2026-11-22"), "custom.choice": Edit("black_tea"), "custom.flag": Edit("no"),
        "custom.choices": Edit(["white_tea", "black_tea"]), "city": Edit("杭州"),
    }  # fmt: skip
    customer = edit_customer(manager, customer_id=1, edits=edits)
    customer.refresh_from_db()
    assert customer.custom == {
        "text": "靠窗", "number": 3.5, "money": 12_000_000, "date": "2026-11-22", "choice": "black_tea",
        "choices": ["black_tea", "white_tea"], "flag": False,
    }  # fmt: skip
    assert (customer.city, sorted(customer.edited)) == ("杭州", ["city", *(f"custom.{kind}" for kind in sorted(KINDS))])
    trail = AuditEntry.objects.order_by("-pk")[0]
    assert trail.changes["custom.text"] == ["changed", "changed"]
    assert "靠窗" not in str(trail.changes)
    assert EventRecord.objects.order_by("-pk")[0].payload["fields"][:2] == ["city", "custom.choice"]
    count = AuditEntry.objects.count()
    edit_customer(manager, customer_id=1, edits=edits)
    assert AuditEntry.objects.count() == count
    edit_customer(manager, customer_id=1, edits={"custom.text": Edit(""), "custom.flag": Edit(None)})
    customer.refresh_from_db()
    assert sorted(customer.custom) == ["choice", "choices", "date", "money", "number"]
    make_customers([{"id": 1, "name": "王伟", "city": "宁波"}])
    customer.refresh_from_db()
    assert (customer.city, customer.custom["number"]) == ("杭州", 3.5)


@pytest.mark.parametrize(
    ("edits", "error"),
    [
        ({"custom.number": Edit("many")}, FieldInvalid),
        ({"custom.text": Edit("x" * 501)}, FieldInvalid),
        ({"custom.text": Edit("")}, FieldMissing),
        ({"custom.nothing": Edit("x")}, FieldUnknown),
        ({"custom": Edit("{}")}, FieldUnknown),
        ({"custom.number": Edit("5", before="4", checks_before=True)}, EditConflict),
        ({"city": Edit("杭州"), "custom.choice": Edit("water")}, FieldInvalid),
    ],
)
def test_what_does_not_fit_changes_nothing(manager: User, edits: dict[str, Edit], error: type[Exception]) -> None:
    define("text", "text", is_required=True)
    define("number", "number")
    define("choice", "choice")
    make_customers([{"id": 1, "name": "王伟"}])
    give(1, text="靠窗", number="3")
    before = [*Customer.objects.values(), AuditEntry.objects.count()]
    with pytest.raises(error):
        edit_customer(manager, customer_id=1, edits=edits)
    assert [*Customer.objects.values(), AuditEntry.objects.count()] == before


def test_a_conflict_tells_what_stands_there_now(manager: User) -> None:
    define("tea", "choices")
    make_customers([{"id": 1, "name": "王伟"}])
    give(1, tea="black_tea")
    with pytest.raises(EditConflict) as conflict:
        edit_customer(
            manager, customer_id=1, edits={"custom.tea": Edit("green_tea", before="white_tea", checks_before=True)}
        )
    assert conflict.value.facts == {"field": "Tea", "current": "black_tea"}
    edit_customer(
        manager, customer_id=1, edits={"custom.tea": Edit("green_tea", before="black_tea", checks_before=True)}
    )
    assert custom() == [{"tea": ["green_tea"]}]


def test_what_is_required_must_be_there_from_the_start(seller: User) -> None:
    define("seat", "text", is_required=True)
    with pytest.raises(FieldMissing):
        create_customer(seller, values={"name": "王伟"})
    assert Customer.objects.count() == 0
    made = create_customer(seller, values={"name": "王伟", "custom.seat": "靠窗"})
    assert (made.custom, sorted(made.edited)) == ({"seat": "靠窗"}, ["custom.seat", "kind", "name"])


@pytest.fixture
def teas(db: None) -> None:
    for kind in KINDS:
        define(kind, kind, filterable=True)
    work_all()
    make_customers({"id": key, "name": f"王伟{key}"} for key in range(1, 6))
    give(
        1,
        text="靠窗",
        number="3",
        money="99.99",
        date="2026-11-22",
        choice="black_tea",
        choices="black_tea",
        flag="yes",
    )
    give(2, text="靠门", number="2.5", money="100", date="2026-12-01", choice="green_tea", flag="no")
    give(3, choices="black_tea;green_tea", number="30", money="1000", date="2025-01-01")
    give(4, text="窗外有树", flag="yes")


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("custom_text:is:靠窗", [1]), ("custom_text:contains:窗", [1, 4]), ("custom_text:not:靠窗", [2, 3, 4, 5]),
        ("custom_text:empty", [3, 5]), ("custom_text:filled", [1, 2, 4]),
        ("custom_number:is:3", [1]), ("custom_number:is:2.5", [2]), ("custom_number:from:3", [1, 3]),
        ("custom_number:between:2.5;3", [1, 2]), ("custom_number:empty", [4, 5]), ("custom_number:to:2.9", [2]),
        ("custom_money:from:100", [2, 3]), ("custom_money:is:99.99", [1]), ("custom_money:to:99.99", [1]),
        ("custom_date:is:2026-11-22", [1]), ("custom_date:since:2026-11-22", [1, 2]), ("custom_date:empty", [4, 5]),
        ("custom_date:until:2026-01-01", [3]), ("custom_date:between:2025-01-01;2026-11-30", [1, 3]),
        ("custom_choice:is:black_tea", [1]), ("custom_choice:in:black_tea;green_tea", [1, 2]),
        ("custom_choice:not:black_tea", [2, 3, 4, 5]), ("custom_choice:empty", [3, 4, 5]),
        ("custom_choices:is:black_tea", [1, 3]), ("custom_choices:in:green_tea;white_tea", [3]),
        ("custom_choices:not:green_tea", [1, 2, 4, 5]), ("custom_choices:filled", [1, 3]),
        ("custom_flag:is:yes", [1, 4]), ("custom_flag:is:no", [2]),
        ("(custom_flag:is:yes|custom_number:from:30),custom_money:filled", [1, 3]),
    ],
)  # fmt: skip
def test_the_list_is_filtered_by_own_fields(teas: None, where: str, expected: list[int]) -> None:
    assert found(where) == expected


@pytest.mark.parametrize(
    ("kind", "condition"),
    [
        ("text", "is:靠窗"), ("number", "between:2;9"), ("money", "from:100"), ("date", "since:2026-11-22"),
        ("choice", "is:black_tea"), ("flag", "is:no"), ("choices", "is:green_tea"),
    ],
)  # fmt: skip
def test_filters_and_orders_use_the_index(teas: None, kind: str, condition: str) -> None:
    state = ListState.from_address(CUSTOMERS, {"where": f"custom_{kind}:{condition}"})
    filtered = plan(matching(SYSTEM, CUSTOMERS, state))
    if kind == "choices":  # no index of SQLite looks into lists; such a filter reads them
        assert (f"custom_customers_{kind}" in filtered) is (connection.vendor == "postgresql")
        return
    assert f"custom_customers_{kind}" in filtered
    path = f"custom__{kind}_{kind}"
    ordered = Customer.objects.filter(**{f"{path}__isnull": False}).order_by(f"-{path}", "-id")
    assert f"custom_customers_{kind}" in plan(ordered[:3])


def test_values_come_out_of_paths_as_what_they_are(teas: None) -> None:
    paths = [f"custom__{kind}_{kind}" for kind in KINDS]
    rows = Customer.objects.order_by("pk").values_list(*paths)
    assert list(rows[:2]) == [
        ("靠窗", Decimal(3), Decimal("99.99"), date(2026, 11, 22), "black_tea", ["black_tea"], True),
        ("靠门", Decimal("2.5"), Decimal(100), date(2026, 12, 1), "green_tea", None, False),
    ]
    assert list(Customer.objects.order_by("-custom__number_number", "-id").filter(
        custom__number_number__isnull=False
    ).values_list("pk", flat=True)) == [3, 1, 2]  # fmt: skip


def test_a_column_shows_whatever_it_holds(teas: None) -> None:
    fields = CUSTOMERS.all_fields()
    ground = CUSTOMERS.ground(SYSTEM)
    row = {"custom": Customer.objects.get(pk=1).custom}
    shown = {}
    for kind in KINDS:
        show = fields[f"custom_{kind}"].show
        assert show is not None
        shown[kind] = show(row, ground).text
    assert shown == {
        "text": "靠窗", "number": "3", "money": "¥99.99", "date": "2026-11-22", "choice": "Black tea",
        "choices": "Black tea", "flag": "yes",
    }  # fmt: skip


def test_an_index_is_made_by_a_job_and_dropped_when_it_is_of_no_use() -> None:
    field = define("seat", "text")
    assert not has_index(field)
    assert CUSTOMERS.all_fields()["custom_seat"].is_filter is False
    mark_filterable(SYSTEM, subject="customers", key="seat", wanted=True)
    assert CUSTOMERS.all_fields()["custom_seat"].order == ()
    work_all()
    field.refresh_from_db()
    assert (has_index(field), field.index) == (True, "ready")
    assert CUSTOMERS.all_fields()["custom_seat"].order == ("custom__text_seat",)
    mark_filterable(SYSTEM, subject="customers", key="seat", wanted=False)
    work_all()
    field.refresh_from_db()
    assert (has_index(field), field.index) == (False, "none")
    mark_filterable(SYSTEM, subject="customers", key="seat", wanted=True)
    mark_filterable(SYSTEM, subject="customers", key="seat", wanted=False)
    mark_filterable(SYSTEM, subject="customers", key="seat", wanted=True)
    assert Job.objects.filter(state="ready").count() == 1
    work_all()
    archive_field(SYSTEM, subject="customers", key="seat")
    work_all()
    field.refresh_from_db()
    assert (has_index(field), field.index) == (False, "none")
    assert "custom_seat" not in CUSTOMERS.all_fields()
    with pytest.raises(FilterUnknown):
        found("custom_seat:is:x")


def test_by_a_field_that_is_not_marked_nobody_asks_however_the_address_is_written(manager: User) -> None:
    field = define("seat", "text")
    make_customers([{"id": 1, "name": "王伟"}])
    give(1, seat="靠窗")
    refused = ("custom_seat:is:靠窗", "custom_seat:filled", "name:is:王伟,(tier:is:vip|custom_seat:contains:窗)")
    for where in refused:
        with pytest.raises(FilterUnknown):
            found(where)
    with pytest.raises(FilterUnknown):
        ListState.from_address(CUSTOMERS, {"custom_seat": "靠窗"})
    drafted = settled(from_form(QueryDict("join:r=and&field:r.0=custom_seat&op:r.0=is")), CUSTOMERS.all_fields())
    assert [item.field for item in drafted.items] == ["name"]
    connection.check_constraints()  # PostgreSQL makes no index over rows whose keys it has yet to check
    mark_filterable(SYSTEM, subject="customers", key="seat", wanted=True)
    work_all()
    field.refresh_from_db()
    assert (field.index, [found(where) for where in refused]) == ("ready", [[1], [1], [1]])


def test_an_index_that_got_lost_is_made_again() -> None:
    field = define("seat", "text", filterable=True)
    work_all()
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX custom_customers_seat")
    mend_indexes()
    assert CUSTOMERS.all_fields()["custom_seat"].is_filter is False
    work_all()
    field.refresh_from_db()
    assert (has_index(field), field.index) == (True, "ready")
    mend_indexes()
    assert not Job.objects.filter(state="ready").exists()


def test_many_get_a_value_and_give_it_back(manager: User) -> None:
    define("tea", "choices")
    make_customers({"id": key, "name": "王伟"} for key in range(1, 5))
    give(2, tea="green_tea")
    give(3, tea="black_tea;white_tea")
    batch = start_batch(
        manager, kind="customers.edit", options={"field": "custom.tea", "value": "white_tea;black_tea"}, ids=range(1, 5)
    )
    work_all()
    line = get_batch(manager, batch.pk)
    assert (line.sentence, line.changed, line.unchanged) == (
        "Set “Tea” of 4 customers to “Black tea, White tea”", 3, 1,
    )  # fmt: skip
    assert custom() == [{"tea": ["black_tea", "white_tea"]}] * 4
    assert [sorted(edited) for edited in Customer.objects.values_list("edited", flat=True)] == [["custom.tea"]] * 4
    give(4, tea="")
    undo = undo_batch(manager, batch_id=batch.pk)
    work_all()
    assert (get_batch(manager, undo.pk).changed, get_batch(manager, undo.pk).refused) == (2, 1)
    assert custom() == [{}, {"tea": ["green_tea"]}, {"tea": ["black_tea", "white_tea"]}, {}]
    assert [sorted(edited) for edited in Customer.objects.order_by("pk").values_list("edited", flat=True)] == [
        [], *[["custom.tea"]] * 3,
    ]  # fmt: skip


def test_a_batch_on_a_field_that_was_archived_meanwhile_ends_in_words(manager: User) -> None:
    define("seat", "text")
    make_customers([{"id": 1, "name": "王伟"}])
    batch = start_batch(manager, kind="customers.edit", options={"field": "custom.seat", "value": "靠窗"}, ids=[1])
    archive_field(SYSTEM, subject="customers", key="seat")
    work_all()
    line = get_batch(manager, batch.pk)
    assert line.error is not None
    assert (line.state, line.error.code, custom()) == ("failed", "field_unknown", [{}])


def test_what_was_typed_before_there_were_marks_gets_one(manager: User) -> None:
    define("seat", "text")
    define("tea", "choice")
    make_customers({"id": key, "name": f"王伟{key}"} for key in range(1, 5))
    give(1, seat="靠窗", tea="black_tea")
    give(2, seat="门口")
    edit_customer(SYSTEM, customer_id=2, edits={"city": Edit("杭州")})
    merge = merge_customers(manager, main_id=3, others=[2], chosen={"custom.seat": 2})
    for row in Customer.objects.all():
        row.edited = {name: at for name, at in row.edited.items() if not name.startswith("custom.")}
        row.save(update_fields=["edited"])
    merge.changed["custom.seat"]["after"][1] = None
    merge.save(update_fields=["changed"])
    import_module("guanxi.customers.migrations.0010_own_by_import").mark(apps, None)
    assert [sorted(edited) for edited in Customer.objects.order_by("pk").values_list("edited", flat=True)] == [
        ["custom.seat", "custom.tea"], ["city", "custom.seat"], ["city", "custom.seat"], [],
    ]  # fmt: skip
    unmerge_customers(manager, merge_id=merge.pk)
    main = Customer.objects.get(pk=3)
    assert (main.custom, sorted(main.edited)) == ({}, [])
