"""The fields a contract can fill, and what may stand in them."""

from __future__ import annotations

from enum import Enum
from typing import Final


class FieldKind(Enum):
    """How a field's text is understood."""

    KEY = "key"  # an identifier, at most KEY_LENGTH characters
    TEXT = "text"
    KIND = "kind"  # person or organisation
    DATE = "date"
    TIME = "time"
    NUMBER = "number"  # DECIMAL(18,4)
    CURRENCY = "currency"  # an ISO 4217 code
    RATE = "rate"  # a number above 0 of at most RATE_DECIMALS decimals
    AMOUNT = "amount"  # an own field of money: a number below LARGEST_OWN
    MEASURE = "measure"  # an own field of numbers: below LARGEST_OWN, at most MEASURE_DECIMALS decimals
    CHOICE = "choice"  # one of the options of an own field
    CHOICES = "choices"  # some of them
    FLAG = "flag"  # yes or no


KEY_LENGTH: Final = 120
RATE_DECIMALS: Final = 8
RATE_UNITS: Final = (1, 10, 100, 1_000, 10_000)  # of a currency, that a rate may be quoted for
OWN_HEAD: Final = "custom"  # the table of a contract, and what the names of own fields begin with everywhere
MEASURE_DECIMALS: Final = 6
LARGEST_OWN: Final = 10**12
KINDS: Final = ("person", "organisation")
YES: Final = ("1", "true", "t", "yes", "y", "是", "已验证", "已認證", "已认证")
NO: Final = ("0", "false", "f", "no", "n", "否", "未验证", "未認證", "未认证")

CUSTOMER: Final[dict[str, FieldKind]] = {
    "key": FieldKind.KEY,
    "kind": FieldKind.KIND,
    "name": FieldKind.TEXT,
    "gender": FieldKind.TEXT,
    "birth_on": FieldKind.DATE,
    "company": FieldKind.TEXT,
    "phone": FieldKind.TEXT,
    "phone_2": FieldKind.TEXT,
    "email": FieldKind.TEXT,
    "certificate_type": FieldKind.TEXT,
    "certificate_number": FieldKind.TEXT,
    "country": FieldKind.TEXT,
    "province": FieldKind.TEXT,
    "city": FieldKind.TEXT,
    "address": FieldKind.TEXT,
    "owner": FieldKind.TEXT,
    "created_on": FieldKind.DATE,
    "updated_at": FieldKind.TIME,
}
PURCHASE: Final[dict[str, FieldKind]] = {
    "customer": FieldKind.KEY,
    "order": FieldKind.KEY,
    "product": FieldKind.KEY,
    "ordered_at": FieldKind.TIME,
    "quantity": FieldKind.NUMBER,
    "unit_price": FieldKind.NUMBER,
    "revenue": FieldKind.NUMBER,
    "currency": FieldKind.CURRENCY,
}
PRODUCT: Final[dict[str, FieldKind]] = {
    "key": FieldKind.KEY,
    "name": FieldKind.TEXT,
    "category": FieldKind.TEXT,
}
RATE: Final[dict[str, FieldKind]] = {
    "date": FieldKind.DATE,
    "currency": FieldKind.CURRENCY,
    "rate": FieldKind.RATE,
    "per": FieldKind.NUMBER,
}
OWN: Final = {  # kinds of a company's own fields; of one nobody knows the kind of, any text will do
    "text": FieldKind.TEXT, "number": FieldKind.MEASURE, "money": FieldKind.AMOUNT, "date": FieldKind.DATE,
    "choice": FieldKind.CHOICE, "choices": FieldKind.CHOICES, "flag": FieldKind.FLAG, "": FieldKind.TEXT,
}  # fmt: skip
MAPPINGS: Final = {"customer": CUSTOMER, "purchase": PURCHASE, "product": PRODUCT, "rate": RATE}
REQUIRED: Final[dict[str, tuple[str, ...]]] = {
    "customer": ("key",),
    "purchase": ("ordered_at",),
    "product": ("key",),
    "rate": ("date", "currency", "rate"),
}
VERIFIABLE: Final = frozenset({"phone", "email"})

FILE_COLUMN: Final = "@file"  # the file's name
LINE_COLUMN: Final = "@line"  # the file's name and the row's line: a key for files that have none
PSEUDO_COLUMNS: Final = (FILE_COLUMN, LINE_COLUMN)
