"""Forms of reports: what one is made of, three sentences, whom to tell, links."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from vertebra.kit.forms import LongSelect
from vertebra.org.forms.fields import PersonField
from vertebra.org.models import Unit, UnitVersion
from vertebra.roadmap.labels.reports import Section
from vertebra.roadmap.models import ReportTemplate

MOST_UNITS = 400


class TemplateForm(forms.ModelForm[ReportTemplate]):
    """What a report that comes again is made of, for whom, how often."""

    sections = forms.MultipleChoiceField(
        label=_("made of"), choices=Section.choices, widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)
    author = PersonField(label=_("written by"), required=False, help_text=_("Asked once for each issue."))
    of_unit = forms.TypedChoiceField(
        label=_("about"), required=False, coerce=int, empty_value=None, widget=LongSelect
    )

    class Meta:
        model = ReportTemplate
        fields = ("name", "language", "of_unit", "author", "every_months", "next_on", "sections")
        widgets = {"next_on": forms.DateInput(attrs={"type": "date"})}

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["author"] = self.instance.author
        self.fields["of_unit"].choices = [("", _("the whole company")), *units(today)]  # type: ignore[attr-defined]
        self.fields["every_months"].help_text = _("1 for each month, 3 for each quarter.")

    def clean_of_unit(self) -> Unit | None:
        """The unit that was chosen."""
        pk = self.cleaned_data.get("of_unit")
        return Unit.objects.filter(pk=pk).first() if pk else None

    def clean_every_months(self) -> int:
        """From every month to once a year."""
        months: int = self.cleaned_data["every_months"]
        if not 1 <= months <= 12:
            raise forms.ValidationError(_("From 1 to 12 months."))
        return months


def units(today: dt.date) -> list[tuple[int, str]]:
    """The units of the day by name."""
    rows = UnitVersion.objects.as_of(today).order_by("name").values_list("unit_id", "name")
    return list(rows[:MOST_UNITS])


class SentencesForm(forms.Form):
    """The three sentences that are the author's."""

    top = forms.CharField(
        label=_("what matters most, in one sentence"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )  # fmt: skip
    ask = forms.CharField(
        label=_("what you ask of the readers"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )  # fmt: skip
    next = forms.CharField(
        label=_("what comes next"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )  # fmt: skip


class PublishForm(forms.Form):
    """Whom to tell besides those who follow the report."""

    units = forms.MultipleChoiceField(
        label=_("also tell everybody in"), required=False, widget=forms.SelectMultiple(attrs={"size": 6})
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = units(today)  # type: ignore[attr-defined]


class ReportLinkForm(forms.Form):
    """For whom an address is, and until when."""

    name = forms.CharField(label=_("for whom"), max_length=200)
    days = forms.IntegerField(label=_("for how many days"), min_value=1, max_value=365, initial=30)
