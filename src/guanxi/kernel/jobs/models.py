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
        CANCELLED = "cancelled"

    class Priority(models.IntegerChoices):
        """Which of the due jobs comes first: the smallest."""

        INTERACTIVE = 0  # somebody watches its progress
        NORMAL = 10
        BATCH = 20  # data updates and nightly work: long, and nobody waits

    name = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    key = models.CharField(max_length=120, null=True, unique=True)  # same work once; cleared when done or failed
    event = models.ForeignKey("events.EventRecord", null=True, on_delete=models.CASCADE, related_name="jobs")
    asked_by = models.BigIntegerField(null=True)  # the user who may watch and cancel it; null for the system
    priority = models.SmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READY)
    created_at = models.DateTimeField()
    run_at = models.DateTimeField()  # not before
    started_at = models.DateTimeField(null=True)  # of the latest attempt
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    lease_holder = models.JSONField(default=dict)  # guanxi.kernel.process.Holder
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    done = models.BigIntegerField(default=0)  # progress, in the job's own unit
    total = models.BigIntegerField(null=True)
    words = models.CharField(max_length=200, blank=True)  # what it is doing, in the language of who asked
    report = models.JSONField(default=dict)  # what it tells at its end, and what its next attempt goes on from
    cancel_requested_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "jobs"
        indexes = (
            models.Index(fields=["state", "priority", "run_at", "id"], name="jobs_due"),
            models.Index(fields=["asked_by", "-id"], name="jobs_of_user"),
        )
        constraints = (models.UniqueConstraint(fields=["event", "name"], name="jobs_once_per_listener"),)


class WorkerSeen(models.Model):
    """When any worker last looked for work: one row, number 1."""

    seen_at = models.DateTimeField()

    class Meta:
        app_label = "jobs"


class Slot(models.Model):
    """A moment for which scheduled work was asked for, or was passed over because the schedule began with it."""

    name = models.CharField(max_length=80)
    day = models.DateField()
    minute = models.PositiveSmallIntegerField(default=0)  # of the day in UTC, for work that comes every few minutes

    class Meta:
        app_label = "jobs"
        constraints = (models.UniqueConstraint(fields=["name", "day", "minute"], name="jobs_slot_once"),)
