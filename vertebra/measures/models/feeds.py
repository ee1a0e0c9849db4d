"""Where the values of a metric come from, and each time they were fetched."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from vertebra.measures.labels import feeds as labels


class Feed(models.Model):
    """How the values of one metric arrive; its passwords and tokens are secrets of its source.

    Until somebody has seen what it reads and started it, nothing of it is recorded.
    """

    metric = models.OneToOneField("measures.Metric", on_delete=models.CASCADE, related_name="feed")
    kind = models.CharField(_("kind"), max_length=8, choices=labels.FeedKind)
    source = models.ForeignKey("sources.Source", null=True, on_delete=models.SET_NULL, related_name="+")
    settings = models.JSONField(default=dict, blank=True)
    every_hours = models.PositiveSmallIntegerField(_("read again every (hours)"), default=24)
    started_at = models.DateTimeField(null=True)
    next_run_at = models.DateTimeField(null=True, db_index=True)
    failures = models.PositiveSmallIntegerField(default=0)
    paused_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=500, blank=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"feed of metric {self.metric_id}"


class FeedRun(models.Model):
    """One reading of a feed: what came, what changed, what was wrong; a preview records nothing."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="runs")
    state = models.CharField(max_length=8, choices=labels.FeedState, default=labels.FeedState.RUNNING)
    is_preview = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    read_count = models.PositiveIntegerField(default=0)
    new_count = models.PositiveIntegerField(default=0)
    corrected_count = models.PositiveIntegerField(default=0)
    sample = models.JSONField(default=list)
    problems = models.JSONField(default=list)

    class Meta:
        ordering = ("-started_at", "-id")

    def __str__(self) -> str:
        return f"run {self.pk} of feed {self.feed_id}"
