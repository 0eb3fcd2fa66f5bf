"""Users, roles, the company, and who is signed in where."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.functional import cached_property


class Visibility(models.TextChoices):
    """Whose records a role shows, from the narrowest to the widest."""

    OWN = "own"
    TEAM = "team"
    BRANCH = "branch"
    ALL = "all"


class Branch(models.Model):
    """A part of the company with its own customers; those below it belong to it too (省分行、市分行)."""

    name = models.CharField(max_length=80, unique=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")

    class Meta:
        app_label = "access"

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People who work the same customers."""

    name = models.CharField(max_length=80, unique=True)
    branch = models.ForeignKey(Branch, null=True, on_delete=models.PROTECT, related_name="teams")

    class Meta:
        app_label = "access"

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """A named set of permissions, and whose records they reach. A built-in one is named as in `roles.ROLES`."""

    name = models.CharField(max_length=40, unique=True)
    permissions = models.JSONField(default=list)
    visibility = models.CharField(max_length=6, choices=Visibility.choices, default=Visibility.OWN)

    class Meta:
        app_label = "access"

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """Somebody who signs in. `employee_no` is how source systems name a seller."""

    roles = models.ManyToManyField(Role, related_name="users", blank=True)
    display_name = models.CharField(max_length=80, blank=True)
    employee_no = models.CharField(max_length=40, null=True, unique=True)
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="members")
    branch = models.ForeignKey(Branch, null=True, on_delete=models.SET_NULL, related_name="members")
    language = models.CharField(max_length=10, blank=True)
    must_change_password = models.BooleanField(default=False)  # signed in by a temporary one

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
        return frozenset(permission for granted, _ in self._granted for permission in granted)

    @property
    def visibility(self) -> Visibility:
        """The widest of the roles: whose records this user sees."""
        order = list(Visibility)
        return max((Visibility(reach) for _, reach in self._granted), key=order.index, default=Visibility.OWN)

    @cached_property
    def _granted(self) -> list[tuple[list[str], str]]:
        return list(self.roles.values_list("permissions", "visibility"))

    def seen_owners(self) -> frozenset[int] | None:
        """The users whose records this one sees; None for everybody's and nobody's too."""
        return self._seen_owners

    @cached_property
    def _seen_owners(self) -> frozenset[int] | None:
        mine = frozenset({self.pk})
        match self.visibility:
            case Visibility.ALL:
                return None
            case Visibility.BRANCH if branches := self._branches():
                members = User.objects.filter(models.Q(branch__in=branches) | models.Q(team__branch__in=branches))
                return mine | frozenset(members.values_list("pk", flat=True))
            case Visibility.TEAM if self.team_id is not None:
                return mine | frozenset(User.objects.filter(team=self.team_id).values_list("pk", flat=True))
            case _:
                return mine

    def _branches(self) -> set[int]:
        """The user's branch, or else the team's, and all below it."""
        top = self.branch_id or (self.team.branch_id if self.team is not None else None)
        if top is None:
            return set()
        parents = dict(Branch.objects.values_list("pk", "parent_id"))
        found, grown = {top}, {top}
        while grown:
            grown = {pk for pk, parent in parents.items() if parent in grown} - found
            found |= grown
        return found


class FormerPassword(models.Model):
    """The hash of a password a user had, so that it is not taken again at once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)

    class Meta:
        app_label = "access"


class SignIn(AbstractBaseSession):
    """A session: who is signed in, with which device, since when and seen last."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sign_ins")
    device = models.CharField(max_length=300, blank=True)  # as the browser names itself
    address = models.CharField(max_length=45, blank=True)
    since = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "access"

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        """The engine that keeps sessions here."""
        from guanxi.kernel.access.sessions import SessionStore

        return SessionStore

    @property
    def number(self) -> str:
        """What a page may name it by: whoever knows the key itself is signed in."""
        return hashlib.sha256(self.session_key.encode()).hexdigest()[:16]


class Company(models.Model):
    """The one company this home belongs to, and what it has chosen."""

    class TierMethod(models.TextChoices):
        PYRAMID = "pyramid"
        ABC = "abc"
        RFM = "rfm"

    name = models.CharField(max_length=120)
    language = models.CharField(max_length=10, default="zh-hans")
    tier_method = models.CharField(max_length=10, choices=TierMethod.choices, default=TierMethod.PYRAMID)
    nightly_refresh = models.CharField(max_length=5, default="02:00")  # HH:MM by the business's clock, or "off"
    purge_after_days = models.PositiveSmallIntegerField(null=True)  # in the bin; null: never by itself
    requires_second_factor = models.BooleanField(default=False)

    class Meta:
        app_label = "access"
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="access_one_company"),)
