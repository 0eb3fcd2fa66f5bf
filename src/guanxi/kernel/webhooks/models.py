"""Webhooks: who outside is told of what happens here, and what became of each telling."""

from __future__ import annotations

import uuid

from django.db import models


class Endpoint(models.Model):
    """An address outside that is told of chosen events."""

    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    secret = models.BinaryField()  # sealed by guanxi.kernel.vault; signs what is sent
    events = models.JSONField(default=list)  # names, such as "customers.CustomersMerged"
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField(null=True)
    delivered_at = models.DateTimeField(null=True)  # the last time it took something
    failing_since = models.DateTimeField(null=True)  # nothing was taken since
    switched_off = models.JSONField(null=True)  # why, if not by a person: guanxi.kernel.errors.as_record

    class Meta:
        app_label = "webhooks"


class Delivery(models.Model):
    """One event for one endpoint: told at least once, under one number however often it is tried."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        FAILED = "failed"

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    number = models.UUIDField(default=uuid.uuid4, unique=True)  # by it the receiver knows what he has already
    event_id = models.BigIntegerField(null=True)  # of guanxi.kernel.events; null for a test
    event = models.CharField(max_length=80)  # its name
    payload = models.JSONField(default=dict)  # ids, never personal values
    at = models.DateTimeField()  # when it happened
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)  # since it was last asked for
    tried_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)  # the last answer of the receiver (HTTP)
    error = models.JSONField(null=True)  # the last one, as guanxi.kernel.errors.as_record writes it

    class Meta:
        app_label = "webhooks"
        indexes = (
            models.Index(fields=["endpoint", "-id"], name="webhooks_latest"),
            models.Index(fields=["at"], name="webhooks_by_age"),
        )
        constraints = (models.UniqueConstraint(fields=["endpoint", "event_id"], name="webhooks_once_per_event"),)
