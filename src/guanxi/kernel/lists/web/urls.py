"""The parts of any list: its filter, columns, sums, count and views."""

from __future__ import annotations

from django.urls import path

from guanxi.kernel.lists.web import views

urlpatterns = [
    path("<slug:list_key>/filter/", views.edit_filter, name="list_filter"),
    path("<slug:list_key>/columns/", views.choose_columns, name="list_columns"),
    path("<slug:list_key>/totals/", views.show_totals, name="list_totals"),
    path("<slug:list_key>/count/", views.count, name="list_count"),
    path("<slug:list_key>/views/", views.keep_views, name="list_views"),
    path("<slug:list_key>/views/<int:view_id>/restore/", views.restore, name="list_view_restore"),
]
