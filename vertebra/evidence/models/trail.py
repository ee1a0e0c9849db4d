"""The history of work items of a source: where it is stored, what it holds, and what the tool's statuses mean."""

from django.db import models
from django.db.models import Q

from vertebra.evidence.labels import WorkCategory


class TrailVersion(models.Model):
    """The history of the work items of a source as it stood after one import: the files that hold it, what they hold."""

    source = models.ForeignKey("sources.Source", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    # Names of files under the folder of the source, by table.
    files = models.JSONField()
    counts = models.JSONField()
    earliest_at = models.DateTimeField(null=True)
    latest_at = models.DateTimeField(null=True)
    # Projects, kinds and statuses with their counts: what pages show without opening a file.
    parts = models.JSONField(default=dict)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("source", "number"), name="a_trail_version_once_per_source"),
            models.UniqueConstraint(
                fields=("source",), condition=Q(superseded_at=None), name="one_current_trail_per_source"
            ),
        )

    def __str__(self) -> str:
        return f"trail {self.number} of source {self.source_id}"


class StatusMeaning(models.Model):
    """What a status of a tool means here, where the tool does not say or says otherwise: to do, under way, waits, done."""

    source = models.ForeignKey("sources.Source", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=200)
    category = models.CharField(max_length=7, choices=WorkCategory)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("source", "status"), name="a_status_means_one_thing_per_source"),
        )

    def __str__(self) -> str:
        return self.status
