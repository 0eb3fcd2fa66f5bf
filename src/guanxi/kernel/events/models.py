"""The outbox: what happened, written in the transaction in which it happened."""

from __future__ import annotations

from django.db import models


class EventRecord(models.Model):
    """One emitted event; its listeners' jobs point back to it."""

    name = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "events"
