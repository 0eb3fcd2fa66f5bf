"""Whether a record was merged into another, asked so that PostgreSQL can tell how many were not."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup, Q
from django.db.models.fields.related import ForeignObject
from django.db.models.sql.compiler import SQLCompiler


@ForeignObject.register_lookup
class Itself(Lookup):
    """`main__itself=True`: the relation leads from a row to this very row.

    Of `main_id = id` PostgreSQL believes that one row in 200 is so, and plans every list by that; of the difference it
    keeps statistics (`customers_itself`).
    """

    lookup_name = "itself"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """The comparison."""
        left, values = self.process_lhs(compiler, connection)
        key = f"{compiler.quote_name_unless_alias(self.lhs.alias)}.{connection.ops.quote_name('id')}"
        if connection.vendor == "postgresql":
            return f"({left} - {key}) = 0", values
        return f"{left} = {key}", values


def is_living(customer: str = "") -> Q:
    """Neither merged into another record nor in the bin, for rows in which the customer stands at `customer`."""
    return Q(**{f"{customer}main__itself": True, f"{customer}deleted_at__isnull": True})
