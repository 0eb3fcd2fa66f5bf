"""The control totals of a feed: its table `control`."""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext as _

from guanxi.intelligence.sources.control import FILE, ROWS, SUM, Control
from guanxi.intelligence.sources.databases import DATABASES
from guanxi.intelligence.sources.readers.options import ReaderOptions, can_end_in_total
from guanxi.intelligence.sources.scope import Scope

_EXAMPLE: Final = 'line = "TOTAL,{rows},{sum}"'


def parse_control(feed: Scope, file_format: str, options: ReaderOptions) -> Control | None:
    """What the feed says of its control totals; None if it says nothing."""
    scope = feed.table("control")
    if scope is None:
        return None
    if file_format in DATABASES:
        feed.complain("control", _("A table of a database has no control totals."), _("Leave it out."))
    is_list = isinstance(scope.data.get("line"), list)
    one = scope.text("line", required=True, example=_EXAMPLE.partition(" = ")[2]) if not is_list else ""
    lines = scope.texts("line") if is_list else (one,) if one else ()
    control = Control(lines, scope.text("sum_of"), scope.text("file"))
    scope.close()
    if control.is_last_line and file_format not in DATABASES and not can_end_in_total(options):
        words = _("The last line of such a file cannot tell its totals.")
        scope.complain("file", words, _("Name the file that does: {example}").format(example='file = "{stem}.ctl"'))
    if lines:
        _check_lines(scope, control)
    return control


def _check_lines(scope: Scope, control: Control) -> None:
    if not control.tells(ROWS) and not control.tells(SUM):
        scope.complain("line", _("The line has neither {rows} nor {sum} in it."),
                       _("Add: {example}").format(example=_EXAMPLE))  # fmt: skip
    words = [word for line in control.lines for word in re.findall(r"\{([a-z]*)", line)]
    for word in dict.fromkeys(words):
        if word in {ROWS, SUM, FILE} and words.count(word) > 1:
            scope.complain("line", _("“{word}” is there more than once.").format(word=f"{{{word}}}"))
    if control.tells(SUM) and not control.sum_of:
        scope.complain("sum_of", _("Nothing says of which column {sum} is the sum."),
                       _("Add: {example}").format(example='sum_of = "Column"'))  # fmt: skip
    if control.sum_of and not control.tells(SUM):
        scope.complain("sum_of", _("No line tells {sum}."), _("Leave it out."))
    if control.tells(FILE) and control.is_last_line:
        scope.complain("line", _("{file} stands in control files only."))
    if control.is_last_line and len(control.lines) > 1:
        scope.complain("line", _("Only control files have several lines."))
    if control.file and ("/" in control.file or "\\" in control.file):
        scope.complain("file", _("A control file stands beside the files it is for."), _("Leave the folder out."))
