"""Who changed what, when, from which value: append-only."""

from __future__ import annotations

from django.db import models


class AuditEntry(models.Model):
    """One command's change of one thing. Holds ids, never personal values."""

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)  # no foreign key: the trail outlives the user
    command = models.CharField(max_length=120)
    target_kind = models.CharField(max_length=80, blank=True)
    target_key = models.CharField(max_length=120)
    changes = models.JSONField(default=dict)

    class Meta:
        app_label = "audit"
        indexes = (
            models.Index(fields=["target_kind", "target_key", "-id"], name="audit_target"),
            models.Index(fields=["at"], name="audit_at"),
        )
