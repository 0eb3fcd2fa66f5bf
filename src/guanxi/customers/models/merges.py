"""That people said some records are one customer."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from guanxi.customers.models.records import Customer


class Merge(models.Model):
    """One merge by a person, with what it takes to take it back.

    `parts` maps each customer that gave way to every number it stood for then; `changed` maps each field of the
    survivor that the merge changed to its value and the mark of its last edit, before and after.
    """

    main = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="merges")
    parts = models.JSONField()
    changed = models.JSONField(encoder=DjangoJSONEncoder)
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "customers"

    @property
    def other_ids(self) -> list[int]:
        """The customers that gave way."""
        return [int(key) for key in self.parts]
