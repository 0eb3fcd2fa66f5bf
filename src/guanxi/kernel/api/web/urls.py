"""The tokens of a user."""

from __future__ import annotations

from django.urls import path

from guanxi.kernel.api.web import views

urlpatterns = [
    path("", views.show, name="tokens"),
    path("<int:token_id>/revoke/", views.revoke, name="token_revoke"),
]
