"""From the columns of a feed to the landed tables: one SQL statement for what every row says, one for each table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

import pyarrow as pa
from sqlglot import exp

from guanxi.intelligence.land import sql
from guanxi.intelligence.land.conditions import condition
from guanxi.intelligence.land.fold import fold
from guanxi.intelligence.land.own_values import read_own
from guanxi.intelligence.land.readings import MONEY, RATE_TYPE, Fault, Reader, Reading, Source
from guanxi.intelligence.land.schema import SCHEMAS
from guanxi.intelligence.land.sql import Expression
from guanxi.intelligence.sources.fields import (
    FILE_COLUMN,
    LINE_COLUMN,
    MAPPINGS,
    OWN,
    PSEUDO_COLUMNS,
    RATE_DECIMALS,
    RATE_UNITS,
    VERIFIABLE,
    FieldKind,
)
from guanxi.intelligence.sources.terms import OWN_TABLE, Contract, Feed, Mapped, OwnMapped

ROWS: Final = "rows"  # n, file, line and the columns c0, c1, .. of a chunk
FILES: Final = "files"  # file, name, delivery_id
PARTS: Final = "parts"  # rows of a folded table, from several chunks of one file
JUDGED: Final = "judged"  # what every row says, whether it is filtered out, and its first fault
_SEVERAL: Final = ("uses", "field", "value")  # what a row counts, or tells in several rows
_LANDED_AS: Final = {
    "customer": {"key": "source_key", "owner": "owner_code"},
    "purchase": {"customer": "source_key", "order": "order_id", "product": "product_id"},
    "product": {"key": "product_id"},
    "rate": {"date": "rated_on"},
}


@dataclass(frozen=True)
class NamedFault:
    """A fault as the rejects tell it: code, column of the file, and where in the file's order that stands."""

    fault: Fault
    column: str
    position: int


@dataclass
class Conversion:
    """The SQL that turns chunks of one feed into landed tables, for one order and type of columns.

    Column names never get into the SQL: column `i` of the feed is `c{i}`.
    """

    contract: Contract
    feed: Feed
    names: Sequence[str]
    types: Mapping[str, pa.DataType]
    faults: list[NamedFault] = field(default_factory=list, init=False)
    _values: dict[str, Expression] = field(default_factory=dict, init=False)
    _dropped: list[Expression] = field(default_factory=list, init=False)
    _sources: dict[str, Source] = field(default_factory=dict, init=False)
    _used: set[str] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        self._reader = Reader(self.contract, self.feed)
        self._columns = self.feed.columns()
        self._sources = dict(self._cleaned())
        for table, mapping in self.feed.mappings.items():
            for name in MAPPINGS[table]:
                self._add_field(table, name, mapping.get(name))
        for key, own in self.feed.own.items():
            self._add_own(f"{OWN_TABLE}.{key}", own)
        if self.feed.purchase:
            self._add_amounts()
        if self.feed.rate:
            self._add_rate()
        self._add_filter()
        self.faults.sort(key=lambda named: named.position)

    def judge(self, *, with_sources: bool = False) -> str:
        """SQL that makes JUDGED out of ROWS and FILES: what every row says, whether it is filtered, its first fault.

        `with_sources` keeps the columns it was made of, for `faults_in`.
        """
        origin = ("n", "file", "line", "delivery_id")
        sources = {alias: source for alias, source in self._sources.items() if alias in self._used}
        said = {alias: value for alias, value in self._values.items() if not _is_constant(value)}
        clean = exp.select(
            *map(sql.name, origin),
            *(exp.alias_(source.column, alias, quoted=True) for alias, source in sources.items()),
        ).from_(exp.to_table(ROWS)).join(exp.to_table(FILES), using=["file"])  # fmt: skip
        values = exp.select(exp.Star(), *(exp.alias_(value, alias, quoted=True) for alias, value in said.items()))
        told = exp.select(
            exp.Star(), exp.alias_(sql.either(*self._dropped), "is_dropped"),
            exp.alias_(self._first_of(range(len(self.faults))), "fault"),
        ).from_("said")  # fmt: skip
        kept = [*origin, *(sources if with_sources else ()), *said, "is_dropped", "fault"]
        judged = exp.select(*map(sql.name, kept), exp.alias_(self._shown(), "shown")).from_("told")
        judged = judged.with_("clean", as_=clean).with_("said", as_=values.from_("clean")).with_("told", as_=told)
        return sql.text_of(exp.Create(this=exp.to_table(JUDGED), kind="TABLE", expression=judged,
                                      properties=exp.Properties(expressions=[exp.TemporaryProperty()])))  # fmt: skip

    def count(self) -> str:
        """SQL of the rows, and of those filtered out and rejected, by file."""
        dropped, fault = sql.name("is_dropped"), sql.not_null(sql.name("fault"))
        return sql.text_of(
            exp.select(
                sql.name("file"), sql.call("count", exp.Star()), sql.call("count_if", dropped),
                sql.call("count_if", sql.both(sql.negated(dropped), fault)),
            ).from_(JUDGED).group_by(sql.name("file"))
        )  # fmt: skip

    def rejected(self) -> str:
        """SQL of the rejected rows: n, file, line, number of the fault, value."""
        columns = [sql.name(column) for column in ("n", "file", "line", "fault", "shown")]
        is_rejected = sql.both(sql.negated(sql.name("is_dropped")), sql.not_null(sql.name("fault")))
        return sql.text_of(exp.select(*columns).from_(JUDGED).where(is_rejected).order_by(sql.name("n")))

    def faults_in(self, column: str) -> str:
        """SQL of every fault in one column of the rows that are kept, whatever else is wrong: number, value."""
        own = [i for i, named in enumerate(self.faults) if named.column == column]
        kept = sql.negated(sql.name("is_dropped"))
        faulty = exp.select(exp.Star(replace=[exp.alias_(self._first_of(own), "fault")])).from_(JUDGED).where(kept)
        shown = exp.select(sql.name("fault"), exp.alias_(self._shown(), "shown")).from_(faulty.subquery("faulty"))
        return sql.text_of(shown.where(sql.not_null(sql.name("fault"))))

    def table(self, table: str) -> str:
        """SQL of a landed table, in the order of the files and their lines (or of keys, where rows are folded)."""
        constants = self._constants(table)
        if self.is_folded(table):
            varying = {name: value for name, value in self._columns_of(table).items() if name not in constants}
            return fold(table, self._landed(table, varying), constants)
        order = [sql.name("n"), sql.name("field")] if table == OWN_TABLE else [sql.name("n")]
        return sql.text_of(self._landed(table, self._columns_of(table)).order_by(*order))

    def fold(self, table: str) -> str:
        """SQL that folds PARTS once more."""
        constants = self._constants(table)
        varying = [sql.name(name) for name in SCHEMAS[table].names if name not in constants]
        return fold(table, exp.select(*varying).from_(PARTS), constants)

    def is_folded(self, table: str) -> bool:
        """Whether rows of the file that say the same of one customer or product become one."""
        if table in ("customer", OWN_TABLE):
            return self.feed.is_mixed
        return table == "product" and (self.feed.is_mixed or bool(self.feed.customer))

    def _columns_of(self, table: str) -> dict[str, Expression]:
        """What fills the columns of a landed table, from JUDGED."""
        told = {
            "source": sql.literal(self.contract.name), "feed": sql.literal(self.feed.name),
            "delivery_id": sql.name("delivery_id"), "line": sql.name("line"),
            "into": sql.literal(self.contract.currency), "valid_days": sql.literal(self.feed.valid_days),
            "uses": sql.literal(1),
        }  # fmt: skip
        if table == OWN_TABLE:
            values = [self._named(f"{OWN_TABLE}.{key}") for key in self.feed.own]
            told["field"] = _each([sql.literal(key) for key in self.feed.own])
            told["value"] = _each([sql.cast(value, "VARCHAR") for value in values])
        tells_of = "customer" if table == OWN_TABLE else table
        return {
            name: told[name] if name in told else self._named(f"{tells_of}.{name}") for name in SCHEMAS[table].names
        }

    def _named(self, landed: str) -> Expression:
        """A value of JUDGED; a constant is none of its columns."""
        value = self._values[landed]
        return value if _is_constant(value) else sql.name(landed)

    def _constants(self, table: str) -> dict[str, Expression]:
        """The columns that hold the same in every row; those that differ from one of a row's own rows are none."""
        columns = self._columns_of(table)
        return {name: value for name, value in columns.items() if _is_constant(value) and name not in _SEVERAL}

    def _landed(self, table: str, columns: Mapping[str, Expression]) -> exp.Select:
        """The rows that land in a table."""
        select = exp.select(*(exp.alias_(value, name, quoted=True) for name, value in columns.items())).from_(JUDGED)
        landed = select.where(sql.negated(sql.name("is_dropped")), sql.is_null(sql.name("fault")))
        key = {
            "customer": "customer.source_key", OWN_TABLE: "customer.source_key", "product": "product.product_id",
        }.get(table)  # fmt: skip
        if key is None or _is_constant(self._values[key]):
            return landed
        return landed.where(sql.not_null(sql.name(key)))

    def _first_of(self, numbers: Iterable[int]) -> Expression:
        """The number of the first of these faults that a row has."""
        tests = ((self._by_name(self.faults[i].fault.when), sql.literal(i)) for i in numbers)
        return sql.cast(sql.choose(*tests), "INTEGER")

    def _shown(self) -> Expression:
        """What to show of a row's fault."""
        cases = (
            (sql.equal(sql.name("fault"), sql.literal(i)), named.fault.shown) for i, named in enumerate(self.faults)
        )
        return sql.cast(sql.choose(*cases), "VARCHAR")

    def _by_name(self, test: Expression) -> Expression:
        """The test with the names of values it would compute again."""
        names = {
            value: alias
            for alias, value in self._values.items()
            if not isinstance(value, exp.Column) and not _is_constant(value)
        }
        named: Expression = test.transform(lambda node: sql.name(names[node]) if node in names else node)
        return named

    def _cleaned(self) -> Iterator[tuple[str, Source]]:
        for index, column in enumerate(self._columns):
            yield (
                f"p{index}",
                self._reader.clean(
                    sql.name(f"c{index}"), self.types[column], dict(self.feed.replace.get(column, {})), self.feed.nulls
                ),
            )
        line = exp.DPipe(
            this=exp.DPipe(this=sql.name("name"), expression=sql.literal(":")),
            expression=sql.cast(sql.name("line"), "VARCHAR"),
        )
        yield FILE_COLUMN, Source(sql.name("name"), pa.string())
        yield LINE_COLUMN, Source(line, pa.string())

    def _source(self, column: str) -> Source:
        """A column as the statements after the cleaning see it."""
        alias = column if column in PSEUDO_COLUMNS else f"p{self._columns.index(column)}"
        self._used.add(alias)
        return Source(sql.name(alias), self._sources[alias].kind)

    def _position(self, column: str) -> int:
        return self.names.index(column) if column in self.names else len(self.names)

    def _add_field(self, table: str, name: str, mapped: Mapped | None) -> None:
        kind = MAPPINGS[table][name]
        landed = f"{table}.{_LANDED_AS[table].get(name, name)}"
        if mapped is None:
            if (table, name) == ("purchase", "order"):
                mapped = Mapped(column=LINE_COLUMN)  # each line is an order of its own
            elif (table, name) == ("purchase", "currency"):
                mapped = Mapped(value=self.contract.currency)
            else:
                self._values[landed] = _absent(kind)
                if name in VERIFIABLE:
                    self._values[f"{landed}_verified"] = sql.cast(exp.null(), "BOOLEAN")
                return
        if not mapped.read:
            self._values[landed] = _constant(kind, mapped)
        else:
            reading = self._reading(kind, self._joined(kind, mapped), mapped)
            if mapped.is_lenient:
                reading = reading.forgiven()
            if self.feed.needs(table, name):
                missing = Fault(sql.is_null(reading.value), "missing", sql.literal(""))
                reading = Reading(reading.value, (*reading.faults, missing))
            self._keep(landed, reading, mapped.read[0])
        if name in VERIFIABLE:
            self._add_verified(landed, mapped)

    def _add_own(self, landed: str, own: OwnMapped) -> None:
        if not own.read:
            self._values[landed] = sql.cast(sql.literal(own.value), "VARCHAR")
            return
        reading = read_own(self._reader, self._joined(OWN[own.kind], own), own)
        self._keep(landed, reading.forgiven() if own.is_lenient else reading, own.read[0])

    def _add_verified(self, landed: str, mapped: Mapped) -> None:
        flag = Reading(sql.literal(mapped.verified))
        if isinstance(mapped.verified, str):
            flag = self._reader.flag(self._source(mapped.verified))
            self._note(mapped.verified, flag.faults)
        known = sql.choose((sql.not_null(self._values[landed]), flag.value), otherwise=sql.cast(exp.null(), "BOOLEAN"))
        self._values[f"{landed}_verified"] = known

    def _joined(self, kind: FieldKind, mapped: Mapped) -> Source:
        """The one column, or several put together: of what is there, but a key only of all its parts."""
        sources = [self._source(column) for column in mapped.read]
        if len(sources) == 1:
            return sources[0]
        texts, join = [source.text for source in sources], sql.literal(mapped.join)
        if kind is not FieldKind.KEY:
            told = sql.call("nullif", sql.call("concat_ws", join, *texts), sql.literal(""))
            return Source(told, pa.string())
        key = texts[0]
        for text in texts[1:]:
            key = exp.DPipe(this=exp.DPipe(this=key, expression=join), expression=text)
        return Source(key, pa.string())

    def _reading(self, kind: FieldKind, source: Source, mapped: Mapped) -> Reading:
        words = dict(mapped.map)
        if kind is FieldKind.KEY:
            return self._reader.key(source, words, is_integer=mapped.is_integer)
        if kind is FieldKind.TEXT:
            return self._reader.text(source, words, is_integer=mapped.is_integer)
        if kind is FieldKind.KIND:
            return self._reader.kind(source, words)
        if kind is FieldKind.NUMBER:
            return self._reader.number(source)
        if kind is FieldKind.CURRENCY:
            return self._reader.currency(source, words)
        if kind is FieldKind.RATE:
            return self._reader.rate(source)
        return self._reader.day(source) if kind is FieldKind.DATE else self._reader.time(source)

    def _add_amounts(self) -> None:
        quantity, price, revenue = (self._values[f"purchase.{name}"] for name in ("quantity", "unit_price", "revenue"))
        if "unit_price" in self.feed.purchase:
            revenue = self._product(quantity, price)
        is_return = self._is_return()
        if self.feed.returns and self.feed.returns.is_negated:
            quantity, revenue = (
                sql.choose((is_return, exp.Neg(this=amount)), otherwise=amount) for amount in (quantity, revenue)
            )
        self._values["purchase.quantity"] = quantity
        self._values["purchase.revenue"] = revenue
        self._values["purchase.is_return"] = is_return
        if self.feed.customer:
            told = self._values["customer.updated_at"]
            self._values["customer.updated_at"] = sql.call("coalesce", told, self._values["purchase.ordered_at"])

    def _product(self, quantity: Expression, price: Expression) -> Expression:
        """Quantity times price, half-even to four decimals."""
        exact = exp.Mul(this=sql.cast(quantity, "DECIMAL(19, 4)"), expression=sql.cast(price, "DECIMAL(19, 4)"))
        revenue = sql.try_cast(sql.call("round_even", exact, sql.literal(4)), MONEY)
        column = self.feed.purchase["unit_price"].column or self.feed.purchase["quantity"].column
        if column is not None:
            lost = sql.both(sql.not_null(quantity), sql.not_null(price), sql.is_null(revenue))
            self._note(column, (Fault(lost, "number_too_large", self._source(column).text),))
        return revenue

    def _add_rate(self) -> None:
        """What one unit of the currency costs: exactly, as rates are quoted for powers of ten, or turned round."""
        quoted, per = self._values["rate.rate"], self._values["rate.per"]
        cost = _inverse if self.feed.prices_own else _share
        shifts = [(sql.equal(per, sql.literal(units)), cost(quoted, units)) for units in RATE_UNITS]
        unit_rate = sql.try_cast(sql.choose(*shifts, otherwise=cost(quoted, 1)), RATE_TYPE)
        self._values["rate.rate"] = unit_rate
        for name, code, wrong in (
            ("per", "bad_units", sql.negated(sql.is_in(per, [sql.literal(units) for units in RATE_UNITS]))),
            ("rate", "number_too_large", sql.both(sql.not_null(quoted), sql.is_null(unit_rate))),
        ):
            column = self.feed.rate[name].column if name in self.feed.rate else None
            if column is not None:
                self._note(column, (Fault(wrong, code, self._source(column).text),))

    def _is_return(self) -> Expression:
        if self.feed.returns is None:
            return exp.false()
        tests = []
        for wanted in self.feed.returns.when:
            reading = condition(self._reader, self._source(wanted.column), wanted)
            self._note(wanted.column, reading.faults)
            tests.append(reading.value)
        return sql.both(*tests)

    def _add_filter(self) -> None:
        for wanted in self.feed.keep:
            reading = condition(self._reader, self._source(wanted.column), wanted)
            self._note(wanted.column, reading.faults)
            unsure = [sql.call("coalesce", fault.when, exp.false()) for fault in reading.faults]
            self._dropped.append(sql.both(sql.negated(reading.value), sql.negated(sql.either(*unsure))))

    def _keep(self, landed: str, reading: Reading, column: str) -> None:
        self._values[landed] = reading.value
        self._note(column, reading.faults)

    def _note(self, column: str, faults: Sequence[Fault]) -> None:
        position = self._position(column)
        self.faults.extend(NamedFault(fault, column, position) for fault in faults)


def _each(values: list[Expression]) -> Expression:
    """Every value in a row of its own."""
    return sql.call("unnest", exp.Array(expressions=values))


def _is_constant(value: Expression) -> bool:
    """Whether a value is the same in every row."""
    return value.find(exp.Column) is None


def _share(quoted: Expression, units: int) -> Expression:
    return exp.Mul(this=quoted, expression=sql.literal(Decimal(1) / units))


def _inverse(quoted: Expression, units: int) -> Expression:
    """`units` / `quoted`, half up to 12 decimals, in whole numbers: a division of decimals would be one of doubles."""
    wide = sql.cast(quoted.copy(), f"DECIMAL(38, {RATE_DECIMALS})")
    divisor = sql.cast(exp.paren(exp.Mul(this=wide, expression=sql.literal(10**RATE_DECIMALS))), "HUGEINT")
    doubled = sql.cast(sql.literal(2 * units * 10 ** (RATE_DECIMALS + 12)), "HUGEINT")
    divisor = sql.call("nullif", divisor, sql.literal(0))
    half_up = exp.paren(exp.Add(this=doubled, expression=divisor))
    whole = exp.IntDiv(this=half_up, expression=exp.paren(exp.Mul(this=sql.literal(2), expression=divisor.copy())))
    told = sql.try_cast(exp.paren(whole), "DECIMAL(26, 0)")
    return exp.Mul(this=told, expression=sql.literal(Decimal(1).scaleb(-12)))


def _absent(kind: FieldKind) -> Expression:
    if kind is FieldKind.KIND:
        return sql.literal("person")
    return sql.cast(exp.null(), _TYPES.get(kind, "VARCHAR"))


def _constant(kind: FieldKind, mapped: Mapped) -> Expression:
    return sql.cast(sql.literal(mapped.value), _TYPES.get(kind, "VARCHAR"))


_TYPES: Final = {
    FieldKind.DATE: "DATE", FieldKind.TIME: "TIMESTAMP", FieldKind.NUMBER: MONEY, FieldKind.RATE: RATE_TYPE,
}  # fmt: skip
