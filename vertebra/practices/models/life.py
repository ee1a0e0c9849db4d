"""The life of a practice: who builds it, which teams try it, who validated it, what it is for which unit."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vertebra.kit.versions import OverTime
from vertebra.practices.labels import practices as labels


class CoAuthor(models.Model):
    """Somebody who builds a practice with the others."""

    practice = models.ForeignKey("practices.Practice", on_delete=models.CASCADE, related_name="co_authors")
    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("practice", "person"), name="a_co_author_once_per_practice"),
        )

    def __str__(self) -> str:
        return f"co-author of practice {self.practice_id}"


class Contribution(models.Model):
    """A change, an objection or support that somebody brought, under their name, and what was answered."""

    practice = models.ForeignKey("practices.Practice", on_delete=models.CASCADE, related_name="contributions")
    kind = models.CharField(_("what you bring"), max_length=10, choices=labels.ContributionKind)
    words = models.TextField(_("in your words"), max_length=4000)
    language = models.CharField(max_length=5)
    person = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    is_taken_up = models.BooleanField(_("taken up"), null=True)
    answered_by = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | ~Q(answer=""),
                name="a_contribution_answered_has_an_answer",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} to practice {self.practice_id}"


class Trial(models.Model):
    """A team tries a practice, freely, and says what it learnt: a pilot."""

    practice = models.ForeignKey("practices.Practice", on_delete=models.CASCADE, related_name="trials")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("team"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    learnt = models.TextField(_("what we learnt"), max_length=4000, blank=True)
    language = models.CharField(max_length=5)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("starts_on", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("practice", "unit"),
                condition=Q(ends_on__isnull=True),
                name="a_team_tries_a_practice_once_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"trial of practice {self.practice_id}"


class PracticeValidation(models.Model):
    """Somebody said, under their name, that a version may go beyond the teams that tried it."""

    version = models.ForeignKey(
        "practices.PracticeVersion", on_delete=models.CASCADE, related_name="validations"
    )
    person = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    words = models.TextField(_("why"), max_length=4000)
    language = models.CharField(max_length=5)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"validation of version {self.version_id}"


class PracticeReach(OverTime):
    """What a practice is for a unit and all under it (no unit: the whole company), from one day to another.

    The window in which objections are heard lies before it begins: `announced_at` to `starts_on`.
    """

    practice = models.ForeignKey("practices.Practice", on_delete=models.CASCADE, related_name="reaches")
    unit = models.ForeignKey("org.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reach = models.CharField(_("what it is there"), max_length=11, choices=labels.Reach)
    # Null: it was in force when Vertebra came, and its validation is owed.
    validation = models.ForeignKey(
        PracticeValidation, null=True, on_delete=models.PROTECT, related_name="reaches"
    )
    is_registered = models.BooleanField(default=False)
    reason = models.TextField(_("why"), max_length=4000, blank=True)
    announced_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            *OverTime.Meta.constraints,
            models.CheckConstraint(
                condition=Q(validation__isnull=False) | Q(is_registered=True) | Q(reach="free"),
                name="a_practice_reaches_a_unit_once_validated",
            ),
        )

    def __str__(self) -> str:
        return f"{self.reach} in unit {self.unit_id or 'all'}"
