"""What people may type about ratios and the hiring plan."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vertebra.kit.files.suffixes import TABLE_SUFFIXES
from vertebra.kit.forms import GivenFile
from vertebra.measures.labels.plans import COUNTED


class RatioForm(forms.Form):
    """A ratio: how many of whom for one of whom."""

    name = forms.CharField(label=_("Name"), max_length=120)
    many = forms.MultipleChoiceField(
        label=_("How many of"), choices=COUNTED, widget=forms.SelectMultiple(attrs={"size": 8})
    )
    one = forms.MultipleChoiceField(
        label=_("For one of"), choices=COUNTED, widget=forms.SelectMultiple(attrs={"size": 8})
    )
    threshold = forms.FloatField(label=_("Too many above"), required=False, min_value=0)
    is_per_unit = forms.BooleanField(
        label=_("Part by part of the company"), required=False,
        help_text=_("Small pictures beside each other: structure is no secret."),
    )  # fmt: skip


class PlanForm(forms.Form):
    """The file of a hiring plan."""

    file = GivenFile(
        label=_("Hiring plan"),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(sorted(TABLE_SUFFIXES))}),
        help_text=_("CSV or XLSX with the columns on, function, count, unit, market: one row per arrival or month."),
    )  # fmt: skip
    source = forms.CharField(
        label=_("Where it comes from"), max_length=100,
        help_text=_("The same name next time: the file takes the place of the plan before."),
    )  # fmt: skip

    def clean_file(self) -> Any:
        """A table of a size that a plan may have."""
        file = self.cleaned_data["file"]
        if file.size > 5_000_000:
            raise forms.ValidationError(_("The file is too large for a hiring plan."))
        if not str(file.name).lower().endswith(tuple(TABLE_SUFFIXES)):
            raise forms.ValidationError(_("Use CSV or XLSX."))
        return file
