"""What somebody is told, and what they do not want to be told."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Notification(models.Model):
    """One thing a user is told: ids and counts; the words are made when it is read, in its reader's language."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    url = models.CharField(max_length=200)
    key = models.CharField(max_length=100, null=True)  # the same news twice is told once
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "notifications"
        constraints = (models.UniqueConstraint(fields=["user", "key"], name="notifications_once"),)
        indexes = (
            models.Index(fields=["user", "-id"], name="notifications_latest"),
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="notifications_unread"),
            models.Index(fields=["at"], name="notifications_at"),
        )


class Muted(models.Model):
    """A kind of news a user does not want."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="muted")
    kind = models.CharField(max_length=40)

    class Meta:
        app_label = "notifications"
        constraints = (models.UniqueConstraint(fields=["user", "kind"], name="notifications_muted_once"),)
