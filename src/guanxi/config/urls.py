"""Every address of the house."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from guanxi.config.health import health
from guanxi.kernel.api.answers import no_route
from guanxi.kernel.api.build import build_api

routes, *api_names = build_api().urls
for route in routes:
    route.callback = login_not_required(cast(Callable[..., Any], route.callback))  # the API has doors of its own

urlpatterns = [
    path("api/v1/", (routes, api_names[0], api_names[1])),
    path("api/<path:_rest>", no_route),
    path("health/", health, name="health"),
    path("", include("guanxi.kernel.access.web.urls")),
    path("settings/webhooks/", include("guanxi.kernel.webhooks.web.urls")),
    path("", include("guanxi.kernel.audit.web.urls")),
    path("account/tokens/", include("guanxi.kernel.api.web.urls")),
    path("work/", include("guanxi.kernel.batches.web.urls")),
    path("lists/", include("guanxi.kernel.lists.web.urls")),
    path("my-day/", include("guanxi.customers.web.day_urls")),
    path("news/", include("guanxi.kernel.notifications.web.urls")),
    path("", include("guanxi.kernel.palette.web.urls")),
    path("settings/fields/", include("guanxi.kernel.fields.web.urls")),
    path("design/", include("guanxi.kernel.design.web.urls")),
    path("tour/", include("guanxi.kernel.tour.web.urls")),
    path("customers/", include("guanxi.customers.web.urls")),
    path("", include("guanxi.intelligence.web.urls")),
    path("marketing/", include("guanxi.marketing.web.urls")),
]
