"""My long work: bulk actions and exports."""

from __future__ import annotations

from django.urls import path

from guanxi.kernel.batches.web import views

urlpatterns = [
    path("", views.show_batches, name="my-work"),
    path("now/", views.show_now, name="my-work-now"),
    path("<int:batch_id>/", views.show_batch, name="batch"),
    path("<int:batch_id>/cancel/", views.cancel, name="batch-cancel"),
    path("<int:batch_id>/undo/", views.undo, name="batch-undo"),
    path("<int:batch_id>/resume/", views.resume, name="batch-resume"),
    path("<int:batch_id>/report.csv", views.download_report, name="batch-report"),
    path("<int:batch_id>/file/", views.download_file, name="batch-file"),
]
