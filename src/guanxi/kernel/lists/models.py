"""Views people keep of a list: its filters, order and columns under a name."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from guanxi.kernel.access.models import Role
from guanxi.kernel.commands import Actor


class ViewRows(models.QuerySet["SavedView"]):
    """Saved views, narrowed by who asks."""

    def visible_to(self, actor: Actor) -> ViewRows:
        """The actor's own, and what others share; not those that were deleted."""
        return self.filter(Q(owner_id=actor.pk) | Q(is_shared=True), deleted_at__isnull=True)


class SavedView(models.Model):
    """A list as somebody set it up, private or shared; what it shows is decided anew for each reader."""

    list_key = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_shared = models.BooleanField(default=False)
    query = models.TextField(blank=True)  # the state as it stands in an address
    changed_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(ViewRows)()

    class Meta:
        app_label = "lists"
        constraints = (
            models.UniqueConstraint(
                fields=["list_key", "owner", "name"], condition=Q(deleted_at__isnull=True), name="lists_view_name_once"
            ),
        )

    def __str__(self) -> str:
        return self.name


class PinnedView(models.Model):
    """A view somebody has as a tab."""

    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="pins")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        app_label = "lists"
        constraints = (models.UniqueConstraint(fields=["user", "view"], name="lists_pin_once"),)


class DefaultView(models.Model):
    """The view a list opens in: for one user, or for all of a role."""

    list_key = models.CharField(max_length=40)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="defaults")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    role = models.ForeignKey(Role, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        app_label = "lists"
        constraints = (
            models.UniqueConstraint(fields=["list_key", "user"], name="lists_default_of_user_once"),
            models.UniqueConstraint(fields=["list_key", "role"], name="lists_default_of_role_once"),
            models.CheckConstraint(
                condition=Q(user__isnull=True, role__isnull=False) | Q(user__isnull=False, role__isnull=True),
                name="lists_default_of_one",
            ),
        )
