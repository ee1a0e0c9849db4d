"""What people write of routines: when they come back and for whom, what a meeting noted and decided."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vertebra.org.forms.fields import DayField, PersonField, UnitField
from vertebra.org.labels import Function, MandateRole
from vertebra.org.queries.structure import Structure
from vertebra.practices.actions.meetings import Decided
from vertebra.practices.actions.routines import Guest
from vertebra.practices.labels.routines import LONGEST_MINUTES, Rhythm
from vertebra.practices.models import Practice

_HOUR = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class RoutineForm(forms.Form):
    """When a routine comes back, for how long, where, led by whom, on what agenda."""

    title = forms.CharField(label=_("Title"), max_length=200)
    rhythm = forms.ChoiceField(label=_("How often"), choices=Rhythm.choices, initial=Rhythm.WEEKLY)
    starts_on = DayField(
        label=_("First on"), help_text=_("It comes back on the same day of the week, or of the month.")
    )
    ends_on = DayField(label=_("Last on"), required=False)
    at = forms.TimeField(label=pgettext_lazy("an hour", "At"), widget=_HOUR)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=LONGEST_MINUTES, initial=30)
    zone = forms.CharField(
        label=_("Time zone"),
        max_length=60,
        help_text=_("It begins at the same hour there, summer and winter."),
    )
    place = forms.CharField(label=_("Place, or link"), max_length=500, required=False)
    lead = PersonField(label=pgettext_lazy("a moment", "Led by"), required=False)
    practice = forms.ModelChoiceField(
        Practice.objects.none(), label=_("Practice"), required=False, empty_label="—"
    )
    agenda = forms.CharField(
        label=_("Agenda"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Markdown. The notes of each meeting begin with it."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Practice.objects.filter(archived_at=None).order_by("name", "pk")
        self.fields["practice"].queryset = rows  # type: ignore[attr-defined]

    def clean_zone(self) -> str:
        """The zone, if there is one of that name."""
        zone = str(self.cleaned_data["zone"]).strip()
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as wrong:
            raise ValidationError(_("Name the time zone as Europe/Paris does.")) from wrong
        return zone


class GuestForm(forms.Form):
    """Who takes part: one person, or those of a unit, of a function, who hold a mandate."""

    person = PersonField(label=_("A person"), required=False)
    unit = forms.Field(required=False)
    function = forms.ChoiceField(label=_("Function"), choices=[("", "—"), *Function.choices], required=False)
    role = forms.ChoiceField(label=_("Mandate"), choices=[("", "—"), *MandateRole.choices], required=False)

    def __init__(self, *args: Any, structure: Structure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitField(
            structure.all(), "—", label=_("Or everybody of a unit"), required=False
        )
        self.order_fields(["person", "unit", "function", "role"])

    def clean(self) -> dict[str, Any]:
        """A line names a person or a rule, never both."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("person") and any(given.get(name) for name in ("unit", "function", "role")):
            raise ValidationError(
                _("One line names a person, another a unit, a function or a mandate: take two lines.")
            )
        return given

    def guest(self) -> Guest | None:
        """Who is meant; nothing where nothing is filled in."""
        given = self.cleaned_data
        found = Guest(
            given.get("person"), given.get("unit"), given.get("function", ""), given.get("role", "")
        )
        return None if found == Guest() else found


class NotesForm(forms.Form):
    """What a meeting noted; how many came, as a number."""

    notes = forms.CharField(
        label=_("Notes"),
        max_length=20_000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Kept as you type them. Everybody who can sign in reads them."),
    )
    people_count = forms.IntegerField(
        label=_("How many came"),
        min_value=0,
        max_value=10_000,
        required=False,
        help_text=_("A number only: who came is kept nowhere."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class DecidedForm(forms.Form):
    """One decision of a meeting: what, who does it, by when."""

    line = forms.CharField(label=_("What was decided"), max_length=500, required=False)
    person = PersonField(label=_("Who"), required=False, help_text="")
    due_on = DayField(label=pgettext_lazy("a decision", "By"), required=False)

    def clean(self) -> dict[str, Any]:
        """Who and by when belong to something that was decided."""
        given: dict[str, Any] = super().clean() or {}
        if not given.get("line") and (given.get("person") or given.get("due_on")):
            raise ValidationError(_("Say in one sentence what was decided."))
        return given

    def decided(self) -> Decided | None:
        """The decision; nothing where nothing is filled in."""
        given = self.cleaned_data
        line = given.get("line", "")
        return Decided(line, given.get("person"), given.get("due_on")) if line else None


class MoveForm(forms.Form):
    """When one meeting is held instead, and why."""

    day = DayField(label=_("Held on"))
    hour = forms.TimeField(label=pgettext_lazy("an hour", "At"), widget=_HOUR)
    reason = forms.CharField(label=_("Why"), max_length=300, required=False)

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def moment(self) -> dt.datetime:
        """The moment meant, in the time of the routine's place."""
        given = self.cleaned_data
        return dt.datetime.combine(given["day"], given["hour"], ZoneInfo(self.zone)).astimezone(dt.UTC)


class CancelForm(forms.Form):
    """Why one meeting is not held."""

    reason = forms.CharField(label=_("Why it is not held"), max_length=300)


class CeilingForm(forms.Form):
    """The most time that may be asked of a function."""

    function = forms.ChoiceField(label=_("Function"), choices=Function.choices)
    minutes = forms.IntegerField(
        label=_("Minutes a month, each"),
        min_value=1,
        max_value=60 * 24 * 22,
        required=False,
        help_text=_("Empty: no ceiling any more."),
    )


class HandOverForm(forms.Form):
    """To whom something is handed over, by when, with what help."""

    to = PersonField(label=_("To whom"))
    by_on = DayField(label=_("By"))
    words = forms.CharField(
        label=_("What helps them to take it over"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A session together, the notes of the last meetings, who can be asked."),
    )
