"""Who is for and against, by team; private to Product Ops."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vertebra.accounts.labels import Kind
from vertebra.discovery import labels


class Stance(models.Model):
    """How a team (or, with care, a person) stands towards one subject on a day; a later row replaces it."""

    kind = models.CharField(max_length=30, choices=Kind)
    object_id = models.BigIntegerField()
    unit = models.ForeignKey("org.Unit", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        "org.Person", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    level = models.SmallIntegerField(_("stance"), choices=labels.StanceLevel)
    note = models.TextField(_("what we heard, fit to be read by them"), max_length=2000, blank=True)
    noted_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    noted_on = models.DateField()
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(unit__isnull=False, person__isnull=True)
                | Q(unit__isnull=True, person__isnull=False)
                | Q(erased_at__isnull=False),
                name="a_stance_is_of_a_team_or_a_person",
            ),
        )
        indexes = (models.Index(fields=("kind", "object_id", "noted_on"), name="stances_on_a_subject"),)

    def __str__(self) -> str:
        return f"stance {self.pk}"
