"""The sample company's files as the tests read them: with DuckDB, not through the road they are made for."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from guanxi.demo.company import Company
from guanxi.kernel.places import region_code

FILES = {
    "shop": ("shop/customers.csv", "utf-8", ","),
    "store": ("store/members.csv", "gb18030", ","),
    "callcentre": ("callcentre/callers.txt", "utf-8", ";"),
    "fair": ("fair/cards.txt", "utf-8", "\t"),
}
FAIR_COLUMNS = [
    "card", "party", "name", "employer", "phone", "email", "confirmed", "country", "province", "city", "address",
    "met_by", "met_on",
]  # fmt: skip


@dataclass(frozen=True)
class Record:
    source: str
    key: str
    kind: str
    name: str
    gender: str
    phone: str  # as `phone_key` gives it
    phone_verified: bool
    email: str
    email_verified: bool
    certificate: str
    region: str
    city: str
    owner: str


def read_table(
    path: Path, encoding: str = "utf-8", delimiter: str = ",", columns: list[str] | None = None
) -> list[dict[str, str]]:
    text = path.read_text(encoding=encoding)
    rows = list(csv.reader(text.splitlines(), delimiter=delimiter))
    header = columns or rows.pop(0)
    return [dict(zip(header, row, strict=True)) for row in rows if len(row) == len(header)]


def bad_lines(folder: Path) -> set[tuple[str, int]]:
    return {(row["file"], int(row["line"])) for row in read_table(folder / "truth/rejects.csv")}


def good_rows(
    folder: Path, file: str, encoding: str, delimiter: str, columns: list[str] | None = None
) -> list[dict[str, str]]:
    """All rows of a file but those that the truth calls bad."""
    text = (folder / file).read_text(encoding=encoding)
    rows = list(csv.reader(text.splitlines(), delimiter=delimiter))
    bad = bad_lines(folder)
    good = [row for line, row in enumerate(rows, start=1) if (file, line) not in bad]
    header = columns or good.pop(0)
    return [dict(zip(header, row, strict=True)) for row in good]


def read_records(folder: Path) -> list[Record]:
    shop, store, callers, cards = (
        good_rows(folder, *FILES[source], FAIR_COLUMNS if source == "fair" else None)
        for source in ("shop", "store", "callcentre", "fair")
    )

    def record(
        source: str,
        key: str,
        organisation: bool,
        row: dict[str, str],
        fields: str,
        phone_ok: bool,
        mail_ok: bool,
        certificate: str,
    ) -> Record:
        name, gender, phone, mail, country, province, city, owner = (
            row.get(field, "").strip() for field in fields.split()
        )
        return Record(
            source, key, "organisation" if organisation else "person", name, gender, phone_key(phone), phone_ok,
            mail, mail_ok,
            certificate, region_code(country, province) or "", city, owner,
        )  # fmt: skip

    return [
        *(
            record("shop", row["customer_id"], row["account_type"] == "business", row,
                   "name gender mobile email country province city account_manager",
                   row["mobile_verified"] == "1", True, row["tax_number"])
            for row in shop
        ),
        *(
            record("store", row["会员号"], row["会员类型"] == "企业", row,
                   "姓名 性别 手机 邮箱 国家 省份 城市 负责人工号",
                   row["手机已验证"] == "是", False, row["证件类型"] + row["证件号码"])
            for row in store
        ),
        *(
            record("callcentre", row["caller"], row["type"] == "F", row,
                   "name title phone mail country province city agent",
                   True, False, row["tax_no"])
            for row in callers
        ),
        *(
            record("fair", row["card"], row["party"] == "firm", row, "name - phone email country province city met_by",
                   row["confirmed"] == "Y", row["confirmed"] == "Y", "")
            for row in cards
        ),
    ]  # fmt: skip


def name_key(name: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name)).casefold()


def phone_key(phone: str) -> str:
    digits = re.sub(r"[^\d+]", "", unicodedata.normalize("NFKC", phone))
    return re.sub(r"^(\+?86|0086)?(?=1[3-9]\d{9}$)", "+86", re.sub(r"^00(?!86)", "+", digits))


def resolve_by_exact_keys(records: list[Record]) -> dict[tuple[str, str], int]:
    """(source, key) -> customer: same certificate, or same verified contact and same name, among one kind."""
    buckets: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, record in enumerate(records):
        if record.certificate:
            number = re.sub("^(身份证|统一社会信用代码)", "", record.certificate)
            buckets["certificate", record.kind, number].append(i)
        name = name_key(record.name)
        if name and record.phone_verified and record.phone:
            buckets["phone", record.kind, record.phone, name].append(i)
        if name and record.email_verified and record.email:
            buckets["mail", record.kind, unicodedata.normalize("NFKC", record.email).casefold(), name].append(i)
    leader = list(range(len(records)))

    def lead(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    for members in buckets.values():
        for other in members[1:]:
            leader[lead(other)] = lead(members[0])
    return {(record.source, record.key): lead(i) for i, record in enumerate(records)}


def open_warehouse(company: Company, folder: Path, records: list[Record]) -> duckdb.DuckDBPyConnection:
    """The tables record, truth, line and product; `customer` is what exact keys make of a record."""
    customer_of = resolve_by_exact_keys(records)
    connection = duckdb.connect()
    connection.execute(
        "create table truth as select source, source_key as key, cast(true_customer as int) as true_customer "
        "from read_csv(?, all_varchar = true)",
        [str(company.truth)],
    )
    arrow = pa.table(
        {field: [getattr(record, field) for record in records] for field in Record.__dataclass_fields__}
        | {"customer": [customer_of[record.source, record.key] for record in records]}
    )
    connection.register("arrow_record", arrow)
    connection.execute("create table record as select * from arrow_record join truth using (source, key)")
    products = folder / "shop/products.csv"
    connection.execute("create table product as select * from read_csv(?, all_varchar = true)", [str(products)])
    sold: list[tuple[str, str, str, str, str, str, str]] = []
    for row in good_rows(folder, "shop/orders.csv", "utf-8", ","):
        sign = "-" if row["type"] == "return" else ""
        sold.append(("shop", row["customer_id"], row["order_number"], row["sku"], row["ordered_at"],
                     sign + row["quantity"], row["unit_price"]))  # fmt: skip
    for path in sorted((folder / "store").glob("receipts-*.csv")):
        sold.extend(
            ("store", row["会员号"], row["小票号"], row["货号"], row["时间"], row["数量"], row["单价"])
            for row in good_rows(folder, f"store/{path.name}", "gb18030", ",")
        )
    for row in good_rows(folder, "callcentre/orders.txt", "utf-8", ";"):
        day, month, rest = row["taken"].split("/")
        taken = f"{rest[:4]}-{month}-{day} {rest[5:]}:00"
        price = f"{float(row['amount']) / float(row['pieces']):.2f}"
        sold.append(("callcentre", row["caller"], row["order"], row["item"], taken, row["pieces"], price))
    names = ("source", "source_key", "order_id", "sku", "ordered_at", "quantity", "unit_price")
    connection.register("arrow_line", pa.table(dict(zip(names, map(list, zip(*sold, strict=True)), strict=True))))
    connection.execute("""
        create table line as
        select
            line.source, order_id, line.sku, cast(ordered_at as timestamp) as ordered_at,
            cast(quantity as int) as quantity, cast(quantity as int) * cast(unit_price as decimal(18, 4)) as revenue,
            record.customer, record.true_customer, product.category, product.sku is not null as known_product,
            line.source_key
        from arrow_line as line
        left join record on record.source = line.source and record.key = line.source_key
        left join product on product.sku = line.sku
    """)
    return connection
