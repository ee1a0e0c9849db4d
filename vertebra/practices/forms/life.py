"""What people write while a practice is tried, built together, validated, announced, retired."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from vertebra.org.forms.fields import DayField, PersonField, UnitField
from vertebra.org.queries.structure import Node, Structure
from vertebra.practices.labels.practices import ContributionKind, Reach


def _words(label: Any, help_text: Any = "", rows: int = 3, *, is_required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=4000, required=is_required, widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )  # fmt: skip


class TrialForm(forms.Form):
    """Which team tries it."""

    def __init__(self, *args: Any, teams: list[Node], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitField(teams, str(_("choose a team")), label=_("The team that tries it"))


class LearntForm(forms.Form):
    """What a team learnt."""

    learnt = _words(
        gettext_lazy("What we learnt"), gettext_lazy("What helped, what got in the way, what you would tell the next team.")
    )  # fmt: skip


class ContributionForm(forms.Form):
    """What somebody brings: one choice, one sentence."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What do you bring?"),
        choices=ContributionKind.choices,
        initial=ContributionKind.CHANGE,
        widget=forms.RadioSelect,
    )
    words = _words(gettext_lazy("In your words"), rows=3, is_required=False)


class AnswerForm(forms.Form):
    """What becomes of what somebody brought."""

    answer = _words(gettext_lazy("What becomes of it, and why"), rows=3)
    is_taken_up = forms.TypedChoiceField(
        label=gettext_lazy("Is it taken up?"),
        choices=[
            ("yes", pgettext_lazy("contribution", "yes, it is taken up")),
            ("no", pgettext_lazy("contribution", "no, for the reason given")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


class CoAuthorForm(forms.Form):
    """Who builds it with the others."""

    person = PersonField(label=gettext_lazy("Co-author"))


class ValidationForm(forms.Form):
    """Why it may go beyond the teams that tried it."""

    words = _words(
        gettext_lazy("Why it may go further"), gettext_lazy("It is written under your name, for all to read.")
    )


class ReachForm(forms.Form):
    """For whom it is what, and from when on."""

    reach = forms.ChoiceField(
        label=gettext_lazy("What it is there"), choices=Reach.choices, widget=forms.RadioSelect
    )
    starts_on = DayField(label=gettext_lazy("From"), required=False)
    reason = _words(gettext_lazy("Why there"), rows=2, is_required=False)
    over_reason = _words(
        gettext_lazy("Why it may ask more than the ceiling"), gettext_lazy("Only for a standard over a ceiling; you sign it with your name, for all to read."),
        rows=2, is_required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, structure: Structure, first: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitField(
            structure.all(), str(_("the whole company")), label=_("For"), required=False
        )
        self.fields["starts_on"].help_text = _(
            "Left empty: after ten working days in which those concerned may object; what is set free is so at once."
        )
        self.fields["starts_on"].widget.attrs["min"] = first.isoformat()
        self.order_fields(["unit", "reach", "starts_on", "reason", "over_reason"])

    def place(self, text: str) -> int | None:
        """The number of the unit that is typed or chosen, if it is one."""
        try:
            number: int | None = self.fields["unit"].to_python(text)
        except forms.ValidationError:
            return None
        return number

    def ask_no_signature(self) -> None:
        """Nothing is over a ceiling there: no reason is asked for."""
        del self.fields["over_reason"]


class ReopenForm(forms.Form):
    """Why it is built together anew."""

    reason = _words(gettext_lazy("Why it is opened again"), gettext_lazy("Those who live it read this."))


class RetireForm(forms.Form):
    """Why it is retired."""

    reason = _words(gettext_lazy("Why it is retired"), gettext_lazy("Those who lived it read this."))
