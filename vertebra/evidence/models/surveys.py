"""Surveys: pulses, re-asks, diagnoses and imported files; answers are tied to a group, never to a person."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vertebra.evidence import labels


def unordered_key() -> int:
    """A key that says nothing of when its row was written."""
    return secrets.randbits(62)


class Survey(models.Model):
    """A few questions put to a population, answered by signed link; results exist once it is closed."""

    kind = models.CharField(max_length=12, choices=labels.SurveyKind)
    series = models.SlugField(_("series"), max_length=60, blank=True)
    title = models.CharField(_("title"), max_length=200)
    introduction = models.TextField(_("introduction"), max_length=4000, blank=True)
    language = models.CharField(_("language"), max_length=5)
    state = models.CharField(
        max_length=8, choices=labels.SurveyState, default=labels.SurveyState.DRAFT, db_index=True
    )
    cut = models.CharField(
        _("results told apart"), max_length=8, choices=labels.Cut, default=labels.Cut.FUNCTION
    )
    threshold = models.PositiveSmallIntegerField(_("smallest group shown"), default=5)
    audience = models.JSONField(default=dict, blank=True)
    subject_kind = models.CharField(max_length=30, blank=True)
    subject_id = models.BigIntegerField(null=True)
    invited_count = models.PositiveIntegerField(default=0)
    origin = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closes_on = models.DateField(_("closes on"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(threshold__gte=5), name="a_survey_shows_no_group_under_five"),
            models.UniqueConstraint(
                fields=("digest",), condition=~Q(digest=""), name="a_survey_file_imported_once"
            ),
        )
        indexes = (models.Index(fields=("subject_kind", "subject_id"), name="surveys_about_an_object"),)

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    """One question of a survey; choices are `[{"code": …, "label": …}]`."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(default=0)
    code = models.SlugField(max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=labels.QuestionKind)
    text = models.CharField(_("question"), max_length=500)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    is_required = models.BooleanField(_("an answer is needed"), default=False)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=("survey", "code"), name="a_question_code_once_per_survey"),
        )

    def __str__(self) -> str:
        return self.text


class Cell(models.Model):
    """The smallest group an answer is known by: at least five people were asked in each.

    `groups` names the groups it is part of, the widest first: results are shown for these alone.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="cells")
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    function = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=200, blank=True)
    groups = models.JSONField(default=list)
    invited_count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"group {self.pk} of survey {self.survey_id}"


class Invitation(models.Model):
    """One person was asked once; whether they answered is known, what they answered and when is not."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="invitations")
    cell = models.ForeignKey(Cell, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, blank=True)
    sent_on = models.DateField(null=True)
    reminded_on = models.DateField(null=True)
    is_answered = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("survey", "person"), name="a_person_is_asked_once_per_survey"),
            models.UniqueConstraint(
                fields=("digest",), condition=~Q(digest=""), name="a_survey_link_opens_one_invitation"
            ),
        )
        indexes = (models.Index(fields=("person", "sent_on"), name="asks_of_a_person"),)

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class Response(models.Model):
    """What somebody of a group answered: question code → value; no person, no time, no order."""

    id = models.BigIntegerField(primary_key=True, default=unordered_key, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="responses")
    cell = models.ForeignKey(Cell, null=True, on_delete=models.CASCADE, related_name="+")
    answers = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"response {self.pk}"


class Result(models.Model):
    """What a group answered to one question, computed when the survey closed; null figures are too few to show."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="results")
    question = models.ForeignKey(Question, null=True, on_delete=models.CASCADE, related_name="+")
    group = models.CharField(max_length=120)
    parent = models.CharField(max_length=120, blank=True)
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    function = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=200, blank=True)
    invited = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(null=True)
    counts = models.JSONField(null=True)
    mean = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("survey", "question", "group"), name="a_result_once_per_group"),
        )

    def __str__(self) -> str:
        return f"result of {self.group} in survey {self.survey_id}"
