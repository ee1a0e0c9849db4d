"""Is Product Ops warranted, in which shape; and at which stage the function is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from vertebra.discovery import labels


class Diagnosis(models.Model):
    """The symptom test of one moment: answers by population, figures the system knows, and what they say."""

    language = models.CharField(max_length=5)
    state = models.CharField(max_length=8, choices=labels.DiagnosisState, default=labels.DiagnosisState.DRAFT)
    own_answers = models.JSONField(default=dict, blank=True)
    survey = models.OneToOneField("evidence.Survey", null=True, on_delete=models.SET_NULL, related_name="+")
    figures = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    started_on = models.DateField()
    done_on = models.DateField(null=True)
    next_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"diagnosis of {self.started_on}"


class StageOfFunction(models.Model):
    """In one field of action, how the effort of Product Ops is shared, and which skills it has and lacks."""

    field = models.ForeignKey("org.Field", on_delete=models.CASCADE, related_name="+")
    on = models.DateField(_("on"))
    urgencies = models.PositiveSmallIntegerField(_("urgencies (%)"))
    projects = models.PositiveSmallIntegerField(_("projects (%)"))
    standards = models.PositiveSmallIntegerField(_("running standards (%)"))
    skills = models.JSONField(_("skills present"), default=list, blank=True)
    skills_missing = models.JSONField(_("skills missing"), default=list, blank=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("field", "on"), name="a_stage_once_per_field_and_day"),
            models.CheckConstraint(
                condition=models.Q(urgencies=100 - models.F("projects") - models.F("standards")),
                name="the_shares_of_effort_make_the_whole",
            ),
        )

    def __str__(self) -> str:
        return f"stage of field {self.field_id} on {self.on}"
