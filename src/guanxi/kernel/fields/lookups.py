"""The JSON column of values, whose paths name a kind and a key: `custom__number_beds`, in filters, order and values."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

from guanxi.kernel.fields.sql import KEY, value_sql
from guanxi.kernel.money import MoneyField


class _Number(models.FloatField):  # type: ignore[type-arg]
    """A number as JSON holds it: NUMERIC on PostgreSQL, what SQLite makes of it there."""

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:  # noqa: FBT001, ARG002
        if value is None:
            return None
        exact = Decimal(str(value))
        if connection.vendor == "postgresql":
            return exact
        return int(exact) if exact == exact.to_integral_value() else float(exact)

    def from_db_value(self, value: Any, *_: object) -> Decimal | None:
        return None if value is None else Decimal(str(value))


class _IsoDate(models.DateField):  # type: ignore[type-arg]
    """A day as text: a cast to a date depends on the session, so PostgreSQL would not index it."""

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:  # noqa: FBT001, ARG002
        return value.isoformat() if isinstance(value, date) else value

    def from_db_value(self, value: Any, *_: object) -> date | None:
        return date.fromisoformat(value) if isinstance(value, str) else value


class _Choices(models.JSONField):
    """The keys of the chosen options."""


@_Choices.register_lookup
class Holds(models.Lookup):
    """Whether an option is among the chosen ones."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """The comparison; keys of options hold no signs that either language of patterns knows."""
        left, values = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql":
            return f"{left} @> %s::jsonb", (*values, json.dumps(self.rhs))
        return f"instr({left}, %s) > 0", (*values, json.dumps(self.rhs))


_OUTPUTS: Final[dict[str, Callable[[], models.Field[Any, Any]]]] = {
    "text": models.TextField, "choice": models.TextField, "number": _Number, "money": MoneyField, "date": _IsoDate,
    "flag": models.BooleanField, "choices": _Choices,
}  # fmt: skip


class CustomValue(models.Transform):
    """One value of the column."""

    conditional = False  # a yes or no is compared as a value too: `NOT value` would know no index

    def __init__(self, kind: str, key: str, *expressions: Any, **extra: Any) -> None:
        super().__init__(*expressions, **extra)
        self.kind, self.key = kind, key

    def _resolve_output_field(self) -> models.Field[Any, Any]:
        return _OUTPUTS[self.kind]()

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_: Any, **__: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """The expression the index is made of."""
        column, values = compiler.compile(self.get_source_expressions()[0])
        return value_sql(connection.vendor, column, self.kind, self.key), tuple(values)


class CustomValues(models.JSONField):
    """A column of values by key."""

    def deconstruct(self) -> Any:
        """To migrations it is the column it is: nothing is to be rebuilt."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def get_transform(self, lookup_name: str) -> Any:
        """`number_beds` is the number under "beds"."""
        kind, _sign, key = lookup_name.partition("_")
        if kind in _OUTPUTS and KEY.fullmatch(key):
            return lambda *expressions, **extra: CustomValue(kind, key, *expressions, **extra)
        return super().get_transform(lookup_name)
