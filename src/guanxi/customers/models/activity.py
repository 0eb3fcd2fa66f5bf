"""What was said and done with customers, and what is to be done."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from guanxi.customers.models.contacts import Contact
from guanxi.customers.models.records import Customer


class Interaction(models.Model):
    """A call, visit, mail, note or meeting that took place."""

    class Kind(models.TextChoices):
        CALL = "call"
        VISIT = "visit"
        MAIL = "mail"
        MEETING = "meeting"
        NOTE = "note"

    class Direction(models.TextChoices):
        IN = "in"
        OUT = "out"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="interactions")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    direction = models.CharField(max_length=3, choices=Direction.choices, blank=True)
    at = models.DateTimeField()
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    reached = models.BooleanField(null=True)  # whether the customer was reached; null: not asked (a note)
    satisfaction = models.PositiveSmallIntegerField(null=True)  # 1 to 5, if the customer told
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="interactions")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    is_pinned = models.BooleanField(default=False)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "customers"
        indexes = (
            models.Index(fields=["customer", "-at", "-id"], name="customers_interactions"),
            models.Index(fields=["author", "-at"], name="customers_said_by"),
        )


class Task(models.Model):
    """Something to be done, mostly a follow-up: by whom, until when, why."""

    class State(models.TextChoices):
        OPEN = "open"
        DONE = "done"
        DROPPED = "dropped"

    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="tasks")
    title = models.CharField(max_length=200)
    reason = models.CharField(max_length=300, blank=True)  # why, in words
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="tasks")
    due_on = models.DateField()
    due_time = models.TimeField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)
    interaction = models.ForeignKey(
        Interaction, null=True, on_delete=models.SET_NULL, related_name="tasks", db_index=False
    )
    batch = models.CharField(max_length=40, blank=True)  # the follow-up that asked for it
    # Of the customer: whose customers have something due is asked of the tasks. Triggers keep it (ADR 0019).
    customer_owner_id = models.BigIntegerField(null=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        app_label = "customers"
        indexes = (
            models.Index(fields=["assignee", "state", "due_on", "id"], name="customers_my_day"),
            models.Index(fields=["customer", "state", "due_on"], name="customers_next_steps"),
            models.Index(fields=["state", "due_on", "customer"], name="customers_due"),
            models.Index(fields=["customer_owner_id", "state", "due_on", "customer"], name="customers_due_of"),
            models.Index(fields=["batch", "id"], name="customers_task_batch"),
            models.Index(  # with all that have none SQLite would think that many have the same
                fields=["interaction"], condition=models.Q(interaction__isnull=False), name="customers_ended_by"
            ),
        )
