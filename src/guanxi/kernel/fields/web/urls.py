"""Settings: a company's own fields."""

from __future__ import annotations

from django.urls import path

from guanxi.kernel.fields.web import views

urlpatterns = [
    path("", views.show_first, name="settings-fields"),
    path("<slug:subject>/", views.show_fields, name="settings-fields-of"),
    path("<slug:subject>/new/", views.new_field, name="settings-field-new"),
    path("<slug:subject>/<slug:key>/", views.edit_field, name="settings-field"),
    path("<slug:subject>/<slug:key>/<slug:deed>/", views.do_with_field, name="settings-field-deed"),
]
