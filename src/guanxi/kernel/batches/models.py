"""Bulk actions: what was asked for on which rows, how far it came, and what the rows held before."""

from __future__ import annotations

from django.db import models


class Batch(models.Model):
    """One bulk action on rows that were fixed when it began."""

    class State(models.TextChoices):
        OPEN = "open"  # waits for a worker, or is under way
        DONE = "done"
        CANCELLED = "cancelled"
        FAILED = "failed"

    kind = models.CharField(max_length=80)  # an action of guanxi.kernel.batches.registry
    subject = models.CharField(max_length=40)  # what its rows are: "customers"
    options = models.JSONField(default=dict)
    asked_by = models.BigIntegerField(null=True)  # null for the system; a user who is gone may do nothing more
    undoes = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="undone_by")
    job_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    cancel_requested_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    error = models.JSONField(default=dict)  # guanxi.kernel.errors.as_record
    file_name = models.CharField(max_length=80, blank=True)  # of an export, in the home's folder of exports
    file_size = models.PositiveBigIntegerField(default=0)  # bytes
    file_until = models.DateTimeField(null=True)

    class Meta:
        app_label = "batches"
        indexes = (
            models.Index(fields=["asked_by", "-id"], name="batches_of_user"),
            models.Index(fields=["state", "finished_at"], name="batches_over"),
        )

    @property
    def name(self) -> str:
        """What rows, events and the trail call it."""
        return f"batch {self.pk}"


class BatchChunk(models.Model):
    """Some of a batch's rows: they are changed in one transaction, with what is told of it here."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    ids = models.JSONField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    done_at = models.DateTimeField(null=True)
    before = models.JSONField(default=dict)  # id of a changed row -> what it held
    refused = models.JSONField(default=dict)  # id of a row left alone -> the reason's key
    undone_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "batches"
        constraints = (models.UniqueConstraint(fields=["batch", "number"], name="batches_chunk_once"),)
        indexes = (models.Index(fields=["first_id", "last_id"], name="batches_chunk_rows"),)
