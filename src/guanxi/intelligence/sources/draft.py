"""A first contract for a file, with the words how sure every line of it is: to be read, mended and checked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from guanxi.intelligence.sources.dates import ISO_FORMATS, two_meanings
from guanxi.intelligence.sources.sniff import Column, DraftRefused, Sniffed, sniff

_E_MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()/.\-]{5,18}[0-9]")
_WORDS: Final[dict[str, str]] = {  # what a column's name says, small letters without blanks, - and _
    "key": r"(customer|client|member|user|cust|buyer|账户|客户|会员|用户)(id|no|nr|number|code|key|编号|号|代码)"
    r"|(customer|client|member|account|客户|会员)",
    "name": r"(customer|client|member|company|full|account|contact)?name|company|姓名|名称|客户(名称|姓名)|公司(名称)?",
    "given": r"(given|first|fore)names?|名",
    "surname": r"surname|(last|family)name|姓",
    "phone": r".*(phone|mobile|tel|手机|电话).*",
    "email": r".*(e?mail|邮箱|邮件|电邮).*",
    "gender": r"gender|sex|性别",
    "birth_on": r"(date(of)?)?birth.*|dob|出生.*|生日",
    "country": r"country|office ?location|国家",
    "province": r"province|state|region|省.*",
    "city": r"city|town|suburb|城市|市",
    "address": r"(street)?address1?|street|地址.*",
    "order": r"(order|invoice|transaction|bill|receipt|opportunity|deal)(id|no|nr|number|code)|order|invoice"
    r"|订单(号|编号)?|单号",
    "product": r"(product|stock|item|article|goods)(id|no|nr|number|code)?|sku|商品(编号|编码)?|产品(编号)?|货号",
    "title": r"(product|item)?(description|title)|(product|item)name|品名|(商品|产品)名称",
    "category": r"(product)?(category|series|group)|类别|分类|品类",
    "ordered_at": r"(order|invoice|purchase|sale|transaction|close)?(date|time|day|edat|edon|datetime)|orderedat|bought"
    r"|.*(日期|时间)",
    "quantity": r"quantity|qty|units|count|pieces|数量|件数",
    "unit_price": r"(unit|sales)?price|单价",
    "revenue": r"(line|order|total|close)?(amount|revenue|value|total|sales|sum)|金额|销售额|总价",
}
_SIMPLIFIED: Final = str.maketrans(
    "戶會員帳編號碼稱電話機郵別國訂單產貨類時間數價額銷總", "户会员账编号码称电话机邮别国订单产货类时间数价额销总"
)
_NUMBERS: Final = ("quantity", "unit_price", "revenue")
_CUSTOMER: Final = ("name", "gender", "birth_on", "phone", "email", "country", "province", "city", "address")


def draft_contract(path: Path) -> str:
    """The text of a first contract for a file.

    Raises
    ------
    DraftRefused, FileEmpty, FileUnreadable
        It is nothing a contract can be drafted for; the message says why.
    """
    sniffed = sniff(path)
    roles = _Roles(sniffed.columns)
    tables = list(roles.tables())
    if not tables:
        reason = _("no column looks like the key of a customer or product, or like a day and an amount.")
        raise DraftRefused(
            place=str(path),
            file=path.name,
            reason=reason,
            way=_('If every row is a customer of its own: key = "@line".'),
        )
    return "\n".join([*_source(path), *_feed(path, sniffed, roles), *tables]) + "\n"


def _source(path: Path) -> Iterator[str]:
    slug = re.sub(r"[^a-z0-9_-]+", "_", path.stem.lower()).strip("_-")[:40] or "source"
    yield "# " + _("A draft: read every line, mend what is wrong, then: guanxi source check FILE")
    yield ""
    yield f'name = "{slug}"  # ' + _("a guess: the short name of the system; it stays with the data")
    yield 'timezone = "Asia/Shanghai"  # ' + _("not in the file: the clock of the business")
    yield 'currency = "CNY"  # ' + _("not in the file: the currency of all amounts")


def _feed(path: Path, sniffed: Sniffed, roles: _Roles) -> Iterator[str]:
    yield ""
    yield "[[feed]]"
    yield 'name = "rows"'
    yield f"path = {_quoted(str(path.resolve()))}  # " + _("a pattern such as *.csv finds further files")
    for key, value, remark in sniffed.keys:
        yield f"{key} = {value}  # {remark}"
    used = [column for column in roles.found.values() if column.formats]
    formats = list(dict.fromkeys(written for column in used for written in column.formats))
    if any(written not in ISO_FORMATS for written in formats):
        others = list(dict.fromkeys(other for column in used for other in column.others))
        sure = _("likely; these would fit too: {others}").format(others=", ".join(others[:3])) if others else _("sure")
        mixed = next((found for column in used if (found := two_meanings(column.filled, column.formats))), None)
        if mixed is not None:
            sure = _("two styles are mixed: “{value}” and all that fit both are read by the first").format(
                value=mixed[0]
            )
        yield f"date_formats = [{', '.join(map(_quoted, formats))}]  # {sure}"
    yield from roles.keep()
    yield from _number_keys([roles.found[name] for name in _NUMBERS if name in roles.found])
    numbers = [value for name in _NUMBERS if name in roles.found for value in roles.found[name].filled]
    if any(re.search(r"\.\d{4}\d*[1-9]", value) for value in numbers):
        yield 'rounding = "half_even"  # ' + _("sure: there are numbers of more than 4 decimals")


def _number_keys(columns: Sequence[Column]) -> Iterator[str]:
    """How the amounts are written, where they are no plain numbers."""
    keys: dict[str, str] = {}
    for column in columns:
        for key, value in (column.style.keys if column.style else {}).items():
            known = keys.setdefault(key, value)
            if known != value:
                keys[key] = f"{known[:-1]}, {value[1:]}" if key == "units" else known
    yield from (f"{key} = {value}  # " + _("likely") for key, value in keys.items())


class _Roles:
    """Which column seems to be what: by its name if its values agree, else by its values."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = columns
        self.found: dict[str, Column] = {}
        self.remarks: dict[str, str] = {}
        for role, words in _WORDS.items():
            for column in columns:
                plain = re.sub(r"[\s_\-.]+", "", column.name).lower().translate(_SIMPLIFIED)
                if re.fullmatch(words, plain) and self._is_free(column) and _agrees(role, column):
                    self._take(role, column, _("likely, by its name"))
                    break
        self._by_values()

    @property
    def has_purchase(self) -> bool:
        """Whether rows tell a day and an amount."""
        has_amount = "revenue" in self.found or {"quantity", "unit_price"} <= set(self.found)
        return "ordered_at" in self.found and has_amount

    def keep(self) -> Iterator[str]:
        """Where often no day or amount stands, those rows are probably no purchases."""
        if not self.has_purchase:
            return
        roles = ("ordered_at", "revenue") if "revenue" in self.found else ("ordered_at", "unit_price", "quantity")
        columns = [self.found[role] for role in roles]
        empty = [column for column in columns if len(column.filled) < len(column.values)]
        if empty:
            conditions = ", ".join(f'{{ column = {_quoted(column.name)}, op = "not_null" }}' for column in empty)
            yield f"keep = [{conditions}]  # " + _("a guess: rows where one of them is empty are left out")

    def tables(self) -> Iterator[str]:
        """The tables of the contract."""
        if "key" in self.found:
            yield "\n[feed.customer]"
            yield self._line("key", "key")
            if "name" not in self.found and {"given", "surname"} <= set(self.found):
                yield self._full_name()
            yield from (self._line(role, role) for role in _CUSTOMER if role in self.found)
        if self.has_purchase:
            yield "\n[feed.purchase]"
            for field, role in (("customer", "key"), ("order", "order"), ("product", "product")):
                if role in self.found:
                    yield self._line(field, role)
            yield self._line("ordered_at", "ordered_at")
            if "revenue" not in self.found:
                yield self._line("unit_price", "unit_price")
            if "quantity" in self.found:
                yield self._line("quantity", "quantity")
            if "revenue" in self.found:
                yield self._line("revenue", "revenue")
            yield from self._returns()
        if "product" in self.found and (self.has_purchase or "key" not in self.found):
            yield "\n[feed.product]"
            yield self._line("key", "product")
            if "title" in self.found:
                yield self._line("name", "title")
            if "category" in self.found:
                yield self._line("category", "category")

    def _returns(self) -> Iterator[str]:
        amounts = [self.found[role] for role in ("quantity", "revenue") if role in self.found]
        if any(value.startswith("-") for column in amounts for value in column.filled):
            yield "# " + _("There are negative amounts: say in [feed.purchase.returns] which rows are returns.")

    def _by_values(self) -> None:
        for role, pattern in (("email", _E_MAIL), ("phone", _PHONE)):
            for column in self.columns:
                fits = column.filled and all(pattern.fullmatch(value) for value in column.filled)
                is_other = column.is_number or column.is_date
                if role not in self.found and fits and not is_other and self._is_free(column):
                    self._take(role, column, _("a guess, by its values"))
        if "ordered_at" not in self.found and ("revenue" in self.found or "unit_price" in self.found):
            for column in self.columns:
                if column.is_date and self._is_free(column):
                    self._take("ordered_at", column, _("a guess, by its values"))
                    break
        if not {"key", "product"} & set(self.found) and not self.has_purchase:
            for column in self.columns:
                if column.is_unique and not column.is_date and self._is_free(column):
                    self._take("key", column, _("a guess: every row has another value"))
                    break

    def _take(self, role: str, column: Column, remark: str) -> None:
        self.found[role], self.remarks[role] = column, remark

    def _is_free(self, column: Column) -> bool:
        return all(taken is not column for taken in self.found.values())

    def _full_name(self) -> str:
        """A name out of its parts, in the order of the language."""
        parts = [self.found["given"], self.found["surname"]]
        is_chinese = not parts[1].name.isascii()
        names = ", ".join(_quoted(column.name) for column in (reversed(parts) if is_chinese else parts))
        join = ', join = ""' if is_chinese else ""
        return f"name = {{ columns = [{names}]{join} }}  # {self.remarks['given']}"

    def _line(self, field: str, role: str) -> str:
        column = self.found[role]
        value = _quoted(column.name)
        if column.misfits:
            misfit = _("some are no dates, such as “{value}”").format(value=column.misfits[0])
            lenient = ', unreadable = "nothing"' if role == "birth_on" else ""
            return f"{field} = {{ column = {value}{lenient} }}  # {self.remarks[role]}; {misfit}"
        is_key = field in {"key", "customer"} and role == "key"
        if is_key and column.is_number and any(re.fullmatch(r"[0-9]+\.0+", text) for text in column.filled):
            value = f'{{ column = {value}, type = "integer" }}'
        return f"{field} = {value}  # {self.remarks[role]}"


def _agrees(role: str, column: Column) -> bool:
    """Whether the values can be what the name says."""
    if role in _NUMBERS:
        return column.style is not None and not column.is_date
    if role in {"ordered_at", "birth_on"}:
        return column.is_date
    if pattern := {"email": _E_MAIL, "phone": _PHONE}.get(role):
        return 2 * sum(pattern.fullmatch(value) is not None for value in column.filled) > len(column.filled)
    return not column.is_date


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
