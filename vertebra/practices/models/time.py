"""The time that ways of working may ask for, and what is handed over so that they run without Product Ops."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vertebra.kit.versions import OverTime
from vertebra.org.labels import Function


class TimeCeiling(OverTime):
    """The most minutes a month that all standards and routines together may ask of each person of a function."""

    function = models.CharField(_("function"), max_length=20, choices=Function)
    minutes = models.PositiveIntegerField(_("minutes a month, each"))
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            *OverTime.Meta.constraints,
            models.UniqueConstraint(
                fields=("function",),
                condition=Q(ends_on__isnull=True),
                name="a_function_has_one_ceiling_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.function}: {self.minutes}"


class CeilingReason(models.Model):
    """Somebody said under their name why a practice becomes a standard although it asks more than the ceiling."""

    version = models.ForeignKey(
        "practices.PracticeVersion", on_delete=models.CASCADE, related_name="ceiling_reasons"
    )
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    words = models.TextField(_("why"), max_length=4000)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"reason {self.pk} of version {self.version_id}"


class HandOver(models.Model):
    """A practice or a routine goes from one person to another by a day; it is done when they have taken it over."""

    practice = models.ForeignKey(
        "practices.Practice", null=True, on_delete=models.CASCADE, related_name="hand_overs"
    )
    routine = models.ForeignKey(
        "practices.Routine", null=True, on_delete=models.CASCADE, related_name="hand_overs"
    )
    from_person = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    to_person = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    by_on = models.DateField(_("by"))
    words = models.CharField(_("what helps them to take it over"), max_length=1000, blank=True)
    reminded_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("by_on", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(practice__isnull=True, routine__isnull=False)
                | Q(practice__isnull=False, routine__isnull=True),
                name="a_hand_over_is_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(from_person__isnull=True)
                | Q(to_person__isnull=True)
                | ~Q(from_person=F("to_person")),
                name="a_hand_over_goes_to_somebody_else",
            ),
            models.UniqueConstraint(
                fields=("practice",),
                condition=Q(practice__isnull=False, done_at__isnull=True, stopped_at__isnull=True),
                name="a_practice_is_handed_over_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=("routine",),
                condition=Q(routine__isnull=False, done_at__isnull=True, stopped_at__isnull=True),
                name="a_routine_is_handed_over_once_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"hand-over {self.pk}"
