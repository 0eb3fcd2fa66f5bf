"""How the values of a company's own fields are read: as everything else in a feed, into JSON as customers keep it."""

from __future__ import annotations

import json
from typing import Final

from sqlglot import exp

from guanxi.intelligence.land import sql
from guanxi.intelligence.land.readings import Fault, Reader, Reading, Source
from guanxi.intelligence.land.sql import Expression
from guanxi.intelligence.sources.fields import LARGEST_OWN, MEASURE_DECIMALS, OWN, FieldKind
from guanxi.intelligence.sources.parse_own import UNKNOWN
from guanxi.intelligence.sources.terms import OwnMapped

LONGEST: Final = 500  # characters of a text, as in the form
MOST_DIGITS: Final = 15  # of a number with decimals: what a double holds exactly
_SPACES: Final = r"[\s\p{Z}]+"
_CONTROLS: Final = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_SEPARATOR: Final = r"[\s\p{Z}]*[;；][\s\p{Z}]*"


def read_own(reader: Reader, source: Source, mapped: OwnMapped) -> Reading:
    """The value as JSON; NULL for nothing."""
    kind = OWN[mapped.kind]
    if kind is FieldKind.DATE:
        day = reader.day(source)
        return Reading(_json(sql.cast(day.value, "VARCHAR")), day.faults)
    if kind is FieldKind.AMOUNT:
        return _amount(reader, source)
    if kind is FieldKind.MEASURE:
        return _measure(reader, source)
    if kind in (FieldKind.CHOICE, FieldKind.FLAG):
        return _word(source, mapped)
    if kind is FieldKind.CHOICES:
        return _words(source, mapped)
    return _text(reader, source, mapped)


def _text(reader: Reader, source: Source, mapped: OwnMapped) -> Reading:
    reading = reader.text(source, dict(mapped.map), is_integer=mapped.is_integer)
    clean = _without(_CONTROLS, "", reading.value)
    clean = sql.call("nullif", sql.call("trim", _without(_SPACES, " ", clean)), sql.literal(""))
    faults = list(reading.faults)
    if mapped.kind != UNKNOWN:
        long = exp.GT(this=sql.call("length", clean), expression=sql.literal(LONGEST))
        faults.append(Fault(long, "own_too_long", source.text))
    return Reading(_json(clean), tuple(faults))


def _amount(reader: Reader, source: Source) -> Reading:
    number = reader.number(source)
    units = exp.Mul(this=sql.cast(number.value, "DECIMAL(38, 4)"), expression=sql.literal(10_000))
    shown = sql.cast(sql.cast(units, "BIGINT"), "VARCHAR")
    return Reading(shown, (*number.faults, _too_large(number.value, source)))


def _measure(reader: Reader, source: Source) -> Reading:
    number = reader.number(source, MEASURE_DECIMALS)
    shown = sql.cast(number.value, "VARCHAR")
    plain = sql.call("regexp_replace", shown, sql.literal(r"\.?0*$"), sql.literal(""))
    digits = _without(r"^0+", "", _without(r"[-.]", "", plain))
    many = exp.GT(this=sql.call("length", digits), expression=sql.literal(MOST_DIGITS))
    faults = (*number.faults, _too_large(number.value, source), Fault(many, "too_many_digits", source.text))
    return Reading(plain, faults)


def _word(source: Source, mapped: OwnMapped) -> Reading:
    is_flag = OWN[mapped.kind] is FieldKind.FLAG
    text = sql.call("lower", source.text) if is_flag else source.text
    known = sql.is_in(text, [sql.literal(word) for word in mapped.words])
    branches = [
        (sql.equal(text, sql.literal(word)), sql.literal(meant if is_flag else json.dumps(meant)))
        for word, meant in mapped.words.items()
        if meant
    ]
    unknown = Fault(sql.negated(known), "bad_flag" if is_flag else "unknown_choice", source.text)
    return Reading(sql.cast(sql.choose(*branches), "VARCHAR"), (unknown,))


def _words(source: Source, mapped: OwnMapped) -> Reading:
    """The keys of all chosen options, in their order."""
    parts = sql.call("regexp_split_to_array", source.text, sql.literal(_SEPARATOR))
    unknown = sql.negated(sql.call("list_has_all", _list(["", *mapped.words]), parts))
    chosen = []
    for key in mapped.options:
        called = [word for word, meant in mapped.words.items() if meant == key]
        chosen.append(sql.choose((sql.call("list_has_any", parts, _list(called)), sql.literal(json.dumps(key)))))
    told = sql.call("nullif", sql.call("concat_ws", sql.literal(","), *chosen), sql.literal(""))
    as_list = exp.DPipe(this=exp.DPipe(this=sql.literal("["), expression=told), expression=sql.literal("]"))
    return Reading(as_list, (Fault(unknown, "unknown_choice", source.text),))


def _too_large(value: Expression, source: Source) -> Fault:
    return Fault(
        exp.GTE(this=sql.call("abs", value), expression=sql.literal(LARGEST_OWN)), "number_too_large", source.text
    )


def _json(text: Expression) -> Expression:
    return sql.cast(sql.call("to_json", text), "VARCHAR")


def _without(pattern: str, instead: str, text: Expression) -> Expression:
    return sql.call("regexp_replace", text, sql.literal(pattern), sql.literal(instead), sql.literal("g"))


def _list(words: list[str]) -> Expression:
    return exp.Array(expressions=[sql.literal(word) for word in words])
