"""The operation log."""

from __future__ import annotations

from django.urls import path

from guanxi.kernel.audit.web import views

urlpatterns = [
    path("settings/log/", views.show_trail, name="settings-log"),
    path("settings/log/export/", views.export_trail, name="settings-log-export"),
]
