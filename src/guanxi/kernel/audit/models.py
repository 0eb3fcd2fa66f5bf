"""Who changed what, when, from which value: append-only."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NoReturn

from django.db import models

from guanxi.kernel.audit.errors import AuditIsAppendOnly


class AuditRows(models.QuerySet["AuditEntry"]):
    """Rows of the trail: they are added and read, nothing else."""

    def update(self, **_: Any) -> NoReturn:
        """Refuse."""
        raise AuditIsAppendOnly

    def bulk_update(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse."""
        raise AuditIsAppendOnly

    def bulk_create(self, *args: Any, update_conflicts: bool = False, **kwargs: Any) -> list[AuditEntry]:
        """Add many entries; to change those already there is refused."""
        if update_conflicts:
            raise AuditIsAppendOnly
        return super().bulk_create(*args, **kwargs)

    def delete(self) -> NoReturn:
        """Refuse."""
        raise AuditIsAppendOnly

    def expire(self, before: datetime, limit: int) -> int:
        """Remove at most `limit` of the oldest entries from before that time; returns how many.

        The one way out of the trail: for `guanxi.kernel.audit.commands.expire_entries`, which leaves an entry itself.
        """
        old = list(self.filter(at__lt=before).order_by("at", "pk").values_list("pk", flat=True)[:limit])
        rows: models.QuerySet[AuditEntry] = models.QuerySet(self.model, using=self.db).filter(pk__in=old)
        rows._raw_delete(self.db)
        return len(old)

    def _raw_delete(self, using: str | None) -> NoReturn:  # noqa: ARG002  # Django's own way around `delete`
        raise AuditIsAppendOnly


class AuditEntry(models.Model):
    """One command's change of one thing. Holds ids, never personal values."""

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
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the entry; one that is there already is refused."""
        if not self._state.adding:
            raise AuditIsAppendOnly
        kwargs["force_insert"] = True  # an entry given the number of another one must not replace it
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse."""
        raise AuditIsAppendOnly
