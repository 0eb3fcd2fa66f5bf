"""Customer groups and follow-ups."""

from __future__ import annotations

from django.urls import path

from guanxi.marketing.web import views

urlpatterns = [
    path("", views.show_groups, name="groups"),
    path("<int:group_id>/", views.show_group, name="group"),
    path("new/", views.choose, name="follow_up_new"),
    path("follow-ups/", views.show_follow_ups, name="follow_ups"),
    path("follow-ups/<int:follow_up_id>/", views.show_follow_up, name="follow_up"),
    path("follow-ups/<int:follow_up_id>/cancel/", views.cancel, name="follow_up_cancel"),
]
