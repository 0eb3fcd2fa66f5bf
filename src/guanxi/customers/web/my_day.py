"""My day and the calendar: what is due, with one click to the end of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext, pgettext
from django.views.decorators.http import require_GET

from guanxi.customers.queries.calendar import list_calendar
from guanxi.customers.queries.my_day import DayStep, get_my_day
from guanxi.customers.web.seen import seen_ids
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.ui import formats

WEEK: Final = 7
IN_A_CELL: Final = 4  # steps of one day that a month shows


@dataclass(frozen=True)
class Cell:
    """A day of the calendar. `more` is how many steps do not fit."""

    day: date
    steps: Sequence[DayStep]
    more: int
    is_today: bool
    is_other_month: bool


@dataclass(frozen=True)
class Calendar:
    """A month or a week, as rows of seven days from Monday on."""

    title: str
    weekdays: Sequence[str]
    weeks: Sequence[Sequence[Cell]]
    is_week: bool
    is_mine: bool
    sees_others: bool
    urls: Mapping[str, str]


@require_GET
def show_my_day(request: HttpRequest) -> HttpResponse:
    """What is due, who went quiet, whose birthday comes, who was seen."""
    day = get_my_day(reader_of(request), today=timezone.localdate(), seen_ids=seen_ids(request))
    template = "customers/_my_day.html" if request.headers.get("HX-Request") else "customers/my_day.html"
    return render(request, template, {"day": day, "offer": _offer(day.quiet_count), "today": day.today})


@require_GET
def show_calendar(request: HttpRequest) -> HttpResponse:
    """The month, or the week, around a day (`day`), one's own steps or the team's (`whose`)."""
    today = timezone.localdate()
    try:
        around = date.fromisoformat(request.GET.get("day", ""))
        around = around if 1900 < around.year < 2999 else today
    except ValueError:
        around = today
    calendar = _calendar(
        request, around, today, is_week=request.GET.get("span") == "week", is_mine=request.GET.get("whose") != "team"
    )
    template = "customers/_calendar.html" if request.headers.get("HX-Request") else "customers/calendar.html"
    return render(request, template, {"calendar": calendar, "today": today})


def _offer(quiet: int) -> str:
    """What to do when all is done."""
    if not quiet:
        return gettext("All done for today.")
    return ngettext(
        "All done for today. One of your customers has gone quiet. Have a look?",
        "All done for today. %(count)s of your customers have gone quiet. Have a look?",
        quiet,
    ) % {"count": formats.number(quiet)}


def _calendar(request: HttpRequest, around: date, today: date, *, is_week: bool, is_mine: bool) -> Calendar:
    first, last = _span(around, is_week=is_week)
    reader = reader_of(request)
    owners = reader.seen_owners()
    steps = list_calendar(reader, first, last, is_mine=is_mine)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    shown = len(days) * 20 if is_week else IN_A_CELL
    cells = [
        Cell(
            day, steps.get(day, [])[:shown], max(0, len(steps.get(day, [])) - shown), day == today,
            not is_week and day.month != around.month,
        )
        for day in days
    ]  # fmt: skip
    back = around - timedelta(days=WEEK) if is_week else _month_before(around)
    on = around + timedelta(days=WEEK) if is_week else _month_after(around)
    chosen = {"span": "week" if is_week else "", "whose": "" if is_mine else "team", "day": around.isoformat()}
    return Calendar(
        title=f"{formats.day(first)} – {formats.day(last)}" if is_week else formats.month(around),
        weekdays=_weekdays(),
        weeks=[cells[at : at + WEEK] for at in range(0, len(cells), WEEK)],
        is_week=is_week,
        is_mine=is_mine,
        sees_others=owners is None or len(owners) > 1,
        urls={
            "back": _url(chosen | {"day": back.isoformat()}),
            "on": _url(chosen | {"day": on.isoformat()}),
            "today": _url(chosen | {"day": ""}),
            "month": _url(chosen | {"span": ""}),
            "week": _url(chosen | {"span": "week"}),
            "mine": _url(chosen | {"whose": ""}),
            "team": _url(chosen | {"whose": "team"}),
            "here": _url(chosen),
        },
    )


def _url(asked: Mapping[str, str]) -> str:
    given = {name: value for name, value in asked.items() if value}
    return reverse("calendar") + (f"?{urlencode(given)}" if given else "")


def _span(around: date, *, is_week: bool) -> tuple[date, date]:
    """The first and last day shown: whole weeks, from Monday on."""
    first = around if is_week else around.replace(day=1)
    first -= timedelta(days=first.weekday())
    if is_week:
        return first, first + timedelta(days=WEEK - 1)
    last = _month_after(around) - timedelta(days=1)
    return first, last + timedelta(days=WEEK - 1 - last.weekday())


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _month_before(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def _weekdays() -> list[str]:
    return [
        pgettext("weekday", "Mon"), pgettext("weekday", "Tue"), pgettext("weekday", "Wed"), pgettext("weekday", "Thu"),
        pgettext("weekday", "Fri"), pgettext("weekday", "Sat"), pgettext("weekday", "Sun"),
    ]  # fmt: skip
