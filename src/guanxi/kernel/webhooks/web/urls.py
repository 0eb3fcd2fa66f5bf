"""The addresses of the webhooks page."""

from __future__ import annotations

from django.urls import path

from guanxi.kernel.webhooks.web import views

urlpatterns = [
    path("", views.show, name="webhooks"),
    path("new/", views.create, name="webhook-create"),
    path("<int:endpoint_id>/", views.change, name="webhook-change"),
    path("<int:endpoint_id>/test/", views.test, name="webhook-test"),
    path("<int:endpoint_id>/secret/", views.secret, name="webhook-secret"),
    path("<int:endpoint_id>/delete/", views.delete, name="webhook-delete"),
    path("deliveries/<int:delivery_id>/resend/", views.resend, name="webhook-resend"),
]
