"""The hiring plan: who is expected, where and when, so that ratios can be looked at ahead."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from vertebra.org.labels import Function
from vertebra.sources.models import FromOutside


class PlannedHire(FromOutside):
    """So many people of a function expected to arrive (or, below zero, to leave) in a unit or market on a day."""

    on = models.DateField(_("from"))
    function = models.CharField(_("function"), max_length=20, choices=Function)
    count = models.SmallIntegerField(_("people"))
    of_unit = models.ForeignKey(
        "org.Unit", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    market = models.ForeignKey(
        "org.Market", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    archived_at = models.DateTimeField(null=True)

    class Meta(FromOutside.Meta):
        indexes = (models.Index(fields=("on",), name="planned_hires_by_day"),)

    def __str__(self) -> str:
        return f"{self.count} {self.function} on {self.on}"


class RatioRule(models.Model):
    """A ratio the company watches: so many people of some functions for one of others, with a threshold."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    many = models.JSONField(default=list)
    one = models.JSONField(default=list)
    threshold = models.FloatField(_("too many above"), null=True, blank=True)
    is_per_unit = models.BooleanField(_("unit by unit"), default=False)
    metric = models.OneToOneField(
        "measures.Metric", null=True, blank=True, on_delete=models.SET_NULL, related_name="ratio"
    )
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name
