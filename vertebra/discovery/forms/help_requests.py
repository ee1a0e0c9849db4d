"""What people may type about help: what they need, what is planned, what came of it."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vertebra.discovery.forms.invitations import TimeField
from vertebra.discovery.labels import HelpForm
from vertebra.org.forms.fields import DayField, PersonField, UnitField
from vertebra.org.queries.structure import Structure


class AskForm(forms.Form):
    """One line; the team is guessed from who asks."""

    sentence = forms.CharField(
        label=_("What do you need help with?"),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("One line is enough: “prepare our first quarterly review”."),
    )

    def __init__(self, *args: Any, structure: Structure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitField(
            structure.all(), str(_("For nobody in particular")), label=_("For which team"), required=False
        )


class PlanForm(forms.Form):
    """A session or a workshop, on a day."""

    form = forms.ChoiceField(
        label=_("Form"),
        choices=[(one.value, one.label) for one in (HelpForm.SESSION, HelpForm.WORKSHOP)],
        widget=forms.RadioSelect,
        initial=HelpForm.SESSION.value,
    )
    held_on = DayField(label=_("On which day"))
    at = TimeField(
        label=pgettext_lazy("an hour", "At"), required=False, help_text=_("Left empty: the whole day.")
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=10, max_value=600, required=False, initial=60)
    place = forms.CharField(
        label=pgettext_lazy("a conversation", "Where"),
        max_length=300,
        required=False,
        help_text=_("A room, or the link of a call."),
    )


class TakeOverForm(forms.Form):
    """Until when Product Ops does it in the team's place."""

    hand_back_on = DayField(
        label=_("Goes back to the team on"),
        help_text=_("With the teams, not in their place: everything taken over has a day of return."),
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hand_back_on"].initial = today + dt.timedelta(days=42)


class OutcomeForm(forms.Form):
    """What came of it, who carries on, how long it took."""

    outcome = forms.CharField(
        label=_("What came of it"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    carried_on_by = PersonField(label=_("Who carries on"), required=False)
    held_on = DayField(label=_("On which day"), required=False)
    hours = forms.DecimalField(
        label=_("Hours it took Product Ops"),
        min_value=0,
        max_value=2000,
        max_digits=6,
        decimal_places=2,
        required=False,
        help_text=_("Preparation included. They make the load of the function, never anybody’s timesheet."),
    )


class HandBackForm(OutcomeForm):
    """The same for what was taken over: somebody of the team carries on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["carried_on_by"].required = True
        self.fields["held_on"].label = _("Handed back on")


class DeclineForm(forms.Form):
    """Why not."""

    reason = forms.CharField(
        label=_("Why not"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever asked will read it. Say who could help instead, if you know."),
    )
