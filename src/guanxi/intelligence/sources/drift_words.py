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
    """As "2 new columns: “day”, “month”; “pdays” is gone"; empty if nothing changed."""
    told = [_renamed(old, new) for old, new in drift.renamed]
    told += [_perhaps_renamed(old, new) for old, new in drift.perhaps]
    if count := len(drift.added):
        words = ngettext("%(count)s new column: %(columns)s", "%(count)s new columns: %(columns)s", count)
        told.append(words % {"count": count, "columns": listed(drift.added)})
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


def unread_in_words(drift: Drift) -> str:
    """What the contract makes nothing of, and what it misses without harm; empty if there is neither."""
    told = []
    if drift.unknown:
        told.append(gettext("Nothing reads: %(columns)s") % {"columns": listed(drift.unknown)})
    if drift.lacking:
        told.append(gettext("Missing, and left empty: %(columns)s") % {"columns": listed(drift.lacking)})
    return gettext("; ").join(told)


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
