"""What moves what: the tree of levers, with the strength seen in the data."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Lever(models.Model):
    """Somebody holds that one metric moves another; the association seen is computed, and is not called cause."""

    driver = models.ForeignKey("measures.Metric", on_delete=models.CASCADE, related_name="moves")
    outcome = models.ForeignKey("measures.Metric", on_delete=models.CASCADE, related_name="moved_by")
    why = models.TextField(_("why we think so"), max_length=2000, blank=True)
    lag = models.PositiveSmallIntegerField(null=True)
    strength = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    seen_count = models.PositiveIntegerField(null=True)
    verdict = models.CharField(max_length=20, blank=True)
    computed_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("driver", "outcome"), name="a_lever_once"),
            models.CheckConstraint(condition=~Q(driver=F("outcome")), name="a_metric_does_not_move_itself"),
        )

    def __str__(self) -> str:
        return f"lever {self.pk}"
