"""What Product Ops sets up of a quarterly table: dates, rule, seats; and files of ballots."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vertebra.kit.forms import GivenFile
from vertebra.org.forms.fields import DayField, PersonField
from vertebra.org.labels import Function
from vertebra.roadmap.labels.topics import TRIFORCE, Lens, Rule

MOST_CRITERIA = 6


class CycleForm(forms.Form):
    """A table: its dates, how it is counted, what is asked of directors."""

    title = forms.CharField(label=_("Name"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    starts_on = DayField(label=_("The quarter begins on"))
    ends_on = DayField(label=_("It ends on"))
    freezes_on = DayField(label=_("Topics are collected until"))
    ranks_until = DayField(label=_("Directors rank until"))
    quorum = forms.IntegerField(
        label=_("Rankings needed to show them"), min_value=1, max_value=200, initial=3
    )
    capacity_days = forms.IntegerField(
        label=_("Days Product Ops can give this quarter"), min_value=0, max_value=10_000, required=False,
        help_text=_("It draws the line under what fits; empty: no line."),
    )  # fmt: skip
    picks = forms.IntegerField(
        label=_("How many topics each one picks"), min_value=1, max_value=20, initial=5
    )
    rule = forms.ChoiceField(label=_("How rankings are counted"), choices=Rule.choices, initial=Rule.BORDA)
    lens = forms.ChoiceField(
        label=_("Scores beside the ranking"), choices=Lens.choices, required=False,
        help_text=_("Optional for each director: the ranking counts, scores stand beside it."),
    )  # fmt: skip
    criteria = forms.CharField(
        label=_("Our own criteria"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line; after a colon the function that scores it: “Feasibility: engineering”."),
    )

    def clean_criteria(self) -> list[dict[str, str]]:
        """Each line as a criterion, for all or for one function."""
        from vertebra.roadmap.queries.ballot_files import function_of

        found = []
        for line in str(self.cleaned_data["criteria"]).splitlines()[:MOST_CRITERIA]:
            name, _colon, whose = line.partition(":")
            if name.strip():
                found.append({"name": name.strip()[:60], "function": function_of(whose)})
        return found

    def clean(self) -> dict[str, Any]:
        """Own criteria are named."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("lens") == Lens("own") and not given.get("criteria"):
            self.add_error("criteria", _("Name at least one criterion."))
        return given


def criteria_text(criteria: list[dict[str, str]]) -> str:
    """Criteria as the form writes them."""
    labels = dict(Function.choices)
    return "\n".join(
        f"{one['name']}: {labels[one['function']]}"
        if one.get("function") in labels
        else str(one.get("name", ""))
        for one in criteria
    )


class SeatForm(forms.Form):
    """A director who ranks, for a function."""

    person = PersonField(label=_("Director"))
    function = forms.ChoiceField(label=_("Function"), choices=Function.choices, initial=TRIFORCE[0])


class DelegateForm(forms.Form):
    """Who ranks instead."""

    delegate = PersonField(label=_("Who ranks instead"), required=False)


class ReasonForm(forms.Form):
    """A reason that stays visible."""

    reason = forms.CharField(
        label=pgettext_lazy("a reason", "Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class BallotForm(forms.Form):
    """A file of ranked ballots."""

    file = GivenFile(
        label=_("File of ballots"),
        help_text=_(
            "CSV or XLSX, a row for each ballot: topics in order from left to right, or a column for each topic with its rank."
        ),
    )
