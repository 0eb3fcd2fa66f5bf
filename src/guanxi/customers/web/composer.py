"""The composer on top of the timeline: what was said, and with it the next step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from guanxi.customers.attached_fields import INTERACTION, TASK
from guanxi.customers.attached_words import INTERACTION_KINDS
from guanxi.customers.fields import Field
from guanxi.customers.queries import CustomerPage
from guanxi.customers.web.forms import draw_form, mistakes, typed_in
from guanxi.kernel.ui.inputs import Form, Text

# Which kinds ask for a field; what is not here is asked for by all.
ASKED_BY: Final = {
    "direction": frozenset({"call", "mail"}),
    "reached": frozenset({"call", "visit"}),
    "subject": frozenset({"meeting", "mail"}),
    "satisfaction": frozenset({"call", "visit", "meeting", "mail"}),
    "contact_id": frozenset({"call", "visit", "meeting", "mail"}),
}
START: Final = {"direction": "out", "reached": "yes"}  # what most calls are
NEXT: Final = {
    "next_title": replace(TASK["title"], name="next_title", label=_("What to do"), is_required=False),
    "next_due_on": replace(TASK["due_on"], name="next_due_on", is_required=False),
}
ENDS: Final = "ends"
FIELDS: Final[Mapping[str, Field]] = INTERACTION | NEXT


@dataclass(frozen=True)
class Kind:
    """One tab of the composer."""

    key: str
    title: Text
    icon: str


@dataclass(frozen=True)
class Composer:
    """The composer as it is drawn: open with the tab `kind`, or closed without."""

    form: Form
    kinds: Sequence[Kind]
    kind: str
    ends: str  # the next step that is done by it
    asked_by: Mapping[str, str]


@dataclass(frozen=True)
class Typed:
    """What was typed into the composer, and what is wrong with it by field."""

    values: Mapping[str, str]
    next_step: Mapping[str, str] | None
    task_id: int | None
    errors: Mapping[str, str]


def draw_composer(page: CustomerPage, sent: QueryDict, errors: Mapping[str, str] | None = None) -> Composer:
    """The composer: closed, opened by the address (`log`, `step`), or as it was sent where it had errors."""
    spoken = [(str(one.id), one.name) for one in page.speakers if one.left_on is None]
    typed = typed_in(FIELDS, sent) if errors else START | {"kind": sent.get("log", "")}
    kind = typed["kind"] if typed["kind"] in INTERACTION_KINDS else ""
    drawn = draw_form(FIELDS, typed | {"kind": kind}, errors=errors, options={"contact_id": spoken}, prefix="log-")
    return Composer(
        form=Form([replace(one, is_sure=one.name in START) for one in drawn.inputs], drawn.errors),
        kinds=[Kind(key, word.label, word.icon) for key, word in INTERACTION_KINDS.items()],
        kind=kind,
        ends=sent.get(ENDS, ""),
        asked_by={name: " ".join(sorted(kinds)) for name, kinds in ASKED_BY.items()},
    )


def read_composer(sent: QueryDict) -> Typed:
    """What was sent. Fields that the kind does not ask for are passed over; a next step needs no more than a day."""
    typed = typed_in(FIELDS, sent)
    kind = typed["kind"]
    values = {name: typed[name] for name in INTERACTION if kind in ASKED_BY.get(name, {kind})}
    following = {name.removeprefix("next_"): typed[name].strip() for name in NEXT}
    next_step = None
    if following["due_on"] or following["title"]:
        next_step = following | {"title": following["title"] or pgettext("next step", "Follow up")}
    errors = mistakes(INTERACTION, values) | mistakes(NEXT, {name: typed[name] for name in NEXT})
    if next_step is not None and not following["due_on"]:
        errors["next_due_on"] = gettext("Say until when, or leave the next step empty.")
    ends = sent.get(ENDS, "")
    return Typed(values, next_step, int(ends) if ends.isdecimal() and len(ends) < 19 else None, errors)
