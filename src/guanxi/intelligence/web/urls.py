"""Insight, data updates and settings."""

from __future__ import annotations

from django.urls import path

from guanxi.intelligence.web.views import company, insight, updates

urlpatterns = [
    path("insight/", insight.who, name="insight-who"),
    path("insight/value/", insight.value, name="insight-value"),
    path("updates/", updates.updates, name="updates"),
    path("updates/start/", updates.start, name="update-start"),
    path("updates/waiting/", updates.waiting, name="update-waiting"),
    path("updates/sources/<slug:name>/check/", updates.check, name="source-check"),
    path("updates/<int:run_id>/", updates.update, name="update"),
    path("updates/<int:run_id>/live/", updates.live, name="update-live"),
    path("updates/<int:run_id>/rejects.csv", updates.rejects, name="update-rejects"),
    path("updates/<int:run_id>/resume/", updates.resume, name="update-resume"),
    path("updates/<int:run_id>/stop/", updates.stop, name="update-stop"),
    path("settings/", company.settings, name="settings"),
    path("settings/company/", company.name_company, name="settings-company"),
    path("settings/log-in/", company.choose_log_in, name="settings-log-in"),
    path("settings/nightly/", company.choose_nightly, name="settings-nightly"),
    path("settings/bin/", company.choose_bin, name="settings-bin"),
    path("settings/tier/", company.choose_tier, name="settings-tier"),
]
