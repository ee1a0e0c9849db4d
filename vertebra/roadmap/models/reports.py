"""Reports that assemble themselves: templates are data, a few sentences are written, the rest is read."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vertebra.roadmap.labels import reports as labels


class ReportTemplate(models.Model):
    """What a recurring report is made of, for whom, how often."""

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(max_length=15, choices=labels.ReportKind, default=labels.ReportKind.OWN)
    language = models.CharField(max_length=5)
    sections = models.JSONField(default=list)
    every_months = models.PositiveSmallIntegerField(_("every (months)"), default=1)
    of_unit = models.ForeignKey(
        "org.Unit", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("unit")
    )
    author = models.ForeignKey(
        "org.Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("written by"),
    )
    next_on = models.DateField(_("next on"), null=True, blank=True, db_index=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Report(models.Model):
    """One issue of a report; once frozen, `content` is all that is shown and never changes."""

    template = models.ForeignKey(ReportTemplate, on_delete=models.PROTECT, related_name="reports")
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(max_length=5)
    from_on = models.DateField()
    until_on = models.DateField()
    state = models.CharField(max_length=9, choices=labels.ReportState, default=labels.ReportState.DRAFT)
    sentences = models.JSONField(default=dict, blank=True)
    content = models.JSONField(default=dict, blank=True)
    assembled_at = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("template", "from_on"), name="a_report_once_per_period"),
            models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="a_report_covers_some_time"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(frozen_at__isnull=False),
                name="a_report_is_frozen_before_it_is_published",
            ),
        )

    def __str__(self) -> str:
        return self.title
