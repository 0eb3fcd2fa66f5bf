"""What the four systems know of the customers, each in its own columns."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Final

import numpy as np

from guanxi.demo.bad_rows import PlacedBadRow
from guanxi.demo.delivery import deliver
from guanxi.demo.entries import Entries
from guanxi.demo.people import People
from guanxi.demo.records import CALLCENTRE, FAIR, SHOP, STORE, Records

_SHOP: Final = (
    "customer_id", "account_type", "name", "gender", "birthday", "company", "email", "mobile", "mobile_verified",
    "tax_number", "country", "province", "city", "address", "account_manager", "registered_on", "updated_at",
)  # fmt: skip
_STORE: Final = (
    "会员号", "会员类型", "姓名", "性别", "生日", "单位", "手机", "手机已验证", "邮箱", "证件类型", "证件号码", "国家",
    "省份", "城市", "地址", "负责人工号", "入会日期", "更新时间",
)  # fmt: skip
_CALLCENTRE: Final = (
    "caller", "type", "title", "name", "phone", "mail", "tax_no", "country", "province", "city", "address", "agent",
    "since", "last_call",
)  # fmt: skip
_FAIR: Final = (
    "card", "party", "name", "employer", "phone", "email", "confirmed", "country", "province", "city", "address",
    "met_by", "met_on",
)  # fmt: skip


def write_customers(folder: Path, people: People, records: Records, entries: Entries) -> list[PlacedBadRow]:
    """The customer files of all four systems, each in the order of its keys; the bad rows in them."""
    by_key = {
        source: sorted(np.flatnonzero(records.source == source).tolist(), key=entries.key.__getitem__)
        for source in (SHOP, STORE, CALLCENTRE, FAIR)
    }
    firm = people.organisation[records.customer].tolist()
    female = people.female[records.customer].tolist()
    phone_verified, mail_verified = records.phone_verified.tolist(), records.mail_verified.tolist()

    def gender(i: int, woman: str, man: str) -> str:
        return "" if firm[i] else woman if female[i] else man

    def company(i: int) -> str:
        return entries.name[i].strip() if firm[i] else entries.employer[i]

    def certificate_type(i: int) -> str:
        if not entries.certificate[i]:
            return ""
        return "统一社会信用代码" if firm[i] else "身份证"

    shop = [
        [
            entries.key[i], "business" if firm[i] else "personal", entries.name[i],
            gender(i, "F", "M"), _day(entries.birth[i], "%Y-%m-%d"), company(i), entries.mail[i], entries.phone[i],
            "1" if phone_verified[i] else "0", entries.certificate[i], entries.country[i], entries.province[i],
            entries.city[i], entries.address[i], entries.owner[i], entries.created[i].isoformat(),
            entries.updated[i].isoformat(" "),
        ]
        for i in by_key[SHOP]
    ]  # fmt: skip
    store = [
        [
            entries.key[i], "企业" if firm[i] else "个人", entries.name[i], gender(i, "女", "男"),
            _day(entries.birth[i], "%Y年%m月%d日"), company(i), entries.phone[i],
            "是" if phone_verified[i] else "否", entries.mail[i], certificate_type(i), entries.certificate[i],
            entries.country[i], entries.province[i], entries.city[i], entries.address[i],
            entries.owner[i], _day(entries.created[i], "%Y年%m月%d日"), f"{entries.updated[i]:%Y-%m-%d %H:%M}",
        ]
        for i in by_key[STORE]
    ]  # fmt: skip
    callers = [
        [
            entries.key[i], "F" if firm[i] else "P", gender(i, "Ms", "Mr"), entries.name[i], entries.phone[i],
            entries.mail[i], entries.certificate[i], entries.country[i], entries.province[i], entries.city[i],
            entries.address[i], entries.owner[i], _day(entries.created[i], "%d/%m/%Y"),
            f"{entries.updated[i]:%d/%m/%Y %H:%M}",
        ]
        for i in by_key[CALLCENTRE]
    ]  # fmt: skip
    cards = [
        [
            entries.key[i], "firm" if firm[i] else "person", entries.name[i], company(i), entries.phone[i],
            entries.mail[i], "Y" if mail_verified[i] else "N", entries.country[i], entries.province[i],
            entries.city[i], entries.address[i], entries.owner[i], _day(entries.created[i], "%d.%m.%Y"),
        ]
        for i in by_key[FAIR]
    ]  # fmt: skip
    return [
        *deliver(folder, "shop/customers.csv", ("shop", "customers"), _SHOP, shop, "customer_id"),
        *deliver(folder, "store/members.csv", ("store", "members"), _STORE, store, "会员号", encoding="gb18030"),
        *deliver(
            folder, "callcentre/callers.txt", ("callcentre", "callers"), _CALLCENTRE, callers, "caller", delimiter=";"
        ),
        *deliver(folder, "fair/cards.txt", ("fair", "cards"), _FAIR, cards, "card", delimiter="\t", header=False),
    ]


def _day(day: datetime.date | None, form: str) -> str:
    return "" if day is None else day.strftime(form)
