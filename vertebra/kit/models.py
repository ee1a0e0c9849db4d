"""What the workers agree on through the database: who lives, what is scheduled, what was started, how far it is."""

import uuid

from django.db import models


class Heartbeat(models.Model):
    """One worker process, and when it last said that it lives."""

    worker_id = models.CharField(max_length=64, unique=True)
    host = models.CharField(max_length=255)
    process = models.CharField(max_length=60)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
    stopped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.worker_id


class Scheduled(models.Model):
    """One thing that runs by itself, and when it is due next."""

    name = models.CharField(max_length=60, unique=True)
    expression = models.CharField(max_length=60)
    task_path = models.CharField(max_length=200)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class CronTick(models.Model):
    """One due moment of something scheduled: whoever writes the row starts the job, so it starts once."""

    name = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    job_id = models.UUIDField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("name", "due_at"), name="a_due_moment_starts_once"),)

    def __str__(self) -> str:
        return f"{self.name} {self.due_at:%Y-%m-%d %H:%M}"


class JobProgress(models.Model):
    """How far a long job is, in its own words (a code) and numbers."""

    job_id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    done = models.PositiveIntegerField()
    total = models.PositiveIntegerField(null=True)
    words = models.CharField(max_length=60, blank=True)
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.done}/{self.total or '?'} {self.words}"
