"""The customer list and the customer page."""

from __future__ import annotations

from django.urls import path

from guanxi.customers.web import views

urlpatterns = [
    path("", views.show_list, name="customers"),
    path("<int:customer_id>/", views.show_customer, name="customer"),
    path("<int:customer_id>/panels/<slug:key>/", views.show_panel, name="customer_panel"),
]
