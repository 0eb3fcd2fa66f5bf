"""How columns may differ from file to file: the keys aliases, optional, required and ignored of a feed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _

from guanxi.intelligence.sources.locate import KeyPath
from guanxi.intelligence.sources.mistakes import did_you_mean
from guanxi.intelligence.sources.readers.options import named_columns
from guanxi.intelligence.sources.scope import Scope
from guanxi.intelligence.sources.terms import Feed, Leeway

KEYS = ("aliases", "optional", "required", "ignored")


def parse_leeway(scope: Scope) -> Leeway:
    """The four keys of one feed."""
    aliases = scope.table("aliases")
    found = {} if aliases is None else {column: aliases.texts(column) for column in aliases.data}
    return Leeway(found, scope.texts("optional"), scope.texts("required"), scope.texts("ignored"))


def check_leeway(scope: Scope, feed: Feed) -> None:
    """Complain about leeway that makes no sense with what the feed reads."""
    if named_columns(feed.options):
        for key in filter(scope.has, KEYS):
            scope.complain(key, _("The contract itself names the columns: they cannot differ."), _("Leave it out."))
        return
    leeway, read = feed.leeway, feed.columns()
    for column in leeway.optional:
        if column not in read:
            _complain(scope, ("optional",), _("Nothing reads the column “{column}”.").format(column=column),
                      did_you_mean(column, read))  # fmt: skip
        elif column in leeway.required:
            _complain(scope, ("optional",), _("“{column}” is both required and optional.").format(column=column), "")
        elif field := _needed_for(feed, column):
            words = _("“{column}” cannot be optional: without “{field}” every row would be rejected.")
            _complain(scope, ("optional",), words.format(column=column, field=field), "")
    for column in leeway.aliases:
        if column not in (*read, *leeway.required):
            _complain(scope, ("aliases", column), _("Nothing reads the column “{column}”.").format(column=column),
                      did_you_mean(column, [*read, *leeway.required]))  # fmt: skip
    _refuse_two_meanings(scope, [*read, *(column for column in leeway.required if column not in read)], leeway)


def _needed_for(feed: Feed, column: str) -> str:
    """The field that a row cannot do without and that is filled from the column; empty if there is none."""
    for table, mapping in feed.mappings.items():
        for field, mapped in mapping.items():
            if column in mapped.read and feed.needs(table, field):
                return f"{table}.{field}"
    return ""


def _refuse_two_meanings(scope: Scope, columns: Sequence[str], leeway: Leeway) -> None:
    """One name in a file can stand for one column only."""
    names = [name for column in columns for name in leeway.names_of(column)]
    for name, times in Counter(names).items():
        if times > 1:
            key = next(column for column in reversed(leeway.aliases) if name in leeway.aliases[column])
            words = _("“{name}” would stand for more than one column.").format(name=name)
            _complain(scope, ("aliases", key), words, _("Leave it out here."))


def _complain(scope: Scope, key: KeyPath, message: str, suggestion: str) -> None:
    scope.mistakes.add((*scope.path, *key), message, suggestion)
