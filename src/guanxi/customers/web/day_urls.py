"""My day and its calendar."""

from __future__ import annotations

from django.urls import path

from guanxi.customers.web import my_day

urlpatterns = [
    path("", my_day.show_my_day, name="my-day"),
    path("calendar/", my_day.show_calendar, name="calendar"),
]
