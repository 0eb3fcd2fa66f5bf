"""Where a reader is on the tour, kept in a cookie: nobody else needs to know."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from guanxi.kernel.tour.registry import Stop, find_tour

COOKIE = "guanxi_tour"
OFF = "off"


@dataclass(frozen=True)
class TourBar:
    """The stop shown below the page, counted from 1, and its neighbours' numbers; 0 where there is none."""

    stop: Stop
    number: int
    of: int
    previous: int
    next: int


def tour_bar(request: HttpRequest) -> TourBar | None:
    """What the bar shows; nothing once dismissed, or before it was begun."""
    chosen = request.COOKIES.get(COOKIE, "")
    if not chosen.isdecimal() or len(chosen) > 3 or not request.user.is_authenticated:
        return None
    tour = find_tour()
    if tour is None or not 1 <= int(chosen) <= len(tour.stops):
        return None
    number, of = int(chosen), len(tour.stops)
    return TourBar(tour.stops[number - 1], number, of, number - 1, number + 1 if number < of else 0)


def has_tour(request: HttpRequest) -> bool:
    """Whether there is a tour to begin."""
    return request.user.is_authenticated and find_tour() is not None
