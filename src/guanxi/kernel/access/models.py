"""Users, roles and the company."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models


class Role(models.Model):
    """A named set of permissions."""

    name = models.SlugField(max_length=40, unique=True)
    permissions = models.JSONField(default=list)

    class Meta:
        app_label = "access"

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """Somebody who signs in. `employee_no` is how source systems name a seller."""

    roles = models.ManyToManyField(Role, related_name="users", blank=True)
    display_name = models.CharField(max_length=80, blank=True)
    employee_no = models.CharField(max_length=40, null=True, unique=True)
    language = models.CharField(max_length=10, blank=True)

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        app_label = "access"

    def __str__(self) -> str:
        return self.display_name or self.username

    def may(self, permission: str) -> bool:
        """Whether one of the user's roles holds `permission`."""
        if not self.is_active:
            return False
        return permission in self.permissions

    @property
    def permissions(self) -> frozenset[str]:
        """All permissions of all roles, read once per instance."""
        if not hasattr(self, "_permissions"):
            self._permissions = frozenset(
                permission for granted in self.roles.values_list("permissions", flat=True) for permission in granted
            )
        return self._permissions


class Company(models.Model):
    """The one company this home belongs to, and what it has chosen."""

    class TierMethod(models.TextChoices):
        PYRAMID = "pyramid"
        ABC = "abc"
        RFM = "rfm"

    name = models.CharField(max_length=120)
    language = models.CharField(max_length=10, default="zh-hans")
    tier_method = models.CharField(max_length=10, choices=TierMethod.choices, default=TierMethod.PYRAMID)

    class Meta:
        app_label = "access"
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="access_one_company"),)
