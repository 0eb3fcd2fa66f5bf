"""The bell, the news and what one wants of them."""

from __future__ import annotations

from django.urls import path

from guanxi.kernel.notifications.web import views

urlpatterns = [
    path("", views.show, name="news"),
    path("bell/", views.bell, name="bell"),
    path("read/", views.read, name="news_read"),
    path("choose/", views.choose, name="news_choose"),
]
