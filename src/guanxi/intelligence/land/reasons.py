"""Why a row was set aside (S1i): kept as a code, told in words in the reader's language."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: Final[dict[str, str | Promise]] = {
    "column_count": _("The row has {found} columns; the header has {expected}."),
    "unclosed_quote": _("A quote is opened and never closed."),
    "stray_quote": _("Text follows a closing quote where a delimiter belongs."),
    "field_too_long": _("A field is longer than 131,072 characters: probably a quote is missing."),
    "short_line": _("The line has {found} characters; the columns need {expected}."),
    "header_again": _("The line is not a row, but names the columns."),
    "bad_json": _("The line is not JSON."),
    "torn_line": _("The last line is torn: the file ends in the middle of it."),
    "not_an_object": _("The line is JSON, but not an object with named fields."),
    "nested_value": _("“{value}” holds a list or an object, not a single value."),
    "cell_error": _("The cell of “{column}” shows an error such as #N/A."),
    "not_computed": _("The formula in “{column}” was never computed: open the sheet in Excel and save it."),
    "merged_cell": _("The cell of “{column}” is merged with another one, so it is not sure whose value that is."),
    "digits_lost": _("“{value}” in “{column}” has more than the 15 digits a sheet keeps of a number."),
    "nul_character": _("“{column}” holds a NUL character."),
    "missing": _("“{column}” is empty."),
    "too_long": _("“{column}” is longer than 120 characters: “{value}”."),
    "not_an_integer": _("“{value}” in “{column}” is not a whole number."),
    "bad_number": _("“{value}” in “{column}” is not a number."),
    "too_many_decimals": _("“{value}” in “{column}” has more than 4 decimals."),
    "too_many_rate_decimals": _("“{value}” in “{column}” has more than 8 decimals."),
    "not_positive": _("“{value}” in “{column}” is not above 0."),
    "bad_units": _("“{value}” in “{column}” is not a number of units: 1, 10, 100, 1000 or 10000."),
    "unknown_currency": _("“{value}” in “{column}” is not a currency."),
    "too_many_own_decimals": _("“{value}” in “{column}” has more than 6 decimals."),
    "too_many_digits": _("“{value}” in “{column}” has more than 15 digits."),
    "own_too_long": _("“{column}” is longer than 500 characters: “{value}”."),
    "unknown_choice": _("“{value}” in “{column}” is not one of the choices."),
    "number_too_large": _("“{value}” in “{column}” is too large a number."),
    "bad_date": _("“{value}” in “{column}” is not a date in a format of the contract."),
    "skipped_time": _("“{value}” in “{column}” is a time that the clock of the feed jumps over."),
    "date_out_of_range": _("“{value}” in “{column}” is before 1800 or after 2199."),
    "unknown_kind": _("“{value}” in “{column}” is neither person nor organisation."),
    "bad_flag": _("“{value}” in “{column}” is neither yes nor no."),
}


def reason_text(code: str, value: str, column: str) -> str:
    """The reason in words: `reason_text("bad_date", "13/25/2016", "close_date")`."""
    template = str(REASONS.get(code, code))
    if code in {"column_count", "short_line"}:
        found, _slash, expected = value.partition("/")
        return template.format(found=found, expected=expected)
    return template.format(value=value, column=column)
