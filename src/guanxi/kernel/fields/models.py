"""The fields a company adds to its records by itself. Their values lie in a JSON column of each record, by key."""

from __future__ import annotations

from django.db import models


class CustomField(models.Model):
    """One field. Its key and its kind stay; everything else may change. It is archived, never deleted."""

    class Kind(models.TextChoices):
        TEXT = "text"
        NUMBER = "number"
        MONEY = "money"
        DATE = "date"
        CHOICE = "choice"
        CHOICES = "choices"  # several of them
        FLAG = "flag"  # yes or no

    class Index(models.TextChoices):
        NONE = "none"
        WAITING = "waiting"  # to be built, or to be dropped
        READY = "ready"

    subject = models.CharField(max_length=40)  # what it is a field of: "customers"
    key = models.CharField(max_length=24)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    label_zh = models.CharField(max_length=40, blank=True)
    label_en = models.CharField(max_length=40, blank=True)
    help_zh = models.CharField(max_length=200, blank=True)
    help_en = models.CharField(max_length=200, blank=True)
    is_required = models.BooleanField(default=False)
    options = models.JSONField(default=list)  # of a choice: [{"key", "zh", "en", "archived"}], in their order
    position = models.PositiveSmallIntegerField()
    is_filterable = models.BooleanField(default=False)
    index = models.CharField(max_length=8, choices=Index.choices, default=Index.NONE)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "custom_fields"
        constraints = (models.UniqueConstraint(fields=["subject", "key"], name="custom_fields_key_once"),)
        indexes = (models.Index(fields=["subject", "position"], name="custom_fields_order"),)
