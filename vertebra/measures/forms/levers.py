"""What people may type about levers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vertebra.measures.models import Metric


class LeverForm(forms.Form):
    """One metric that should move another, and why."""

    driver = forms.ModelChoiceField(Metric.objects.none(), label=_("This metric"), empty_label=_("choose"))
    outcome = forms.ModelChoiceField(Metric.objects.none(), label=_("should move"), empty_label=_("choose"))
    why = forms.CharField(
        label=_("Why we think so"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Metric.objects.filter(archived_at__isnull=True).order_by("name")
        for name in ("driver", "outcome"):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]


class WhyForm(forms.Form):
    """Why one should move the other."""

    why = forms.CharField(
        label=_("Why we think so"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
