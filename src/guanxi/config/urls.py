"""Every address of the house."""

from __future__ import annotations

from django.urls import include, path

from guanxi.config.health import health

urlpatterns = [
    path("health/", health, name="health"),
    path("", include("guanxi.kernel.access.web.urls")),
    path("settings/webhooks/", include("guanxi.kernel.webhooks.web.urls")),
    path("", include("guanxi.kernel.audit.web.urls")),
    path("work/", include("guanxi.kernel.batches.web.urls")),
    path("lists/", include("guanxi.kernel.lists.web.urls")),
    path("my-day/", include("guanxi.customers.web.day_urls")),
    path("customers/", include("guanxi.customers.web.urls")),
    path("", include("guanxi.intelligence.web.urls")),
    path("marketing/", include("guanxi.marketing.web.urls")),
]
