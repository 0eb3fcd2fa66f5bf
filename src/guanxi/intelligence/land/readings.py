"""How one value of a file is understood: the SQL of its value, and of every way it can be wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyarrow as pa
from sqlglot import exp

from guanxi.intelligence.land import sql
from guanxi.intelligence.land.sql import Expression
from guanxi.intelligence.sources.currencies import currencies
from guanxi.intelligence.sources.dates import has_offset, has_time, parse, shortened
from guanxi.intelligence.sources.fields import KEY_LENGTH, KINDS, MEASURE_DECIMALS, NO, RATE_DECIMALS, YES
from guanxi.intelligence.sources.terms import Contract, Feed

EARLIEST: Final = date(1800, 1, 1)
LATEST: Final = date(2200, 1, 1)  # the first day that is too late
MONEY: Final = "DECIMAL(18, 4)"
RATE_TYPE: Final = "DECIMAL(18, 12)"  # of one unit of a currency
_TOO_MANY: Final = {  # decimals that are allowed -> the code where there are more
    4: "too_many_decimals", MEASURE_DECIMALS: "too_many_own_decimals", RATE_DECIMALS: "too_many_rate_decimals",
}  # fmt: skip
_INTEGER: Final = r"[+-]?[0-9]+(\.0*)?"
_INTEGER_PARTS: Final = r"^\+?(-?)0*([0-9]+?)(\.0*)?$"


@dataclass(frozen=True)
class Fault:
    """A way a value can be wrong: when, the code of the reason, and what to show."""

    when: Expression
    code: str
    shown: Expression


@dataclass(frozen=True)
class Reading:
    """A value, and its faults in the order they are told. `value` is NULL where a fault holds."""

    value: Expression
    faults: tuple[Fault, ...] = ()

    def forgiven(self) -> Reading:
        """The value without its faults: nothing where one holds."""
        if not self.faults:
            return self
        unsure = [sql.call("coalesce", fault.when, exp.false()) for fault in self.faults]
        return Reading(sql.choose((sql.negated(sql.either(*unsure)), self.value)))


@dataclass(frozen=True)
class Source:
    """A cleaned column: trimmed, replaced, NULL where it is empty. `kind` is its Arrow type."""

    column: Expression
    kind: pa.DataType

    @property
    def is_text(self) -> bool:
        """Whether it holds text."""
        return is_text(self.kind)

    @property
    def text(self) -> Expression:
        """The value as text."""
        return self.column if self.is_text else sql.cast(self.column, "VARCHAR")


def is_text(kind: pa.DataType) -> bool:
    """Whether an Arrow type is text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


class Reader:
    """Reads values as one feed writes them."""

    def __init__(self, contract: Contract, feed: Feed) -> None:
        self.zone, self.clock = contract.timezone, feed.clock
        self.formats = feed.formats
        self.is_rounded = feed.is_rounded
        self.thousands, self.decimal = feed.thousands, feed.decimal
        self.units = feed.units
        self._number = _number_pattern(feed.thousands, feed.decimal)

    def clean(self, column: Expression, kind: pa.DataType, replace: dict[str, str], nulls: tuple[str, ...]) -> Source:
        """The column as everything else sees it; text comes trimmed."""
        if not is_text(kind) and replace:
            column, kind = sql.cast(column, "VARCHAR"), pa.string()
        if is_text(kind):
            trimmed = sql.translate(column, replace)
            empty = [sql.literal(value) for value in ("", *nulls)]
            return Source(sql.choose((sql.negated(sql.is_in(trimmed, empty)), trimmed)), kind)
        if pa.types.is_floating(kind):
            column = sql.choose((sql.negated(sql.call("isnan", column)), column))
        if nulls:
            among = sql.is_in(sql.cast(column, "VARCHAR"), [sql.literal(value) for value in nulls])
            column = sql.choose((sql.negated(among), column))
        return Source(column, kind)

    def text(self, source: Source, words: dict[str, str], *, is_integer: bool = False) -> Reading:
        """Text as it stands; a whole number in one way of writing if asked."""
        text, faults = source.text, []
        if source.is_text:
            nul = sql.call("contains", text, sql.call("chr", sql.literal(0)))
            faults.append(Fault(nul, "nul_character", sql.literal("")))
        if is_integer and not pa.types.is_integer(source.kind):
            fits = sql.call("regexp_full_match", text, sql.literal(_INTEGER))
            faults.append(Fault(sql.negated(fits), "not_an_integer", text))
            text = sql.call("regexp_replace", text, sql.literal(_INTEGER_PARTS), sql.literal(r"\1\2"))
        value = sql.translate(text, words)
        if "" in words.values():
            value = sql.call("nullif", value, sql.literal(""))
        return Reading(value, tuple(faults))

    def key(self, source: Source, words: dict[str, str], *, is_integer: bool) -> Reading:
        """An identifier, at most KEY_LENGTH characters."""
        reading = self.text(source, words, is_integer=is_integer)
        long = exp.GT(this=sql.call("length", reading.value), expression=sql.literal(KEY_LENGTH))
        return Reading(reading.value, (*reading.faults, Fault(long, "too_long", source.text)))

    def kind(self, source: Source, words: dict[str, str]) -> Reading:
        """Person or organisation; person where nothing stands."""
        value = sql.call("lower", sql.translate(source.text, words))
        possible = [sql.literal(kind) for kind in KINDS]
        unknown = Fault(sql.negated(sql.is_in(value, possible)), "unknown_kind", source.text)
        return Reading(sql.call("coalesce", value, sql.literal(KINDS[0])), (unknown,))

    def flag(self, source: Source) -> Reading:
        """Yes or no; no where nothing stands."""
        if pa.types.is_boolean(source.kind):
            return Reading(sql.call("coalesce", source.column, exp.false()))
        text = sql.call("lower", source.text)
        yes = sql.is_in(text, [sql.literal(word) for word in YES])
        known = sql.is_in(text, [sql.literal(word) for word in (*YES, *NO)])
        return Reading(sql.call("coalesce", yes, exp.false()), (Fault(sql.negated(known), "bad_flag", source.text),))

    def currency(self, source: Source, words: dict[str, str]) -> Reading:
        """A currency's code, in capitals."""
        value = sql.call("upper", sql.translate(source.text, words))
        known = sql.is_in(value, [sql.literal(code) for code in sorted(currencies())])
        return Reading(value, (Fault(sql.negated(known), "unknown_currency", source.text),))

    def rate(self, source: Source) -> Reading:
        """What some units of a currency cost: a number above 0."""
        reading = self.number(source, RATE_DECIMALS)
        low = exp.LTE(this=reading.value, expression=sql.literal(0))
        return Reading(reading.value, (*reading.faults, Fault(low, "not_positive", source.text)))

    def number(self, source: Source, decimals: int = 4) -> Reading:
        """A number of DECIMAL(18,4), exactly: what has more decimals is a fault unless the feed rounds."""
        kind, exact = source.kind, f"DECIMAL(18, {decimals})"
        if pa.types.is_integer(kind) or (pa.types.is_decimal128(kind) and kind.scale <= decimals):
            value = sql.try_cast(source.column, exact)
            return Reading(value, (Fault(_lost(source, value), "number_too_large", source.text),))
        text, bare = source.text, self._without_units(source)
        is_number = sql.call("regexp_full_match", bare, sql.literal(self._number))
        plain = self._plain_number(bare)
        rounded = sql.call("round_even", sql.try_cast(plain, "DECIMAL(38, 14)"), sql.literal(decimals))
        value = sql.choose((is_number, sql.try_cast(rounded if self.is_rounded else plain, exact)))
        faults = [Fault(sql.negated(is_number), "bad_number", text)]
        faults.append(Fault(_lost(source, value), "number_too_large", text))
        if not self.is_rounded:
            faults.append(Fault(_has_more_decimals(plain, value, decimals), _TOO_MANY[decimals], text))
        return Reading(value, tuple(faults))

    def exact(self, source: Source) -> Expression:
        """A number with all its decimals (ten at most), to add up; NULL where it is none."""
        bare = self._without_units(source)
        is_number = sql.call("regexp_full_match", bare, sql.literal(self._number))
        return sql.choose((is_number, sql.try_cast(self._plain_number(bare), "DECIMAL(38, 10)")))

    def time(self, source: Source) -> Reading:
        """A moment on the wall clock of the contract's zone."""
        kind = source.kind
        skipped: Expression = exp.false()
        if pa.types.is_date(kind):
            value = sql.try_cast(source.column, "TIMESTAMP")
        elif pa.types.is_timestamp(kind):
            value = self._on_the_wall(source.column, has_zone=kind.tz is not None)
            if kind.tz is None:
                skipped = self._is_skipped(sql.try_cast(source.column, "TIMESTAMP"))
        else:
            source = Source(source.text, pa.string())
            value = self._parsed(source.column)
            on_the_clock = [f for f in self.formats if has_time(f) and not has_offset(f)]
            skipped = sql.either(*(self._is_skipped(parse(source.column, f)) for f in on_the_clock))
        faults = [Fault(_lost(source, value), "bad_date", source.text)]
        if self._is_turning:
            faults.append(Fault(skipped, "skipped_time", source.text))
        early = exp.LT(this=value, expression=sql.literal(EARLIEST))
        late = exp.GTE(this=value, expression=sql.literal(LATEST))
        faults.append(Fault(sql.either(early, late), "date_out_of_range", source.text))
        return Reading(value, tuple(faults))

    def day(self, source: Source) -> Reading:
        """A calendar day."""
        reading = self.time(source)
        return Reading(sql.cast(reading.value, "DATE"), reading.faults)

    def _parsed(self, text: Expression) -> Expression:
        if not self.clock and not any(map(has_offset, self.formats)):
            formats = exp.Array(expressions=[sql.literal(date_format) for date_format in self.formats])
            return sql.call("try_strptime", shortened(text, self.formats), formats)
        return sql.call("coalesce", *(self._parsed_by(text, date_format) for date_format in self.formats))

    def _parsed_by(self, text: Expression, date_format: str) -> Expression:
        parsed = parse(text, date_format)
        if has_offset(date_format):
            return sql.call("timezone", sql.literal(self.zone), parsed)
        return self._turned(parsed) if has_time(date_format) else parsed  # a day alone belongs to no clock

    def _on_the_wall(self, moment: Expression, *, has_zone: bool) -> Expression:
        if has_zone:
            return sql.call("timezone", sql.literal(self.zone), moment)
        return self._turned(sql.try_cast(moment, "TIMESTAMP"))

    @property
    def _is_turning(self) -> bool:
        """Whether times are on another clock than the contract's."""
        return bool(self.clock) and self.clock != self.zone

    def _turned(self, moment: Expression) -> Expression:
        """From the clock of the files to the contract's; of an hour that comes twice a year, the second is meant."""
        if not self._is_turning:
            return moment
        return sql.call("timezone", sql.literal(self.zone), sql.call("timezone", sql.literal(self.clock), moment))

    def _is_skipped(self, moment: Expression) -> Expression:
        """Whether the clock of the files jumps over this time in spring, so that it names no moment."""
        clock = sql.literal(self.clock)
        there_and_back = sql.call("timezone", clock, sql.call("timezone", clock, moment))
        return sql.call("coalesce", exp.NEQ(this=there_and_back, expression=moment), exp.false())

    def _without_units(self, source: Source) -> Expression:
        """The text of a number, without what stands around it."""
        text = source.text
        if not source.is_text or not self.units:
            return text
        for unit in self.units:
            text = sql.call("replace", text, sql.literal(unit), sql.literal(""))
        return sql.call("trim", text)

    def _plain_number(self, text: Expression) -> Expression:
        if self.thousands:
            text = sql.call("replace", text, sql.literal(self.thousands), sql.literal(""))
        if self.decimal != ".":
            text = sql.call("replace", text, sql.literal(self.decimal), sql.literal("."))
        return text


def is_number(text: str, thousands: str, decimal: str) -> bool:
    """Whether a text is a number written with these marks.

    >>> is_number("1.234,50", ".", ","), is_number("1.234,50", ",", ".")
    (True, False)
    """
    return re.fullmatch(_number_pattern(thousands, decimal), text) is not None


def _number_pattern(thousands: str, decimal: str) -> str:
    """Digits, grouped by two to four if there is a mark for it, then decimals, then perhaps an exponent."""
    groups = rf"([0-9]+|[0-9]{{1,4}}({re.escape(thousands)}[0-9]{{2,4}})+)" if thousands else "[0-9]+"
    point = re.escape(decimal)
    return rf"[+-]?({groups}({point}[0-9]*)?|{point}[0-9]+)([eE][+-]?[0-9]{{1,3}})?"


def _has_more_decimals(plain: Expression, value: Expression, decimals: int) -> Expression:
    """By its digits; with an exponent, by what was lost."""
    digits = sql.call("regexp_matches", plain, sql.literal(rf"^[^eE]*\.[0-9]{{{decimals}}}[0-9]*[1-9][0-9]*$"))
    has_exponent = sql.call("regexp_matches", plain, sql.literal("[eE]"))
    lost = exp.NEQ(this=sql.cast(value, "DOUBLE"), expression=sql.try_cast(plain, "DOUBLE"))
    return sql.either(digits, sql.both(has_exponent, lost))


def _lost(source: Source, value: Expression) -> Expression:
    return sql.both(sql.not_null(source.column), sql.is_null(value))
