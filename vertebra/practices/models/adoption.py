"""Adoption by team: where each stands with each practice, what it does otherwise, what the tools got wrong, its card."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vertebra.kit.versions import OverTime, OverTimeQuerySet
from vertebra.practices.labels import adoption as labels


class AdoptionQuerySet(OverTimeQuerySet):
    """Where teams stood on a day, as they knew it themselves or as everybody did."""

    def seen_on(self, day: dt.date) -> Self:
        """What anyone outside the team could see on that day: two weeks after the team."""
        return self.filter(self.is_seen_on(day))

    @staticmethod
    def is_seen_on(day: dt.date) -> Q:
        """The condition that a row was what the outside saw on that day."""
        return Q(visible_from__lte=day) & (Q(visible_until__isnull=True) | Q(visible_until__gt=day))


AdoptionManager = models.Manager.from_queryset(AdoptionQuerySet)


class Adoption(OverTime):
    """Where a team stands with a practice from one day on; a later row takes its place, it is never edited.

    The outside sees it from `visible_from` until its successor is visible: what is new is the team's alone at first.
    """

    practice = models.ForeignKey("practices.Practice", on_delete=models.CASCADE, related_name="adoptions")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=labels.AdoptionState)
    source = models.CharField(max_length=9, choices=labels.AdoptionSource)
    # The team would show another how it does.
    is_willing = models.BooleanField(default=False)
    said_by = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    visible_from = models.DateField()
    visible_until = models.DateField(null=True)
    created_at = models.DateTimeField()

    objects = AdoptionManager()  # type: ignore[misc]

    class Meta:
        constraints = (
            *OverTime.Meta.constraints,
            models.UniqueConstraint(
                fields=("practice", "unit"),
                condition=Q(ends_on__isnull=True),
                name="a_team_stands_in_one_place_with_a_practice",
            ),
            models.CheckConstraint(
                condition=Q(visible_from__gte=F("starts_on")), name="a_team_sees_its_adoption_before_others"
            ),
        )
        indexes = (models.Index(fields=("unit", "ends_on"), name="adoption_of_a_team"),)

    def __str__(self) -> str:
        return f"{self.state}: practice {self.practice_id} in unit {self.unit_id}"


class Adaptation(OverTime):
    """A team does a practice another way, or without it, for a reason and until a day: information, no fault."""

    practice = models.ForeignKey("practices.Practice", on_delete=models.CASCADE, related_name="adaptations")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("what you do"), max_length=9, choices=labels.AdaptationKind)
    reason = models.TextField(_("why"), max_length=2000)
    language = models.CharField(max_length=5)
    said_by = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    told_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            *OverTime.Meta.constraints,
            models.CheckConstraint(condition=Q(ends_on__isnull=False), name="an_adaptation_ends_on_a_day"),
            models.CheckConstraint(condition=~Q(reason=""), name="an_adaptation_has_a_reason"),
        )
        indexes = (models.Index(fields=("ends_on", "told_at"), name="adaptations_by_end"),)

    def __str__(self) -> str:
        return f"{self.kind}: practice {self.practice_id} in unit {self.unit_id}"


class ObservationDoubt(models.Model):
    """A team says that its tools show it wrongly; whoever carries the practice mends it and answers."""

    practice = models.ForeignKey("practices.Practice", on_delete=models.CASCADE, related_name="doubts")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    words = models.TextField(_("what is wrong"), max_length=1000, blank=True)
    language = models.CharField(max_length=5)
    said_by = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    answer = models.TextField(_("what was done"), max_length=2000, blank=True)
    is_mended = models.BooleanField(_("it is mended"), null=True)
    answered_by = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("practice", "unit"),
                condition=Q(answered_at__isnull=True),
                name="a_team_doubts_the_same_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | ~Q(answer=""), name="a_doubt_is_answered_in_words"
            ),
        )

    def __str__(self) -> str:
        return f"doubt {self.pk} of practice {self.practice_id}"


class AdoptionCard(models.Model):
    """Somebody who leads a team is asked, once a quarter at most, where it stands with all practices together."""

    unit = models.ForeignKey("org.Unit", on_delete=models.CASCADE, related_name="+")
    quarter = models.DateField()
    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=labels.CardState, default=labels.CardState.WAITING)
    digest = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "quarter", "person"), name="a_person_is_asked_once_a_quarter_for_a_team"
            ),
            models.UniqueConstraint(
                fields=("unit", "quarter"),
                condition=~Q(state="declined"),
                name="one_card_per_team_and_quarter",
            ),
        )
        indexes = (models.Index(fields=("person", "state"), name="adoption_cards_of_a_person"),)

    def __str__(self) -> str:
        return f"card of unit {self.unit_id} for {self.quarter}"
