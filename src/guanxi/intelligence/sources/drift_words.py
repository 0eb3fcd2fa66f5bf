"""What changed in the columns of a delivery, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from guanxi.intelligence.sources.drift import Drift
from guanxi.kernel.ui import formats

MOST_LISTED: Final = 20


def changes_in_words(drift: Drift) -> str:
    """As "1 new column: “mail”; 1 new column that nothing reads: “day”; “pdays” is gone"; empty if nothing changed."""
    told = [_renamed(old, new) for old, new in drift.renamed]
    told += [_perhaps_renamed(old, new) for old, new in drift.perhaps]
    if read := [column for column in drift.added if column not in drift.unknown]:
        words = ngettext("%(count)s new column: %(columns)s", "%(count)s new columns: %(columns)s", len(read))
        told.append(words % {"count": len(read), "columns": listed(read)})
    if unread := [column for column in drift.added if column in drift.unknown]:
        words = ngettext(
            "%(count)s new column that nothing reads: %(columns)s",
            "%(count)s new columns that nothing reads: %(columns)s",
            len(unread),
        )
        told.append(words % {"count": len(unread), "columns": listed(unread)})
    if drift.removed:
        words = ngettext("%(columns)s is gone", "%(columns)s are gone", len(drift.removed))
        told.append(words % {"columns": listed(drift.removed)})
    if drift.moved:
        words = ngettext("%(columns)s stands elsewhere", "%(columns)s stand elsewhere", len(drift.moved))
        told.append(words % {"columns": listed(drift.moved)})
    return gettext("; ").join(told)


def since_in_words(since: datetime, drift: Drift) -> str:
    """As "Since 2026-07-03: “pdays” is gone."; `since` is when the file came in."""
    day = formats.day(timezone.localdate(since))
    return gettext("Since %(day)s: %(changes)s.") % {"day": day, "changes": changes_in_words(drift)}


def unread_in_words(drift: Drift, *, but_new: bool = False) -> str:
    """What the contract makes nothing of, and what it misses without harm, as sentences; empty if there is neither.

    With `but_new`, the new columns are passed over: `changes_in_words` has told of them.
    """
    new = {*drift.added, *(name for _old, name in drift.perhaps)} if but_new else set()
    told = []
    if unknown := [column for column in drift.unknown if column not in new]:
        told.append(gettext("Nothing reads: %(columns)s.") % {"columns": listed(unknown)})
    if drift.lacking:
        told.append(gettext("Missing, and left empty: %(columns)s.") % {"columns": listed(drift.lacking)})
    return formats.sentences(told)


def listed(columns: Sequence[str]) -> str:
    """“day”, “month”; of very many only the first are named."""
    names = gettext(", ").join(gettext("“%(name)s”") % {"name": name} for name in columns[:MOST_LISTED])
    if (more := len(columns) - MOST_LISTED) <= 0:
        return names
    return ngettext("%(names)s and %(count)s more", "%(names)s and %(count)s more", more) % {
        "names": names, "count": more,
    }  # fmt: skip


def _renamed(old: str, new: str) -> str:
    return gettext("“%(old)s” is called “%(new)s” now") % {"old": old, "new": new}


def _perhaps_renamed(old: str, new: str) -> str:
    return gettext("“%(old)s” is perhaps called “%(new)s” now") % {"old": old, "new": new}
