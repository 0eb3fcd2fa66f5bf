"""The terms of a contract, as they stand once it has been read without a mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final, Literal

from guanxi.intelligence.sources.control import Control
from guanxi.intelligence.sources.dates import ISO_FORMATS
from guanxi.intelligence.sources.fields import PSEUDO_COLUMNS
from guanxi.intelligence.sources.readers.options import ReaderOptions

OWN_SOURCE: Final = "guanxi"  # the source of what is written down here; no contract may bear its name
OWN_TABLE: Final = "own_value"  # what customers hold in the company's own fields, a row for each
Operator = Literal["=", "!=", "<", "<=", ">", ">=", "in", "not_in", "starts_with", "not_null"]
Scalar = str | int | Decimal | bool | date


@dataclass(frozen=True, slots=True)
class Mapped:
    """What fills one field: a column, several `columns` put together with `join` between them, or a constant `value`.

    `map` replaces values (those it does not name stay). `is_integer` takes 17850, "17850" and "17850.0" for one key.
    `verified` (phone and e-mail) is a constant, or the name of the column that tells. Where it `is_lenient`, what
    cannot be read is nothing, instead of a fault of the row.
    """

    column: str | None = None
    columns: tuple[str, ...] = ()
    join: str = " "
    value: str | date | None = None
    is_integer: bool = False
    map: Mapping[str, str] = field(default_factory=dict)
    verified: bool | str = False
    is_lenient: bool = False

    @property
    def read(self) -> tuple[str, ...]:
        """The columns whose values make the field's."""
        return self.columns if self.column is None else (self.column,)


@dataclass(frozen=True, slots=True)
class OwnMapped(Mapped):
    """What fills one of the company's own fields.

    `kind` is the field's ("" where nobody knows it); a constant `value` is JSON already. Of a choice, `words` are what
    an option may be called -> its key ("" for nothing), and `options` the keys in their order.
    """

    kind: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """A test on one source column. Numbers compare as numbers, dates as dates, text as text."""

    column: str
    op: Operator
    value: Scalar | tuple[Scalar, ...] | None = None


@dataclass(frozen=True, slots=True)
class Returns:
    """Which purchase rows are returns or cancellations, and whether the file already shows them as negative."""

    when: tuple[Condition, ...]
    is_negated: bool


@dataclass(frozen=True, slots=True)
class Split:
    """A column that holds several values: each of them makes a row of its own, and the other columns are repeated."""

    column: str
    by: str


@dataclass(frozen=True, slots=True)
class Leeway:
    """How the columns may differ from one file of a feed to the next.

    Attributes
    ----------
    aliases
        Column -> other names it has had, the first that is there counts.
    optional
        Columns that are read where they are; elsewhere their values are nothing.
    required
        Columns nobody reads, without which a file is refused all the same.
    ignored
        Patterns of columns nobody reads, whose coming and going is not worth a word.
    """

    aliases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    optional: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()

    def names_of(self, column: str) -> tuple[str, ...]:
        """Every name the column may have in a file, the first one to be preferred."""
        return (column, *self.aliases.get(column, ()))

    def is_ignored(self, column: str) -> bool:
        """Whether the column is not worth a word."""
        return any(fnmatchcase(column, pattern) for pattern in self.ignored)


@dataclass(frozen=True, slots=True)
class Feed:
    """One kind of file a source delivers.

    Attributes
    ----------
    location
        The file, folder, archive or pattern, absolute.
    members
        Which files within a folder or an archive.
    is_full
        True: what is delivered now is all there is. False: deliveries add up.
    date_formats
        As the contract names them, if it does; `formats` are those that are tried.
    clock
        The zone of the times in the files; None means the contract's own.
    keep
        Rows for which all of these hold are kept, the others are filtered out (S1h).
    replace
        Column -> value -> what to read instead.
    valid_days
        How many days a rate holds when no newer one comes.
    leeway
        How the columns may differ from file to file.
    control
        How the files tell their control totals; None if they have none.
    split
        The column of several values of which each makes a row; None if every row is one.
    units
        Texts that stand around numbers and are no part of them.
    prices_own
        A rate says what the company's currency costs in the other one, not the other way round.
    own
        What fills the company's own fields of customers, by their keys.
    """

    name: str
    location: str
    members: str
    format: str
    options: ReaderOptions
    is_full: bool
    date_formats: tuple[str, ...]
    clock: str | None
    thousands: str
    decimal: str
    is_rounded: bool
    nulls: tuple[str, ...]
    keep: tuple[Condition, ...]
    replace: Mapping[str, Mapping[str, str]]
    customer: Mapping[str, Mapped]
    purchase: Mapping[str, Mapped]
    product: Mapping[str, Mapped]
    returns: Returns | None
    rate: Mapping[str, Mapped] = field(default_factory=dict)
    valid_days: int = 0
    leeway: Leeway = field(default_factory=Leeway)
    control: Control | None = None
    split: Split | None = None
    units: tuple[str, ...] = ()
    prices_own: bool = False
    own: Mapping[str, OwnMapped] = field(default_factory=dict)

    @property
    def mappings(self) -> Mapping[str, Mapping[str, Mapped]]:
        """The tables this feed fills and how: a subset of customer, purchase, product, rate."""
        every = {"customer": self.customer, "purchase": self.purchase, "product": self.product, "rate": self.rate}
        return {name: mapping for name, mapping in every.items() if mapping}

    @property
    def tables(self) -> tuple[str, ...]:
        """The landed tables this feed fills."""
        return (*self.mappings, OWN_TABLE) if self.own else (*self.mappings,)

    @property
    def is_mixed(self) -> bool:
        """Whether rows are purchases that also tell about customers or products."""
        return bool(self.purchase)

    def needs(self, table: str, name: str) -> bool:
        """Whether a row in which this field is empty is rejected.

        In a mixed feed a row without customer is an anonymous purchase, and one without product names none.
        """
        if table == "purchase":
            return name not in {"customer", "product"}
        if table == "rate":
            return name != "per"
        return name == "key" and not self.is_mixed and (table == "customer" or not self.customer)

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats of dates, in the order they are tried; the days and times of a sheet come as ISO 8601."""
        if self.format == "xlsx":
            return tuple(dict.fromkeys((*ISO_FORMATS, *self.date_formats)))
        return self.date_formats or ISO_FORMATS

    def columns(self) -> list[str]:
        """Every column of the files that this feed reads, each once, as the contract calls it."""
        return [name for name in dict.fromkeys(self._column_names()) if name not in PSEUDO_COLUMNS]

    def names(self) -> list[str]:
        """Every name in a file that means something to the contract."""
        known = dict.fromkeys([*self.columns(), *self.leeway.required])
        return [name for column in known for name in self.leeway.names_of(column)]

    def _column_names(self) -> Iterator[str]:
        for mapping in self.mappings.values():
            for mapped in mapping.values():
                yield from mapped.read
                if isinstance(mapped.verified, str):
                    yield mapped.verified
        for mapped in self.own.values():
            yield from mapped.read
        for condition in (*self.keep, *(self.returns.when if self.returns else ())):
            yield condition.column
        if self.control is not None and self.control.sum_of:
            yield self.control.sum_of
        if self.split is not None:
            yield self.split.column


@dataclass(frozen=True, slots=True)
class Contract:
    """One source system: its name, its clock and money, and what it delivers."""

    path: Path
    name: str
    title: Mapping[str, str]
    priority: int
    timezone: str
    currency: str
    business_date: date | None
    feeds: tuple[Feed, ...]
