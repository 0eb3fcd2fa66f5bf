"""Customer groups, and what is done with them: follow-ups with a control group, and their result."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from guanxi.customers.models import Customer


class CustomerGroup(models.Model):
    """Customers somebody chose on a list, kept as they were at that moment."""

    name = models.CharField(max_length=120)
    words = models.CharField(max_length=500, blank=True)  # the filters as sentences, for readers
    address = models.TextField(blank=True)  # the list's query string they were chosen by
    chosen = models.JSONField(default=list)  # the ids, where single rows were chosen
    size = models.PositiveIntegerField(default=0)
    is_complete = models.BooleanField(default=False)  # all members are in
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        app_label = "marketing"


class GroupMember(models.Model):
    """A customer of a group."""

    group = models.ForeignKey(CustomerGroup, on_delete=models.CASCADE, related_name="members")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="groups")

    class Meta:
        app_label = "marketing"
        constraints = (models.UniqueConstraint(fields=["group", "customer"], name="marketing_member_once"),)


class FollowUp(models.Model):
    """A group handed to its owners to be followed up, a control group left alone, and what came of it."""

    class State(models.TextChoices):
        PREPARING = "preparing"
        RUNNING = "running"
        CANCELLED = "cancelled"

    group = models.ForeignKey(CustomerGroup, on_delete=models.PROTECT, related_name="follow_ups")
    title = models.CharField(max_length=120)
    reason = models.CharField(max_length=200)  # why, in words; every task carries it
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARING)
    control_percent = models.PositiveSmallIntegerField()  # of the group, left alone
    control_reason = models.CharField(max_length=200, blank=True)  # why nobody is left alone
    fallback = models.ForeignKey(  # who takes customers without an owner
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    started_on = models.DateField()
    due_on = models.DateField()
    measured_days = models.PositiveSmallIntegerField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField()
    result = models.JSONField(default=dict)  # guanxi.marketing.result.Result, as last measured

    class Meta:
        app_label = "marketing"

    @property
    def batch(self) -> str:
        """What the tasks of this follow-up carry as their batch."""
        return f"follow-up-{self.pk}"


class FollowUpMember(models.Model):
    """A customer of a follow-up, and the arm that chance drew."""

    class Arm(models.TextChoices):
        TREATED = "treated"
        CONTROL = "control"

    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="members")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="follow_ups")
    arm = models.CharField(max_length=8, choices=Arm.choices)
    has_task = models.BooleanField(default=False)

    class Meta:
        app_label = "marketing"
        constraints = (models.UniqueConstraint(fields=["follow_up", "customer"], name="marketing_follow_up_once"),)
        indexes = (models.Index(fields=["follow_up", "arm", "customer"], name="marketing_arms"),)
