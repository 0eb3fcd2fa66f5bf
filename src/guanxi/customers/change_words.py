"""What a line of the trail says of a customer, in words: which fields changed, what was added and removed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.customers.fields import FIELDS
from guanxi.kernel.ui.registry import Text

# What hangs on a customer, as `guanxi.customers.commands.attached` calls it in the trail.
NOUNS: Final[dict[str, Text]] = {
    "contact_point": _("contact details"),
    "address": _("address"),
    "certificate": _("certificate"),
    "contact": _("contact"),
    "preference": _("preference"),
    "tag": pgettext_lazy("in a sentence", "tag"),
    "relation": _("relation"),
    "attachment": _("file"),
}


def tell_change(changes: Mapping[str, Any]) -> str:
    """One sentence for one change; values are told only where the trail holds them, and it holds none of a person."""
    return gettext("; ").join(_parts(changes)) or gettext("Changed")


def _parts(changes: Mapping[str, Any]) -> Iterator[str]:
    if changes.get("created"):
        yield gettext("Typed in")
        return
    if "deleted" in changes and "attachment" not in changes:
        yield gettext("Put into the bin") if changes["deleted"][1] else gettext("Taken out of the bin")
    fields = [str(FIELDS[name].label) for name in changes if name in FIELDS]
    if fields:
        yield gettext("Changed: %(fields)s") % {"fields": gettext(", ").join(fields)}
    for noun, change in changes.items():
        if noun in NOUNS:
            yield _told_noun(str(NOUNS[noun]), change)


def _told_noun(noun: str, change: Any) -> str:
    if not isinstance(change, list):
        return gettext("Corrected: %(what)s") % {"what": noun}
    if change[0] is None:
        return gettext("Added: %(what)s") % {"what": noun}
    return gettext("Removed: %(what)s") % {"what": noun}
