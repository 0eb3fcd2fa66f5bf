"""Whether a record was merged into another, asked so that PostgreSQL can tell how many were."""

from __future__ import annotations

from typing import Any, Final

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
        """The comparison; within an index the columns stand without their table."""
        left, values = self.process_lhs(compiler, connection)
        table = f"{compiler.quote_name_unless_alias(self.lhs.alias)}." if self.lhs.alias else ""
        return f"({left} - {table}{connection.ops.quote_name('id')}) {'=' if self.rhs else '<>'} 0", tuple(values)


GONE: Final = Q(main__itself=False) | Q(deleted_at__isnull=False)  # merged into another record, or in the bin
