"""A company's own fields are filled by its sources: typed when landed, believed like all fields, edits left alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from guanxi.customers.commands import edit_customer, merge_customers, unmerge_customers
from guanxi.customers.commands.edit import Edit
from guanxi.customers.lists import CUSTOMERS
from guanxi.customers.models import Customer, SourceRecord
from guanxi.customers.queries.customer_page import get_customer_page
from guanxi.customers.tests.test_own_fields import define, found, work_all
from guanxi.intelligence.canon import warehouse_hash
from guanxi.intelligence.land.rejects import list_rejects
from guanxi.intelligence.models import Delivery
from guanxi.intelligence.register import own_fields
from guanxi.intelligence.sources.check import check_contract
from guanxi.intelligence.sources.contract import ContractInvalid
from guanxi.intelligence.tests.company import Company
from guanxi.intelligence.tests.small_company import SHOP_CONTRACT, STORE_CONTRACT
from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.api.commands import create_token
from guanxi.kernel.fields.commands import Looks, archive_field, change_field
from guanxi.kernel.runs.models import Run

pytestmark = pytest.mark.django_db(transaction=True)

ALL = """\
created_on = "joined"
custom.text = "seat"
custom.number = "visits"
custom.money = "budget"
custom.date = "since"
custom.choice = { column = "tea", map = { "铁观音" = "green_tea", "无" = "" } }
custom.choices = "teas"
custom.flag = { column = "vip", map = { "金卡" = "yes" } }
"""
HEAD = "key,name,phone,verified,joined,seat,visits,budget,since,tea,teas,vip"
WANG = '1,王伟,13800138001,1,2024-01-05,  靠窗 的\t座,"1,234.50","¥99.99",01.05.2024,红茶,White tea； 红茶;,金卡'
LI = "2,李娜,13800138002,1,2024-02-01,,,,,无,,"


@pytest.fixture
def company(tmp_path: Path) -> Company:
    with translation.override("en"):
        return Company(tmp_path)


@pytest.fixture
def filled(company: Company) -> Company:
    """A company with a field of every kind, each filled by the shop."""
    for kind in ("text", "number", "money", "date", "choice", "choices", "flag"):
        define(kind, kind, filterable=True)
    work_all()
    contract = SHOP_CONTRACT.replace('created_on = "joined"\n', ALL).replace(
        'date_formats = ["%Y-%m-%d"]', 'date_formats = ["%Y-%m-%d", "%d.%m.%Y"]\nthousands = ","\nunits = ["¥"]'
    )
    for column in ("email", "province", "city", "owner"):
        contract = "\n".join(line for line in contract.splitlines() if not line.startswith(f"{column} = "))
    company.write("shop.toml", contract)
    deliver(company, WANG, LI)
    return company


def deliver(company: Company, *rows: str) -> None:
    company.write("customers.csv", "\n".join([HEAD, *rows]) + "\n")


def fill(company: Company, *, shop: str = "", store: str = "", first: str = "shop") -> None:
    """Let the shop tell a tea, and the stores another; `first` is the source to believe."""
    priority = {"shop": 10 if first == "shop" else 30, "store": 20}
    shop_text = SHOP_CONTRACT.replace("priority = 10", f"priority = {priority['shop']}")
    shop_text = shop_text.replace('created_on = "joined"\n', 'created_on = "joined"\ncustom.text = "tea"\n')
    company.write("shop.toml", shop_text)
    company.write(
        "store.toml", STORE_CONTRACT.replace('province = "省份"\n', 'province = "省份"\ncustom.text = "茶"\n')
    )
    company.write(
        "customers.csv",
        "key,name,phone,verified,mail,province,city,owner,joined,tea\n"
        f"1,王伟,13800138001,1,,,,,2024-01-05,{shop}\n2,李娜,13800138002,1,,,,,2024-01-05,shop\n",
    )
    members = (
        f"会员号;姓名;手机;省份;类型;茶\nM1;王伟;13800138001;浙江;个人;{store}\nM2;李娜;13900139002;上海;个人;store\n"
    )
    (company.files / "members.csv").write_bytes(members.encode("gb18030"))


def held(name: str = "王伟") -> dict[str, Any]:
    return dict(Customer.objects.filter(name=name, source_records__gt=0).order_by("pk")[0].custom)


EVERY = {
    "text": "靠窗 的 座", "number": 1234.5, "money": 999_900, "date": "2024-05-01", "choice": "black_tea",
    "choices": ["black_tea", "white_tea"], "flag": True,
}  # fmt: skip


def test_values_of_every_kind_come_to_page_list_filter_and_api(filled: Company) -> None:
    with translation.override("zh-hans"):  # options are known by either name, whoever runs the update
        run = filled.refresh()
    assert run.report["land"]["feeds"][0]["landed"] == 2
    assert (held(), held("李娜"), Customer.objects.get(name="王伟").edited) == (EVERY, {}, {})
    assert type(held()["money"]) is int
    ensure_roles(SYSTEM)
    manager = create_user(SYSTEM, "liu", "correct horse battery", roles=["manager"])
    wang = Customer.objects.get(name="王伟")
    with translation.override("en"):
        page = get_customer_page(manager, wang.pk)
        shown = [(one.key, one.text) for one in page.own_values]
        assert shown == [
            ("text", "靠窗 的 座"), ("number", "1,234.5"), ("money", "¥99.99"), ("date", "2024-05-01"),
            ("choice", "Black tea"), ("choices", "Black tea, White tea"), ("flag", "yes"),
        ]  # fmt: skip
        told = {line.key: [(one.key, one.text) for one in line.own_values] for line in page.records}
        assert told == {"1": shown, "M1": []}
        for where in (
            "custom_text:contains:靠窗", "custom_number:is:1234.5", "custom_money:is:99.99", "custom_flag:is:yes",
            "custom_date:is:2024-05-01", "custom_choice:is:black_tea", "custom_choices:in:white_tea",
        ):  # fmt: skip
            assert found(where) == [wang.pk]
        show = CUSTOMERS.all_fields()["custom_money"].show
        assert show is not None
        assert show({"custom": wang.custom}, CUSTOMERS.ground(manager)).text == "¥99.99"
    token = create_token(manager, name="test")
    answer = Client().get(f"/api/v1/customers/{wang.pk}", headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["custom"] == EVERY | {"money": "99.99"}
    client = Client()
    client.force_login(manager)
    assert client.get(f"/customers/{wang.pk}/").content.decode().count("靠窗 的 座") == 2  # and where it comes from
    values = {row["field"]: row["value"] for row in filled.mart("own_value") if row["customer_id"] == wang.pk}
    assert {key: json.loads(value) for key, value in values.items()} == EVERY
    before = warehouse_hash(filled.root)
    filled.refresh()
    assert warehouse_hash(filled.root) == before


BAD = [
    ("seat", "x" * 501, "“seat” is longer than 500 characters: “{value}”."),
    ("visits", "many", "“many” in “visits” is not a number."),
    ("visits", "0.1234567", "“0.1234567” in “visits” has more than 6 decimals."),
    ("visits", "12345678901.12345", "“12345678901.12345” in “visits” has more than 15 digits."),
    ("visits", "1000000000000", "“1000000000000” in “visits” is too large a number."),
    ("budget", "1000000000000", "“1000000000000” in “budget” is too large a number."),
    ("budget", "0.00001", "“0.00001” in “budget” has more than 4 decimals."),
    ("since", "2024-02-30", "“2024-02-30” in “since” is not a date in a format of the contract."),
    ("tea", "咖啡", "“咖啡” in “tea” is not one of the choices."),
    ("teas", "红茶;咖啡", "“红茶;咖啡” in “teas” is not one of the choices."),
    ("vip", "maybe", "“maybe” in “vip” is neither yes nor no."),
]


def test_a_bad_value_is_set_aside_with_its_line_and_the_reason(filled: Company) -> None:
    columns = HEAD.split(",")
    rows = []
    for number, (column, value, _reason) in enumerate(BAD):
        cells = dict.fromkeys(columns, "") | {"key": f"b{number}", "name": "赵强", column: value}
        rows.append(",".join(cells.values()))
    deliver(filled, WANG, *rows)
    run = filled.refresh()
    with translation.override("en"):
        told = [(row.feed, row.line, row.text) for row in list_rejects(run_id=run.pk, root=filled.root)]
        found_by_check = check_contract(filled.files / "shop.toml", own=own_fields())
    assert told == [
        ("customers", line, reason.format(value=value)) for line, (_column, value, reason) in enumerate(BAD, 3)
    ]
    paths = {one.path for one in found_by_check if "rejected" in one.message}
    assert paths == {
        f"feed.customers.customer.custom.{kind}"
        for kind in ("text", "number", "money", "date", "choice", "choices", "flag")
    }
    assert not Customer.objects.filter(name="赵强", sources__source_key__startswith="b").exists()
    assert held() == EVERY


def test_what_may_be_unreadable_costs_the_value_and_not_the_row(filled: Company) -> None:
    contract = (filled.files / "shop.toml").read_text(encoding="utf-8")
    lenient = contract.replace('"visits"', '{ column = "visits", unreadable = "nothing" }')
    filled.write("shop.toml", lenient)
    deliver(filled, WANG.replace('"1,234.50"', "many"))
    filled.refresh()
    assert held() == {key: value for key, value in EVERY.items() if key != "number"}


def test_a_constant_is_read_like_what_is_typed(filled: Company) -> None:
    contract = (filled.files / "shop.toml").read_text(encoding="utf-8")
    for column, constant in (("seat", '"门口"'), ("budget", "12.5"), ("since", "2024-05-02")):
        contract = contract.replace(f'"{column}"', f"{{ value = {constant} }}", 1)
    filled.write("shop.toml", contract.replace('column = "vip", map = { "金卡" = "yes" }', "value = false"))
    filled.refresh()
    assert held("李娜") == {"text": "门口", "money": 125_000, "date": "2024-05-02", "flag": False}


def test_the_source_to_believe_wins_and_the_other_fills_what_it_leaves_empty(company: Company) -> None:
    define("text", "text")
    fill(company, shop="shop", store="store")
    company.refresh()
    assert held() == {"text": "shop"}
    assert set(SourceRecord.objects.values_list("source_key", "custom__text")) == {
        ("1", "shop"), ("2", "shop"), ("3", None), ("M1", "store"), ("M2", "store"),
    }  # fmt: skip
    fill(company, shop="", store="store")
    company.refresh()
    assert held() == {"text": "store"}
    fill(company, shop="shop", store="store", first="store")
    company.refresh()
    assert held() == {"text": "store"}
    fill(company)
    company.refresh()
    assert (held(), SourceRecord.objects.get(source_key="M1").custom) == ({}, None)


def test_what_people_edited_stays_and_the_rest_follows(filled: Company) -> None:
    define("note", "text")
    filled.refresh()
    wang = Customer.objects.get(name="王伟")
    edits = {"custom.choice": Edit("green_tea"), "custom.date": Edit("")}
    edit_customer(SYSTEM, customer_id=wang.pk, edits=edits)
    Customer.objects.filter(pk=wang.pk).update(custom=Customer.objects.get(pk=wang.pk).custom | {"note": "nobody's"})
    deliver(filled, WANG.replace("靠窗 的\t座", "门口").replace("红茶,", "白茶,").replace('"¥99.99"', ""))
    filled.refresh()
    assert held() == {key: value for key, value in EVERY.items() if key not in ("money", "date")} | {
        "text": "门口", "choice": "green_tea", "note": "nobody's",
    }  # fmt: skip
    assert sorted(Customer.objects.get(pk=wang.pk).edited) == ["custom.choice", "custom.date"]
    company_without = SHOP_CONTRACT.replace('created_on = "joined"\n', 'custom.flag = "verified"\n')
    filled.write("shop.toml", company_without)
    filled.write("customers.csv", "key,name,phone,verified,mail,province,city,owner\n1,王伟,13800138001,0,,,,\n")
    filled.refresh()
    assert held() == {
        "text": "门口", "number": 1234.5, "choice": "green_tea", "choices": ["black_tea", "white_tea"], "flag": False,
        "note": "nobody's",
    }  # fmt: skip


def test_a_field_that_is_not_there_is_refused_before_anything_is_landed(filled: Company) -> None:
    filled.refresh()
    before = [Run.objects.count(), Delivery.objects.count(), held()]
    archive_field(SYSTEM, subject="customers", key="choice")
    contract = (filled.files / "shop.toml").read_text(encoding="utf-8")
    filled.write("shop.toml", contract.replace("custom.number", "custom.nubmer").replace("custom.text", "custom.qq"))
    with translation.override("en"), pytest.raises(ContractInvalid) as refused:
        filled.refresh()
    assert [(mistake.path, mistake.message, mistake.suggestion) for mistake in refused.value.mistakes] == [
        ("feed.customers.customer.custom.qq", "There is no field of your own with the key “qq”.",
         "Possible: text, number, money, date, choices, flag."),
        ("feed.customers.customer.custom.nubmer", "There is no field of your own with the key “nubmer”.",
         "Did you mean “number”?"),
        ("feed.customers.customer.custom.choice", "The field of your own “choice” was archived.",
         "Bring it back in the settings, or take it out of the contract."),
    ]  # fmt: skip
    assert [Run.objects.count(), Delivery.objects.count(), held()] == before
    with translation.override("en"):
        remarks = [one for one in check_contract(filled.files / "shop.toml") if "custom" in one.path]
    keys = "“qq”, “nubmer”, “money”, “date”, “choice”, “choices”, “flag”"
    assert [(one.warning, one.message) for one in remarks] == [
        (True, f"Whether the company has these fields of its own is not checked here: {keys}.")
    ]


def test_an_option_that_is_new_lets_rejected_rows_in(filled: Company) -> None:
    deliver(filled, WANG.replace("红茶,", "普洱,"))
    filled.refresh()
    assert not Customer.objects.filter(name="王伟", sources__source="shop").exists()
    change_field(
        SYSTEM, subject="customers", key="choice",
        looks=Looks(label_en="Choice", options="红茶 | Black tea\n绿茶 | Green tea\n白茶 | White tea\n普洱 | Pu'er"),
    )  # fmt: skip
    filled.refresh()
    assert held() == EVERY | {"choice": "pu_er"}


def test_merging_and_taking_it_back_read_it_the_same_way(company: Company) -> None:
    define("text", "text")
    fill(company)
    company.refresh()
    shop, store = (SourceRecord.objects.get(source_key=key).customer_id for key in ("2", "M2"))
    merge = merge_customers(SYSTEM, main_id=store, others=[shop])
    company.refresh()
    assert Customer.objects.get(pk=store).custom == {"text": "shop"}  # as the source to believe says
    unmerge_customers(SYSTEM, merge_id=merge.pk)
    company.refresh()
    assert [Customer.objects.get(pk=pk).custom for pk in (shop, store)] == [{"text": "shop"}, {"text": "store"}]


def test_a_company_without_own_fields_is_what_it_was(company: Company, tmp_path: Path) -> None:
    company.refresh()
    before = warehouse_hash(company.root)
    assert "own_value" not in before
    define("text", "text")
    contract = SHOP_CONTRACT.replace('created_on = "joined"\n', 'created_on = "joined"\ncustom.text = "owner"\n')
    company.write("shop.toml", contract)
    company.refresh()
    after = warehouse_hash(company.root)
    assert "own_value" in after
    assert {name: after[name] for name in before if name != "total"} == {
        name: value for name, value in before.items() if name != "total"
    }
    company.write("shop.toml", SHOP_CONTRACT)
    company.refresh()
    assert warehouse_hash(company.root) == before
    assert held() == {"text": "S01"}  # no source fills it any more: it stays


def test_a_mixed_feed_tells_by_the_latest_row_of_each_customer(company: Company) -> None:
    define("text", "text")
    mixed = SHOP_CONTRACT.replace(
        "[feed.purchase]\n", '[feed.customer]\nkey = "customer"\ncustom.text = "sku"\n[feed.purchase]\n'
    )
    company.write("shop.toml", mixed)
    company.refresh()
    assert held() == {"text": "CUP"}
    assert held("John Smith") == {"text": "TRAY"}


@pytest.mark.parametrize("fills", [False, True])
def test_publishing_asks_no_more_often_for_many_than_for_few(company: Company, *, fills: bool) -> None:
    define("text", "text")
    if fills:
        contract = SHOP_CONTRACT.replace('created_on = "joined"\n', 'created_on = "joined"\ncustom.text = "name"\n')
        company.write("shop.toml", contract)
    counted = []
    for many in (20, 2_000):
        rows = [f"{key},客户{key}-{many},,0,,,,,2024-01-05" for key in range(many)]
        company.write("customers.csv", "\n".join(["key,name,phone,verified,mail,province,city,owner,joined", *rows]))
        company.refresh()  # so that all are known, and all of them change in what is counted
        company.write("customers.csv", "\n".join(["key,name,phone,verified,mail,province,city,owner,joined",
                                                  *(row.replace("客户", "顾客") for row in rows)]))  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            company.refresh()
        assert Customer.objects.filter(name__startswith="顾客").count() == many
        assert Customer.objects.exclude(custom={}).count() == (many if fills else 0)
        counted.append([query["sql"] for query in queries if '"customers_customer"' in query["sql"]])
    assert len(counted[0]) == len(counted[1])
