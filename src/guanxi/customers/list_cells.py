"""How the fields of a customer look in a row of the list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Min
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from guanxi.customers.models import Customer, CustomerTag, Task
from guanxi.customers.place_words import place_of
from guanxi.customers.rules import mask_email, mask_phone
from guanxi.customers.templatetags.customers import stage_badge, tier_badge
from guanxi.customers.words import OWNERS, Word
from guanxi.kernel.lists.fields import Ground
from guanxi.kernel.lists.spec import numbered
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.markup import escaped
from guanxi.kernel.ui.parts import Cell
from guanxi.kernel.ui.templatetags.ui import avatar, badge, draw_icon

Row = Mapping[str, Any]
Show = Callable[[Row, Ground], Cell]
TAGS_SHOWN: Final = 3
_page_of: Final = numbered("customer")


def name_cell(row: Row, _ground: Ground) -> Cell:
    """The name, which leads to the page; an organisation with its icon."""
    name = row["name"] or gettext("No name")
    if row["kind"] == Customer.Kind.ORGANISATION:
        name = format_html("{}{}", draw_icon("building", "gx-inline"), name)
    return Cell(name, href=_page_of(row["pk"]), value=row["name"])


def tier_cell(row: Row, _ground: Ground) -> Cell:
    """The tier as its badge."""
    return Cell(tier_badge(row["now__tier"] or ""), value=row["now__tier"])


def stage_cell(row: Row, _ground: Ground) -> Cell:
    """The stage as its badge."""
    return Cell(stage_badge(row["now__stage"] or ""), value=row["now__stage"])


def word_cell(path: str, words: Mapping[str, Word]) -> Show:
    """A class by its name."""

    def show(row: Row, _ground: Ground) -> Cell:
        word = words.get(row[path] or "")
        return Cell(word.label if word else "", value=row[path])

    return show


def text_cell(path: str) -> Show:
    """A text as it is."""
    return lambda row, _ground: Cell(row[path] or "")


def number_cell(path: str) -> Show:
    """A number or an amount, without cents: they are noise in a list."""
    return lambda row, _ground: Cell("" if row[path] is None else formats.number(row[path]), value=row[path])


def day_cell(path: str) -> Show:
    """A day as a date."""
    return lambda row, _ground: Cell(formats.day(row[path]) if row[path] else "", value=row[path])


def age_cell(path: str) -> Show:
    """How long ago a day of the computed values was."""

    def show(row: Row, ground: Ground) -> Cell:
        day: date | None = row[path]
        if day is None:
            return Cell("")
        return Cell(formats.age(day, ground.as_of or ground.today), value=day, title=formats.day(day))

    return show


def moment_cell(path: str) -> Show:
    """How long ago something was, by today's clock."""

    def show(row: Row, ground: Ground) -> Cell:
        at: datetime | None = row[path]
        if at is None:
            return Cell("")
        return Cell(formats.age(timezone.localtime(at).date(), ground.today), value=at, title=formats.moment(at))

    return show


def place_cell(row: Row, _ground: Ground) -> Cell:
    """Region and city."""
    return Cell(place_of(row["region_code"], row["city"]))


def phone_cell(row: Row, _ground: Ground) -> Cell:
    """The phone, masked."""
    return Cell(mask_phone(row["phone"]))


def email_cell(row: Row, _ground: Ground) -> Cell:
    """The mail address, masked."""
    return Cell(mask_email(row["email"]))


def owner_cell(row: Row, _ground: Ground) -> Cell:
    """Who looks after the customer; a seller who has left by the code the source knows."""
    owner = row["owner__display_name"] or row["owner__username"] or ""
    if owner:
        return Cell(SafeString(f"{avatar(owner)}{escaped(owner)}"), value=owner)
    code = row["owner_code"]
    if code:
        seller = gettext("Seller left: %(code)s") % {"code": code}
        return Cell(OWNERS["left"].label, value=code, tone="warning", title=seller)
    return Cell("")


def satisfaction_cell(row: Row, _ground: Ground) -> Cell:
    """What the customer told last, of five."""
    told = row["satisfaction"]
    return Cell("" if told is None else f"{told} / 5", value=told)


def load_tags(keys: Sequence[int], _ground: Ground) -> Mapping[int, list[str]]:
    """The tags of the customers, by name."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    on = CustomerTag.objects.filter(customer__main__in=keys).order_by("tag__name")
    for main_id, name in on.values_list("customer__main", "tag__name").distinct():
        found[main_id].append(name)
    return found


def tags_cell(row: Row, _ground: Ground) -> Cell:
    """The first tags, and how many more."""
    names = row["tags"] or []
    shown = format_html_join(" ", "{}", ((badge(name),) for name in names[:TAGS_SHOWN]))
    more = len(names) - TAGS_SHOWN
    if more > 0:
        shown = format_html("{} +{}", shown, more)
    return Cell(shown, value=formats.listed(names), title=formats.listed(names) if more > 0 else "")


def load_follow_ups(keys: Sequence[int], _ground: Ground) -> Mapping[int, date]:
    """The day of the first open task of each."""
    tasks = Task.objects.filter(customer__main__in=keys, state=Task.State.OPEN).order_by()
    first = tasks.values("customer__main").annotate(first=Min("due_on"))
    return {row["customer__main"]: row["first"] for row in first}


def follow_up_cell(row: Row, ground: Ground) -> Cell:
    """When somebody wants to get in touch next; one that is overdue says so."""
    due: date | None = row["follow_up"]
    if due is None:
        return Cell("")
    if due < ground.today:
        overdue = gettext("overdue: %(day)s") % {"day": formats.day(due)}
        return Cell(formats.age(due, ground.today), value=due, tone="danger", title=overdue)
    return Cell(gettext("today") if due == ground.today else formats.day(due), value=due)
