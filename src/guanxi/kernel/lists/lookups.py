"""`path__other=value`: not equal, as a plain comparison.

Django's own `exclude` turns into a sub-select on a joined relation, which no index answers. Empty values are not
"other": who wants them too says so.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Lookup
from django.db.models.fields.related import ForeignObject
from django.db.models.sql.compiler import SQLCompiler


@Field.register_lookup
@ForeignObject.register_lookup
class Other(Lookup):
    """Has a value, and not this one."""

    lookup_name = "other"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """The comparison."""
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} <> {right}", (*left_values, *right_values)
