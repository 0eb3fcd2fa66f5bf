"""A value of a JSON column as the databases see it: one expression for filters, order and index, so that they meet.

An index is used only where a query holds the very expression it was made of; Django's own one of a key differs from
it on SQLite and is text on PostgreSQL.
"""

from __future__ import annotations

import re
from typing import Final

KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,23}")
_POSTGRES: Final = {
    "text": "({column} ->> '{key}')", "choice": "({column} ->> '{key}')", "date": "({column} ->> '{key}')",
    "number": "(({column} ->> '{key}')::numeric)", "money": "(({column} ->> '{key}')::bigint)",
    "flag": "(({column} ->> '{key}')::boolean)", "choices": "({column} -> '{key}')",
}  # fmt: skip


def value_sql(vendor: str, column: str, kind: str, key: str) -> str:
    """The expression of a value.

    >>> print(value_sql("sqlite", '"custom"', "number", "beds"))
    json_extract("custom", '$.beds')
    """
    if not KEY.fullmatch(key):
        raise ValueError(f"{key!r} is no key of a field")
    if vendor == "postgresql":
        return _POSTGRES[kind].format(column=column, key=key)
    return f"json_extract({column}, '$.{key}')"


def index_name(subject: str, key: str) -> str:
    """What the index of a field is called."""
    return f"custom_{subject}_{key}"[:60]
