"""Log-in, first run, language and theme."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path

from guanxi.kernel.access.web import first_run, views

urlpatterns = [
    path("", views.home, name="home"),
    path("login/", views.LogIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", views.choose_language, name="set_language"),
    path("theme/", views.choose_theme, name="set_theme"),
    path("first-run/", first_run.first_run, name="first_run"),
    path("first-run/doors/", first_run.show_doors, name="doors"),
    path("first-run/doors/<slug:key>/", first_run.open_door, name="open_door"),
    path("first-run/doors/<slug:key>/<int:job_id>/", first_run.show_door_job, name="door_job"),
]
