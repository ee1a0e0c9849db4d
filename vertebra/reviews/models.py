"""Nouns of reviews: how often something is looked back at, each review as it stood, what came back from it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vertebra.accounts.labels import Kind
from vertebra.org.labels import MandateRole
from vertebra.reviews import labels


class Cadence(models.Model):
    """Something is looked back at every so many months: an object of any kind, or a role.

    `audience` is kept as surveys keep theirs; empty: those who hold the role or lead the object, and whom they work with.
    """

    title = models.CharField(_("what is looked back at"), max_length=200)
    language = models.CharField(_("language"), max_length=5)
    kind = models.CharField(max_length=30, choices=Kind, blank=True)
    object_id = models.BigIntegerField(null=True)
    role = models.CharField(_("role"), max_length=20, choices=MandateRole, blank=True)
    every_months = models.PositiveSmallIntegerField(_("every how many months"), default=6)
    next_on = models.DateField(_("next on"))
    audience = models.JSONField(default=dict, blank=True)
    lead = models.ForeignKey(
        "org.Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("led by"),
    )
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(~Q(kind="") & Q(object_id__isnull=False, role=""))
                | (Q(kind="", object_id__isnull=True) & ~Q(role="")),
                name="a_cadence_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(every_months__gte=1, every_months__lte=36), name="a_cadence_comes_back"
            ),
            models.UniqueConstraint(
                fields=("kind", "object_id"),
                condition=Q(ended_at__isnull=True) & ~Q(kind=""),
                name="an_object_has_one_cadence",
            ),
            models.UniqueConstraint(
                fields=("role",),
                condition=Q(ended_at__isnull=True) & ~Q(role=""),
                name="a_role_has_one_cadence",
            ),
        )
        indexes = (models.Index(fields=("ended_at", "next_on", "id"), name="cadences_by_day"),)

    def __str__(self) -> str:
        return self.title


class Review(models.Model):
    """One look back: what was used and what it cost as known on its day, what people answered, what was decided."""

    cadence = models.ForeignKey(Cadence, on_delete=models.CASCADE, related_name="reviews")
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=9, choices=labels.ReviewState, default=labels.ReviewState.ASKING)
    since_on = models.DateField()
    frozen_on = models.DateField()
    figures = models.JSONField(default=dict, blank=True)
    survey = models.ForeignKey("evidence.Survey", null=True, on_delete=models.SET_NULL, related_name="+")
    lead = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    verdict = models.CharField(_("decision"), max_length=7, choices=labels.Verdict, blank=True)
    reason = models.TextField(_("why"), max_length=4000, blank=True)
    language = models.CharField(max_length=5)
    decided_by = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-frozen_on", "-id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="decided")
                | (~Q(verdict="") & ~Q(reason="") & Q(decided_at__isnull=False)),
                name="a_review_decides_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="skipped") | ~Q(reason=""), name="skipping_a_review_has_a_reason"
            ),
            models.CheckConstraint(condition=Q(since_on__lte=F("frozen_on")), name="a_review_looks_back"),
            models.UniqueConstraint(
                fields=("cadence",),
                condition=Q(state__in=("asking", "to_decide")),
                name="one_review_of_a_thing_at_a_time",
            ),
        )
        indexes = (models.Index(fields=("state", "frozen_on", "id"), name="reviews_by_state"),)

    def __str__(self) -> str:
        return self.title


class Finding(models.Model):
    """What a review found: it comes back as evidence of a pain point, and is never edited."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="findings")
    line = models.CharField(_("what was found"), max_length=500)
    language = models.CharField(max_length=5)
    pain_point = models.ForeignKey(
        "discovery.PainPoint", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("created_at", "id")

    def __str__(self) -> str:
        return self.line
