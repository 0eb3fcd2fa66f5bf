"""The job table: background work that outlives the process that asked for it."""

from __future__ import annotations

from django.db import models


class Job(models.Model):
    """One piece of background work, claimed under a lease by a worker."""

    class State(models.TextChoices):
        READY = "ready"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    name = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    key = models.CharField(max_length=120, null=True, unique=True)  # same work once; cleared when done or failed
    event = models.ForeignKey("events.EventRecord", null=True, on_delete=models.CASCADE, related_name="jobs")
    state = models.CharField(max_length=10, choices=State.choices, default=State.READY)
    created_at = models.DateTimeField()
    run_at = models.DateTimeField()  # not before
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    lease_holder = models.JSONField(default=dict)  # guanxi.kernel.process.Holder
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        app_label = "jobs"
        indexes = (models.Index(fields=["state", "run_at", "id"], name="jobs_due"),)
        constraints = (models.UniqueConstraint(fields=["event", "name"], name="jobs_once_per_listener"),)


class WorkerSeen(models.Model):
    """When any worker last looked for work: one row, number 1."""

    seen_at = models.DateTimeField()

    class Meta:
        app_label = "jobs"


class Slot(models.Model):
    """A day on which scheduled work was asked for, or was passed over because the schedule began on it."""

    name = models.CharField(max_length=80)
    day = models.DateField()

    class Meta:
        app_label = "jobs"
        constraints = (models.UniqueConstraint(fields=["name", "day"], name="jobs_slot_once"),)
