"""What people write of a transverse project: workstreams, what is counted, counts, gates."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vertebra.org.forms.fields import DayField, PersonField
from vertebra.org.labels import Function
from vertebra.roadmap.actions.counters import MOST_UNITS
from vertebra.roadmap.models import Initiative, Workstream
from vertebra.roadmap.queries.count_files import MOST_CHARACTERS


class WorkstreamForm(forms.Form):
    """What one function does, who leads it, until when."""

    title = forms.CharField(label=_("What is done"), max_length=200)
    function = forms.ChoiceField(label=_("Function"), choices=[("", "—"), *Function.choices], required=False)
    lead = PersonField(label=_("Led by"), required=False)
    due_on = DayField(label=_("Due on"), required=False)


class CounterForm(forms.Form):
    """What is counted, and how many there are."""

    name = forms.CharField(
        label=_("What is counted"), max_length=120, help_text=_("Cards, clients, pages, contracts…")
    )
    total = forms.IntegerField(
        label=_("How many in all"), min_value=1, max_value=MOST_UNITS, required=False,
        help_text=_("As far as one knows today; more can be added on the way."),
    )  # fmt: skip
    workstream = forms.ModelChoiceField(
        Workstream.objects.none(), label=_("Workstream"), required=False, empty_label="—"
    )
    due_on = DayField(label=_("All wanted by"), required=False)

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["workstream"].queryset = initiative.workstreams.all()  # type: ignore[attr-defined]


class CountForm(forms.Form):
    """How many are done; the total and the day only when they change."""

    done = forms.IntegerField(label=pgettext_lazy("units counted", "Done"), min_value=0, max_value=MOST_UNITS)
    total = forms.IntegerField(
        label=pgettext_lazy("units counted", "Of"), min_value=0, max_value=MOST_UNITS, required=False
    )
    on = DayField(label=_("On"), required=False)


class PasteForm(forms.Form):
    """Many counts at once, pasted from a table."""

    rows = forms.CharField(
        label=_("A line for each day"),
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "placeholder": "2026-03-02;120;400"}),
        help_text=_(
            "Day; done; in all. Paste from a spreadsheet or a CSV file; a day that was counted already is corrected."
        ),
    )


class GateForm(forms.Form):
    """A point that the project passes by a decision."""

    title = forms.CharField(label=pgettext_lazy("of a project", "Gate"), max_length=200)
    criteria = forms.CharField(
        label=_("Passed when"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    due_on = DayField(label=_("Due on"), required=False)
