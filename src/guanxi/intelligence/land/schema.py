"""The landed tables: one schema for every source. What they hold is in `docs/how-to/add-a-source.md`."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from guanxi.intelligence.sources.terms import OWN_TABLE

_MONEY: Final = pa.decimal128(18, 4)
_RATE: Final = pa.decimal128(18, 12)
_STAMP: Final = pa.timestamp("us")
_ORIGIN: Final = [
    ("source", pa.string()),
    ("feed", pa.string()),
    ("delivery_id", pa.int64()),
    ("line", pa.int64()),
]

CUSTOMER: Final = pa.schema(
    [
        *_ORIGIN,
        ("source_key", pa.string()),
        ("kind", pa.string()),
        ("name", pa.string()),
        ("gender", pa.string()),
        ("birth_on", pa.date32()),
        ("company", pa.string()),
        ("phone", pa.string()),
        ("phone_verified", pa.bool_()),
        ("phone_2", pa.string()),
        ("email", pa.string()),
        ("email_verified", pa.bool_()),
        ("certificate_type", pa.string()),
        ("certificate_number", pa.string()),
        ("country", pa.string()),
        ("province", pa.string()),
        ("city", pa.string()),
        ("address", pa.string()),
        ("owner_code", pa.string()),
        ("created_on", pa.date32()),
        ("updated_at", _STAMP),
    ]
)
OWN_VALUE: Final = pa.schema(  # a row for every own field the feed fills, also where it leaves it empty
    [
        *_ORIGIN,
        ("source_key", pa.string()),
        ("updated_at", _STAMP),
        ("field", pa.string()),
        ("value", pa.string()),  # as JSON
    ]
)
PURCHASE: Final = pa.schema(
    [
        *_ORIGIN,
        ("source_key", pa.string()),
        ("order_id", pa.string()),
        ("product_id", pa.string()),
        ("ordered_at", _STAMP),
        ("quantity", _MONEY),
        ("unit_price", _MONEY),
        ("revenue", _MONEY),
        ("currency", pa.string()),
        ("is_return", pa.bool_()),
    ]
)
PRODUCT: Final = pa.schema(
    [
        *_ORIGIN,
        ("product_id", pa.string()),
        ("name", pa.string()),
        ("category", pa.string()),
        ("uses", pa.int64()),
    ]
)
RATE: Final = pa.schema(
    [
        *_ORIGIN,
        ("currency", pa.string()),
        ("into", pa.string()),
        ("rated_on", pa.date32()),
        ("rate", _RATE),
        ("valid_days", pa.int64()),
    ]
)
REJECTS: Final = pa.schema(
    [
        ("source", pa.string()),
        ("feed", pa.string()),
        ("delivery_id", pa.int64()),
        ("file", pa.string()),
        ("line", pa.int64()),
        ("reason", pa.string()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("raw", pa.string()),
    ]
)
SCHEMAS: Final = {
    "customer": CUSTOMER, "purchase": PURCHASE, "product": PRODUCT, "rate": RATE, OWN_TABLE: OWN_VALUE,
    "rejects": REJECTS,
}  # fmt: skip

_DUCKDB_TYPES: Final = {
    pa.string(): "VARCHAR", pa.int64(): "BIGINT", pa.bool_(): "BOOLEAN", pa.date32(): "DATE", _STAMP: "TIMESTAMP",
    _MONEY: "DECIMAL(18,4)", _RATE: "DECIMAL(18,12)",
}  # fmt: skip


def duckdb_columns(table: str) -> dict[str, str]:
    """The columns of a landed table with their DuckDB types, for reading none or many of its files."""
    return {field.name: _DUCKDB_TYPES[field.type] for field in SCHEMAS[table]}
