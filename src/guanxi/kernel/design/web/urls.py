"""The component page."""

from __future__ import annotations

from django.urls import path

from guanxi.kernel.design.web import views

urlpatterns = [
    path("", views.show_all, name="design"),
    path("list/", views.show, {"key": "list"}, name="design-list"),
    path("card/", views.card, name="design-card"),
    path("say/", views.toast, name="design-toast"),
    path("<slug:key>/", views.show, name="design-part"),
]
