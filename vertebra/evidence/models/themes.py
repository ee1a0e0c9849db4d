"""Themes: free text of a survey, grouped by hand."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Theme(models.Model):
    """What several answers to a question in free text speak of, named by Product Ops."""

    question = models.ForeignKey("evidence.Question", on_delete=models.CASCADE, related_name="themes")
    name = models.CharField(_("theme"), max_length=100)
    responses = models.ManyToManyField("evidence.Response", related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("question", "name"), name="a_theme_is_named_once_per_question"),
        )

    def __str__(self) -> str:
        return self.name


class SurveyTable(models.Model):
    """The rows of a survey file while its import is prepared, without the columns that name people."""

    survey = models.OneToOneField("evidence.Survey", on_delete=models.CASCADE, related_name="table")
    headings = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    dropped = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"table of survey {self.survey_id}"
