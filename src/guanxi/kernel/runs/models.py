"""Restartable batch runs: job + business date, steps, chunks, checkpoints, a lease."""

from __future__ import annotations

from django.db import models


class Run(models.Model):
    """One batch run. At most one open run a job: a stopped one is resumed, not begun again."""

    class State(models.TextChoices):
        RUNNING = "running"
        STOPPED = "stopped"  # failed or killed; resume goes on from the last checkpoint
        DONE = "done"
        ABANDONED = "abandoned"  # its inputs changed before it was resumed

    job = models.CharField(max_length=80)
    business_date = models.DateField(null=True)  # null until the last fact is known
    business_date_asked = models.DateField(null=True)  # the date given at the start; resume needs it equal
    revision = models.PositiveIntegerField(default=1)  # counts the runs of one job and business date
    inputs = models.JSONField(default=dict)  # what the run was asked to do; resume needs it equal
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    started_by = models.BigIntegerField(null=True)
    error = models.JSONField(null=True)  # as guanxi.kernel.errors.as_record writes it
    report = models.JSONField(default=dict)
    plan = models.JSONField(default=list)  # names of the steps to come, in order
    stop_requested_at = models.DateTimeField(null=True)
    lease_token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    lease_holder = models.JSONField(default=dict)  # guanxi.kernel.process.Holder

    class Meta:
        app_label = "runs"
        constraints = (
            models.UniqueConstraint(fields=["job", "business_date", "revision"], name="runs_instance"),
            models.UniqueConstraint(
                fields=["job"], condition=models.Q(state__in=["running", "stopped"]), name="runs_one_open"
            ),
        )


class RunStep(models.Model):
    """One step of a run and what it counted."""

    class State(models.TextChoices):
        RUNNING = "running"
        STOPPED = "stopped"
        DONE = "done"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steps")
    name = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    seconds = models.FloatField(default=0)  # work time over all attempts
    done = models.BigIntegerField(default=0)  # progress within the step, in the step's own unit
    expected = models.BigIntegerField(null=True)
    counts = models.JSONField(default=dict)

    class Meta:
        app_label = "runs"
        constraints = (models.UniqueConstraint(fields=["run", "name"], name="runs_step_once"),)


class Checkpoint(models.Model):
    """One finished chunk of a step: the files it wrote and what it counted."""

    step = models.ForeignKey(RunStep, on_delete=models.CASCADE, related_name="checkpoints")
    chunk = models.CharField(max_length=160)
    files = models.JSONField(default=list)  # {table, path}, the path relative to the run's root folder
    counts = models.JSONField(default=dict)
    done = models.BigIntegerField(default=0)  # how far this chunk brought the step, in the step's own unit
    at = models.DateTimeField()

    class Meta:
        app_label = "runs"
        constraints = (models.UniqueConstraint(fields=["step", "chunk"], name="runs_chunk_once"),)
