"""The tour."""

from __future__ import annotations

from django.urls import path

from guanxi.kernel.tour.web import views

urlpatterns = [
    path("<int:number>/", views.go, name="tour"),
    path("off/", views.dismiss, name="tour_off"),
]
