"""Customers as a file: the columns of a view, in its order, with what the reader may see and no more."""

from __future__ import annotations

import csv
import json
import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import translation
from python_calamine import CalamineWorkbook

from guanxi.customers.commands import edit_customer, put_tag
from guanxi.customers.commands.edit import Edit
from guanxi.customers.lists import CUSTOMERS
from guanxi.customers.tests.factories import AS_OF, make_customers, make_standings
from guanxi.kernel.access.models import User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.audit.telling import tell_entries
from guanxi.kernel.batches.export import export_now
from guanxi.kernel.batches.models import Batch
from guanxi.kernel.batches.queries import get_batch, get_file
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.fields.commands import Looks, define_field
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.worker import Worker
from guanxi.kernel.lists.reading import walk_keys
from guanxi.kernel.lists.state import ListState

pytestmark = pytest.mark.django_db
COLUMNS = ["name", "tier", "spend", "last", "region", "phone", "email", "owner", "tags", "custom_budget", "custom_tea"]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def people(seller: User, colleague: User) -> None:
    for key, kind in (("budget", "money"), ("tea", "choice")):
        looks = Looks(label_en=key.title(), options="红茶 | Black\n绿茶 | Green")
        define_field(SYSTEM, subject="customers", kind=kind, key=key, looks=looks)
    make_customers(
        {
            "id": key, "name": name, "region_code": "CN-ZJ", "city": "杭州", "phone": f"+861381234000{key}",
            "email": f"wang{key}@example.com", "owner_id": seller.pk if key < 3 else colleague.pk, "kind": kind,
        }
        for key, name, kind in (
            (1, "王伟", "person"), (2, "=cmd|'/c calc'!A0", "organisation"), (3, "+Li", "person"),
            (4, "晚来", "person"),
        )
    )  # fmt: skip
    make_standings(
        {"customer_id": key, "tier": "vip", "stage": "stable", "spend_12m": f"{key}000.5",
         "last_purchase_on": AS_OF, "first_purchase_on": AS_OF, "frequency": key}
        for key in (1, 2, 3)
    )  # fmt: skip
    put_tag(SYSTEM, customer_id=1, name="@SUM(A1)")
    edit_customer(SYSTEM, customer_id=1, edits={"custom.budget": Edit("12000"), "custom.tea": Edit("black")})


def ordered(actor: User, query: str = "", among: list[int] | None = None) -> list[int]:
    return list(walk_keys(actor, CUSTOMERS, ListState.from_address(CUSTOMERS, QueryDict(query)), among))


def exported(actor: User, kind: str = "csv", ids: Any = None, columns: list[str] | None = None) -> list[list[Any]]:
    options = {"format": kind, "columns": columns or COLUMNS}
    batch = export_now(actor, kind="customers.export", options=options, ids=ids or ordered(actor))
    path = get_file(actor, batch.pk).path
    if kind == "xlsx":
        return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_file_holds_the_columns_in_order_masked_and_harmless(people: None, manager: User) -> None:
    assert exported(manager) == [
        ["Name", "Tier", "Spend in 12 months (CNY)", "Last purchase", "Region", "Phone", "E-mail", "Owner", "Tags",
         "Budget (CNY)", "Tea"],
        ["'+Li", "VIP", "3000.5000", "2026-11-22", "Zhejiang · 杭州", "138****0003", "w***@example.com", "方磊",
         "", "", ""],
        ["'=cmd|'/c calc'!A0", "VIP", "2000.5000", "2026-11-22", "Zhejiang · 杭州", "138****0002", "w***@example.com",
         "沈嘉敏", "", "", ""],
        ["王伟", "VIP", "1000.5000", "2026-11-22", "Zhejiang · 杭州", "138****0001", "w***@example.com", "沈嘉敏",
         "'@SUM(A1)", "12000.0000", "Black"],
        ["晚来", "", "", "", "Zhejiang · 杭州", "138****0004", "w***@example.com", "方磊", "", "", ""],
    ]  # fmt: skip
    assert AuditEntry.objects.get(changes__has_key="exported").changes["exported"] == 4
    assert not Job.objects.filter(name="batches.run").exists()


@pytest.mark.parametrize(("language", "told"), [
    ("en", ["What: Export", "Columns: Name, Spend in 12 months, Tea, gone_since"]),
    ("zh-hans", ["操作: 导出", "列: 姓名、近 12 个月消费额、Tea、gone_since"]),
])  # fmt: skip
def test_the_log_names_what_was_done_and_the_columns(
    people: None, manager: User, language: str, told: list[str]
) -> None:
    exported(manager, columns=["name", "spend", "custom_tea"])
    begun = AuditEntry.objects.get(changes__kind="customers.export")
    begun.changes["columns"].append("gone_since")  # a field of one's own may be
    with translation.override(language):
        (line,) = tell_entries([begun])
        assert [str(change) for change in line.changes if change.label in {"What", "Columns", "操作", "列"}] == told


def test_a_sheet_has_real_numbers_and_dates(people: None, manager: User) -> None:
    rows = exported(manager, "xlsx", columns=["name", "spend", "orders", "last", "custom_budget"])
    assert rows[1:3] == [
        ["+Li", 3000.5, 3.0, date(2026, 11, 22), ""],
        ["=cmd|'/c calc'!A0", 2000.5, 2.0, date(2026, 11, 22), ""],
    ]
    assert (rows[3][4], rows[4][1:]) == (12000.0, ["", "", "", ""])


def test_a_reader_gets_nobody_elses_customers_whatever_was_asked(people: None, seller: User) -> None:
    seller.roles.update(permissions=["customers.view", "customers.export"])
    seller = User.objects.get(pk=seller.pk)
    assert [row[0] for row in exported(seller, ids=[1, 2, 3, 4])[1:]] == ["王伟", "'=cmd|'/c calc'!A0"]
    batch = Batch.objects.get()
    assert (get_batch(seller, batch.pk).changed, get_batch(seller, batch.pk).refused) == (2, 2)


def test_keys_come_in_the_order_of_the_list(people: None, manager: User, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ordered(manager) == [3, 2, 1, 4]
    assert ordered(manager, "sort=spend.turned&where=all") == [1, 2, 3, 4]
    assert ordered(manager, "sort=id.turned&tier=vip") == [3, 2, 1]
    assert ordered(manager, "tier=vip", among=[4, 1, 3, 777]) == [3, 1, 4]
    monkeypatch.setattr("guanxi.kernel.lists.reading.COUNT_LIMIT", 2)
    assert ordered(manager) == [3, 2, 1, 4]


def test_who_may_not_export_gets_nothing(people: None, seller: User) -> None:
    before = [Batch.objects.count(), AuditEntry.objects.count()]
    with pytest.raises(PermissionDenied):
        exported(seller, ids=[1])
    client = Client()
    client.force_login(seller)
    assert client.get("/customers/many/export/", {"ids": "1"}).status_code == 403
    assert client.post("/customers/many/export/", {"ids": "1", "format": "csv"}).status_code == 403
    assert [Batch.objects.count(), AuditEntry.objects.count()] == before


@pytest.fixture
def desk(people: None, manager: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(manager)
    return client


STATE = "where=tier:is:vip&columns=name,phone&sort=name"


def test_the_page_asks_and_few_rows_come_at_once(desk: Client) -> None:
    page = desk.get("/customers/many/export/", {"all": "1", "state": STATE})
    assert "All 3 rows that match" in page.text
    assert "Name · Phone" in " ".join(page.text.split())
    assert "What is masked on the page is masked in the file." in page.text
    answer = desk.post("/customers/many/export/", {"all": "1", "state": STATE, "format": "csv"})
    batch = Batch.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/work/{batch.pk}/file/")
    file = desk.get(answer.headers["Location"])
    assert file.headers["Content-Disposition"] == 'attachment; filename="Customers.csv"'
    assert file.headers["Cache-Control"] == "private, no-store"
    assert file.getvalue().decode("utf-8-sig").splitlines() == [
        "Name,Phone", "'+Li,138****0003", "'=cmd|'/c calc'!A0,138****0002", "王伟,138****0001",
    ]  # fmt: skip


def test_chosen_rows_take_the_columns_of_the_view(desk: Client, manager: User) -> None:
    htmx = {"HX-Request": "true"}
    answer = desk.post(
        "/customers/many/export/", {"ids": "4,1", "state": "columns=id,name", "format": "xlsx"}, headers=htmx
    )
    batch = Batch.objects.get()
    assert (answer.status_code, json.loads(answer.headers["HX-Trigger"])) == (
        204, {"gx:dialog-close": True, "gx:download": f"/work/{batch.pk}/file/"},
    )  # fmt: skip
    path = get_file(manager, batch.pk).path
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert rows == [["No.", "Name"], [1.0, "王伟"], [4.0, "晚来"]]


def test_many_rows_are_written_by_a_job_and_fetched_when_they_are_ready(
    desk: Client, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("batches.export", "lists.web.export"):
        monkeypatch.setattr(f"guanxi.kernel.{module}.AT_ONCE", 2)
    assert "you can go on working" in desk.get("/customers/many/export/", {"all": "1"}).text
    htmx = {"HX-Request": "true"}
    answer = desk.post("/customers/many/export/", {"all": "1", "format": "csv"}, headers=htmx)
    assert sorted(json.loads(answer.headers["HX-Trigger"])) == ["gx:dialog-close", "gx:toast", "gx:work"]
    batch = Batch.objects.get()
    assert desk.get(f"/work/{batch.pk}/file/").status_code == 404
    worker = Worker(threading.Event())
    while worker.run_one():
        pass
    told = json.loads(desk.get("/work/now/", {"seen": batch.pk}).headers["HX-Trigger"])
    assert told["gx:download"] == f"/work/{batch.pk}/file/"
    assert len(desk.get(f"/work/{batch.pk}/file/").getvalue().splitlines()) == 5


def test_what_cannot_be_exported_is_told(desk: Client) -> None:
    assert desk.post("/customers/many/export/", {"format": "csv"}).status_code == 409
    assert desk.post("/customers/many/export/", {"ids": "777", "format": "csv"}).status_code == 409
    assert Batch.objects.count() == 0
    assert desk.post("/customers/many/export/", {"ids": "1", "format": "exe"}).status_code == 302
