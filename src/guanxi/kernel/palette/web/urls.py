"""The palette."""

from __future__ import annotations

from django.urls import path

from guanxi.kernel.palette.web import views

urlpatterns = [path("palette/", views.show, name="palette")]
