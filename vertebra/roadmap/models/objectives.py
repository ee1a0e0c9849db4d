"""What leadership wants for a period, in its own words."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Objective(models.Model):
    """One of leadership's few objectives for a period; topics and initiatives say which they serve."""

    title = models.CharField(_("objective"), max_length=200)
    description = models.TextField(_("in leadership’s words"), max_length=4000, blank=True)
    language = models.CharField(max_length=5)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    owner = models.ForeignKey(
        "org.Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("carried by"),
    )
    of_unit = models.ForeignKey(
        "org.Unit", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("unit")
    )
    position = models.PositiveSmallIntegerField(default=0)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-starts_on", "position", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="an_objective_ends_after_it_starts"
            ),
        )

    def __str__(self) -> str:
        return self.title
