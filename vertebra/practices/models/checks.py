"""Checks inside a practice: what they point at, how they were tried on the past, what they find week by week."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vertebra.practices.labels import checks as labels


class Check(models.Model):
    """What is looked at in work items for a practice: off until it was tried on the past and switched on."""

    practice = models.ForeignKey("practices.Practice", on_delete=models.CASCADE, related_name="checks")
    kind = models.CharField(max_length=7, choices=labels.CheckKind)
    # Of the library: which; its name, its why and how to mend it stand there.
    code = models.CharField(max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(max_length=5, blank=True)
    how = models.TextField(_("how to mend it"), max_length=2000, blank=True)
    among = models.TextField(_("among"), max_length=2000, blank=True)
    flags = models.TextField(_("points at"), max_length=2000, blank=True)
    # What is set of a shipped check, or the rule over histories.
    parameters = models.JSONField(default=dict, blank=True)
    on_since = models.DateTimeField(null=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(on_since__isnull=True) | Q(archived_at__isnull=True),
                name="an_archived_check_is_off",
            ),
        )

    def __str__(self) -> str:
        return self.name or self.code or f"check {self.pk}"


class CheckScope(models.Model):
    """A unit, with all under it, in which a check looks; a check without any looks wherever its practice is."""

    check_row = models.ForeignKey(Check, on_delete=models.CASCADE, related_name="scopes")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("check_row", "unit"), name="a_check_looks_in_a_unit_once"),
        )

    def __str__(self) -> str:
        return f"check {self.check_row_id} in unit {self.unit_id}"


class CheckAdaptation(models.Model):
    """A team's own setting of a check, or the check off there: with a reason and an end; information, not a fault."""

    check_row = models.ForeignKey(Check, on_delete=models.CASCADE, related_name="adaptations")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    parameters = models.JSONField(default=dict, blank=True)
    is_off = models.BooleanField(_("off here"), default=False)
    reason = models.TextField(_("why"), max_length=2000)
    starts_on = models.DateField()
    ends_on = models.DateField(_("until"))
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="a_check_is_adapted_for_a_reason"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="a_check_is_adapted_for_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"check {self.check_row_id} adapted in unit {self.unit_id}"


class CheckTrial(models.Model):
    """One try of a check on the past: what it would have found week by week, and some items, by their keys."""

    check_row = models.ForeignKey(Check, on_delete=models.CASCADE, related_name="trials")
    state = models.CharField(max_length=7, choices=labels.TrialState, default=labels.TrialState.WAITING)
    trouble = models.CharField(max_length=12, choices=labels.Trouble, blank=True)
    # Nothing where fewer than five people had the items.
    item_count = models.PositiveIntegerField(null=True)
    flagged_count = models.PositiveIntegerField(null=True)
    weeks = models.JSONField(default=list, blank=True)
    examples = models.JSONField(default=list, blank=True)
    asked_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-asked_at", "-id")

    def __str__(self) -> str:
        return f"trial of check {self.check_row_id}"


class CheckCount(models.Model):
    """What a check found among the items of a unit, and all under it, in a week; computed, never edited."""

    check_row = models.ForeignKey(Check, on_delete=models.CASCADE, related_name="counts")
    unit = models.ForeignKey("org.Unit", on_delete=models.CASCADE, related_name="+")
    week = models.DateField()
    item_count = models.PositiveIntegerField()
    flagged_count = models.PositiveIntegerField()
    # Whether enough people stand behind it, and behind what is left of the units around it.
    is_shown = models.BooleanField()
    # From this day on others than the unit's own people see it.
    open_on = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("check_row", "unit", "week"), name="one_count_per_check_unit_week"
            ),
        )
        indexes = (models.Index(fields=("unit", "week"), name="counts_of_a_unit"),)

    def __str__(self) -> str:
        return f"check {self.check_row_id} in unit {self.unit_id}, {self.week}"


class RuleSuggestion(models.Model):
    """A habit found in the histories of a source, offered as a rule; computed anew at each look."""

    source = models.ForeignKey("sources.Source", on_delete=models.CASCADE, related_name="+")
    rule = models.JSONField()
    item_count = models.PositiveIntegerField()
    share = models.FloatField()
    examples = models.JSONField(default=list, blank=True)
    computed_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"suggestion of source {self.source_id}"
