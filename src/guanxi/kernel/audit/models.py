"""Who changed what, when, from which value: append-only."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from guanxi.kernel.append_only import AppendOnly, AppendOnlyRows
from guanxi.kernel.audit.errors import AuditIsAppendOnly
from guanxi.kernel.errors import GuanxiError


class AuditRows(AppendOnlyRows["AuditEntry"]):
    """Rows of the trail."""

    def expire(self, before: datetime, limit: int) -> int:
        """Remove at most `limit` of the oldest entries from before that time; returns how many.

        The one way out of the trail: for `guanxi.kernel.audit.commands.expire_entries`, which leaves an entry itself.
        """
        old = list(self.filter(at__lt=before).order_by("at", "pk").values_list("pk", flat=True)[:limit])
        rows: models.QuerySet[AuditEntry] = models.QuerySet(self.model, using=self.db).filter(pk__in=old)
        rows._raw_delete(self.db)
        return len(old)


class AuditEntry(AppendOnly):
    """One command's change of one thing. Holds ids, never personal values."""

    refusal: ClassVar[type[GuanxiError]] = AuditIsAppendOnly

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)  # no foreign key: the trail outlives the user
    command = models.CharField(max_length=120)
    target_kind = models.CharField(max_length=80, blank=True)
    target_key = models.CharField(max_length=120)
    changes = models.JSONField(default=dict)

    objects = models.Manager.from_queryset(AuditRows)()

    class Meta:
        app_label = "audit"
        indexes = (
            models.Index(fields=["target_kind", "target_key", "-id"], name="audit_target"),
            models.Index(fields=["at"], name="audit_at"),
            models.Index(fields=["actor_id", "-id"], name="audit_actor"),
            models.Index(fields=["command", "-id"], name="audit_command"),
        )
