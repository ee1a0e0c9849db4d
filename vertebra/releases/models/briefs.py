"""Briefs: one text per trade and language, made from one source, and the questions answered once for all."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vertebra.releases.labels import briefs as labels


class Brief(models.Model):
    """What one trade reads of a release, in one language; each save of its text is a version."""

    release = models.ForeignKey("releases.Release", on_delete=models.CASCADE, related_name="briefs")
    trade = models.CharField(_("trade"), max_length=20, choices=labels.Trade)
    language = models.CharField(_("language"), max_length=5)
    line = models.CharField(_("in one sentence"), max_length=300, blank=True)
    body = models.TextField(_("text"), max_length=50_000, blank=True)
    state = models.CharField(max_length=9, choices=labels.BriefState, default=labels.BriefState.PREFILLED)
    version = models.PositiveIntegerField(default=1)
    owner = models.ForeignKey(
        "org.Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("written by"),
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    ready_at = models.DateTimeField(null=True)
    ready_by = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("release", "trade", "language"), name="one_brief_per_trade_and_language"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(ready_at__isnull=False), name="a_brief_ready_says_since_when"
            ),
        )
        indexes = (models.Index(fields=("owner", "state", "due_on"), name="briefs_of_an_owner"),)

    def __str__(self) -> str:
        return f"{self.trade}/{self.language} of release {self.release_id}"


class BriefQuestion(models.Model):
    """A question that the field asks about a release, answered once for all; who asked is not shown.

    One that asks what another asks is merged into it: archived, answered with it.
    """

    release = models.ForeignKey("releases.Release", on_delete=models.CASCADE, related_name="questions")
    trade = models.CharField(_("trade"), max_length=20, choices=labels.Trade, default=labels.Trade.EVERYONE)
    question = models.TextField(_("question"), max_length=2000)
    language = models.CharField(max_length=5)
    asked_by = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    answered_by = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="merged")

    class Meta:
        ordering = ("asked_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | ~Q(answer=""),
                name="a_question_answered_has_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True)
                | (Q(archived_at__isnull=False) & ~Q(merged_into=models.F("id"))),
                name="a_merged_question_is_archived",
            ),
        )

    def __str__(self) -> str:
        return self.question
