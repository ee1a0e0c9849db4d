"""Whose work is where, for whom flow is looked at and since when, and the figures that pages tell."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from vertebra.evidence.labels import FlowGrain, PlaceWay


def _or_none(column: str) -> Coalesce:
    """The id that the column holds, or zero, so that two rows without one are alike."""
    return Coalesce(models.F(column), 0, output_field=models.BigIntegerField())


class WorkPlace(models.Model):
    """A project, component, label or team of a tool, and which unit and area its work belongs to here.

    `count` is how many work items are there, missing for fewer than five; `is_mapped` is whether anybody said whose it
    is. The mapping is today's: a place takes its past along, so that a team is compared with the past of the same work.
    """

    source = models.ForeignKey("sources.Source", on_delete=models.PROTECT, related_name="+")
    way = models.CharField(_("what it is"), max_length=9, choices=PlaceWay)
    value = models.CharField(_("called in the tool"), max_length=200)
    count = models.PositiveIntegerField(null=True)
    # For sorting: places of few items stand with zero.
    weight = models.PositiveIntegerField(default=0)
    unit = models.ForeignKey(
        "org.Unit", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit")
    )
    area = models.ForeignKey(
        "org.Area", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("area")
    )
    is_mapped = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("source", "way", "value"), name="a_place_of_work_once_per_source"
            ),
            models.CheckConstraint(
                condition=Q(is_mapped=True) | Q(unit__isnull=True, area__isnull=True),
                name="a_place_of_work_is_mapped_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return self.value


class FlowOpening(models.Model):
    """Flow is looked at for a unit with all that is inside it, or for the whole company, because something asks for it.

    `kind` and `object_id` are what asks: a practice with co-authors. Without an opening no page of flow exists.
    """

    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    object_id = models.PositiveBigIntegerField()
    why = models.CharField(max_length=500)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                _or_none("unit"),
                "kind",
                "object_id",
                condition=Q(closed_at=None),
                name="flow_is_asked_for_once",
            ),
            models.CheckConstraint(condition=~Q(why=""), name="flow_is_looked_at_for_a_reason"),
        )

    def __str__(self) -> str:
        return self.why


class FlowFigure(models.Model):
    """What may be told of a unit, or of one of its areas, in a month or week: of all its work, or of one type of it.

    What was finished has no `finished` where it may not be told; what was under way at the end has no `under_way`.
    Hours and days; shares from 0 to 1. `first_at` is when the unit's figures of this period were first computed: for
    two weeks from then on only its own people see them.
    """

    unit = models.ForeignKey("org.Unit", on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey("org.Area", null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=200, blank=True)
    grain = models.CharField(max_length=5, choices=FlowGrain)
    starts_on = models.DateField()
    weeks = models.PositiveSmallIntegerField()
    first_at = models.DateTimeField()
    finished = models.PositiveIntegerField(null=True)
    lead_50 = models.FloatField(null=True)
    lead_85 = models.FloatField(null=True)
    lead_95 = models.FloatField(null=True)
    cycle_50 = models.FloatField(null=True)
    cycle_85 = models.FloatField(null=True)
    cycle_95 = models.FloatField(null=True)
    todo = models.FloatField(null=True)
    doing = models.FloatField(null=True)
    waiting = models.FloatField(null=True)
    blocked = models.FloatField(null=True)
    reopened = models.FloatField(null=True)
    handed = models.FloatField(null=True)
    handed_back = models.FloatField(null=True)
    team_handed = models.FloatField(null=True)
    team_back = models.FloatField(null=True)
    carried = models.FloatField(null=True)
    late = models.FloatField(null=True)
    late_days = models.FloatField(null=True)
    # Pairs of a status and its share of the time, the largest first.
    statuses = models.JSONField(default=list)
    under_way = models.PositiveIntegerField(null=True)
    age_50 = models.FloatField(null=True)
    age_85 = models.FloatField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "unit", _or_none("area"), "kind", "grain", "starts_on", name="flow_is_told_once"
            ),
        )

    def __str__(self) -> str:
        return f"flow of unit {self.unit_id} from {self.starts_on}"


class FlowTold(models.Model):
    """What was told of a month at one time, of finished work or of work under way, and signs of who is behind it and what
    it adds.

    With these the month is told anew only where what differs is of five people at least. `groups` and `kinds` (group,
    type) are what is told; `parts` hold week, groups from the inside out, type, a sign of somebody, a sign of figures.
    """

    what = models.CharField(max_length=9)
    starts_on = models.DateField()
    weeks = models.PositiveSmallIntegerField()
    groups = models.JSONField(default=list)
    kinds = models.JSONField(default=list)
    is_by_week = models.BooleanField(default=False)
    parts = models.JSONField(default=list)

    class Meta:
        indexes = (models.Index(fields=("what", "starts_on"), name="what_was_told_of_a_month"),)

    def __str__(self) -> str:
        return f"{self.what} in the month from {self.starts_on}"


class HandOverQuestion(models.Model):
    """Which field of a tool names who has a work item, and which one the steps that it stands in meanwhile; what they tell.

    Groups are told apart two weeks after `first_at`, when it was first computed.
    """

    source = models.ForeignKey("sources.Source", on_delete=models.PROTECT, related_name="+")
    field = models.CharField(_("field that names groups"), max_length=200)
    steps = models.CharField(_("field that names steps"), max_length=200)
    figures = models.JSONField(default=dict, blank=True)
    first_at = models.DateTimeField(null=True, blank=True)
    computed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("source", "field", "steps"), name="a_hand_over_is_asked_about_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.field} × {self.steps}"


class HandOverTold(models.Model):
    """What was told of the hand-overs of a source at one time, and signs of who is behind it and what they add.

    It stays when the question is asked no more: whoever saw its figures remembers them. `groups` were told apart, the
    others together with their `homes`; `parts` hold group, a sign of somebody, a sign of figures.
    """

    source = models.ForeignKey("sources.Source", on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=200)
    steps = models.CharField(max_length=200)
    what = models.CharField(max_length=9)
    groups = models.JSONField(default=list)
    homes = models.JSONField(default=dict)
    parts = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.what} by {self.field} × {self.steps}"


class FlowRun(models.Model):
    """When places and figures were computed last, and of what: one row, whose stamp tells whether anything is due."""

    stamp = models.CharField(max_length=64)
    computed_at = models.DateTimeField()
    # The last month that is told, by its first day; fields of each source, by its number.
    until = models.DateField(null=True)
    fields = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"flow of {self.computed_at}"
