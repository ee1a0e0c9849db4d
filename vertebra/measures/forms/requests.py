"""What people may type about questions to the data team, and about dashboards."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vertebra.measures.forms.metrics import metric_choices
from vertebra.measures.labels.charts import DashboardTool
from vertebra.measures.models import Dashboard, Metric
from vertebra.org.forms.fields import PersonField


class AskForm(forms.Form):
    """One line."""

    question = forms.CharField(
        label=_("Your question"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("In a line: “How many shops used click and collect last month?”"),
    )  # fmt: skip
    details = forms.CharField(
        label=_("What it is for"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class AnswerForm(forms.Form):
    """The answer: in words, or what gives it."""

    answer = forms.CharField(
        label=_("Answer"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 4})
    )
    metric = forms.ModelChoiceField(
        Metric.objects.filter(archived_at__isnull=True).order_by("name"), label=_("Metric that answers"),
        required=False, empty_label=_("none"),
    )  # fmt: skip
    dashboard = forms.ModelChoiceField(
        Dashboard.objects.filter(archived_at__isnull=True).order_by("name"), label=_("Dashboard that answers"),
        required=False, empty_label=_("none"),
    )  # fmt: skip


class ReasonForm(forms.Form):
    """Why not."""

    reason = forms.CharField(label=_("Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class DashboardForm(forms.Form):
    """A dashboard of another tool."""

    name = forms.CharField(label=_("Name"), max_length=200)
    url = forms.URLField(label=_("Address"), max_length=1000, assume_scheme="https")
    description = forms.CharField(
        label=_("What it answers"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    tool = forms.ChoiceField(
        label=_("Tool"), required=False, choices=[("", _("told by its address")), *DashboardTool.choices]
    )
    owner = PersonField(label=_("Owner"), required=False)
    metrics = forms.MultipleChoiceField(
        label=_("Metrics it shows"), required=False, widget=forms.SelectMultiple(attrs={"size": 8})
    )
    is_embedded = forms.BooleanField(
        label=_("Show it inside Vertebra"), required=False,
        help_text=_("Only for the sites that an administrator named in VERTEBRA_FRAME_ORIGINS; else it is a link."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metrics"].choices = metric_choices()  # type: ignore[attr-defined]
