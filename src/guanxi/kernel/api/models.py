"""What lets programs in, and what makes asking twice safe."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ApiToken(models.Model):
    """A program's key: it acts as its user. Only the digest is kept; the token itself is shown once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    start = models.CharField(max_length=8)  # the first characters, to tell tokens apart
    digest = models.CharField(max_length=64, unique=True)  # sha256
    created_at = models.DateTimeField()
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "guanxi_api"


class IdempotentCall(models.Model):
    """A call that named a key, and its answer: asked again with the same key, the same answer comes back."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    asked = models.CharField(max_length=64)  # sha256 of method, path and body
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "guanxi_api"
        constraints = (models.UniqueConstraint(fields=["user", "key"], name="api_key_once"),)


class CallsTaken(models.Model):
    """How many calls of a user the server processes have taken to give out, in the present stretch of time."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+")
    stretch = models.BigIntegerField()
    taken = models.BigIntegerField()

    class Meta:
        app_label = "guanxi_api"
