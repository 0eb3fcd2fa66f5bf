"""The customer list and the customer page."""

from __future__ import annotations

from django.urls import path

from guanxi.customers.web import guarded_views, many_views, views
from guanxi.customers.web.many_forms import FORMS

urlpatterns = [
    path("", views.show_list, name="customers"),
    *(path(f"many/{what}/", many_views.change_many, {"what": what}, name=f"customers-{what}") for what in FORMS),
    path("<int:customer_id>/", views.show_customer, name="customer"),
    path("<int:customer_id>/card/", views.show_card, name="customer_card"),
    path("<int:customer_id>/details/<slug:name>/", guarded_views.show_detail, name="customer-detail"),
    path("<int:customer_id>/history/", guarded_views.show_history, name="customer-history"),
    path("<int:customer_id>/panels/<slug:key>/", views.show_panel, name="customer_panel"),
]
