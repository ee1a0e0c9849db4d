"""What people type to invite others to be heard, and what those invited answer."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from vertebra.accounts.labels import Role
from vertebra.accounts.models import User
from vertebra.discovery.models import ToHear
from vertebra.org.forms.fields import DayField

WINDOWS = 5
PAUSE = dt.timedelta(minutes=15)
MOST_MOMENTS = 60
AFTERNOON = dt.time(14), dt.time(18)
PER_AFTERNOON = 4


class TimeField(forms.TimeField):
    """An hour of the day."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class MomentField(forms.DateTimeField):
    """A day and an hour, in the time zone of whoever types."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs)


class MeetingForm(forms.Form):
    """How long, where, and with whom."""

    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=10, max_value=240, initial=45)
    place = forms.CharField(
        label=pgettext_lazy("a conversation", "Where"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("A room, or the link of a call."),
    )
    interviewer = forms.ModelChoiceField(
        label=gettext_lazy("Who listens"), queryset=User.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listeners = User.objects.filter(role=Role.PRODUCT_OPS, is_active=True).order_by("name")
        self.fields["interviewer"].queryset = listeners  # type: ignore[attr-defined]
        self.fields["interviewer"].initial = user.pk


class InvitationForm(MeetingForm):
    """Moments to choose from, as up to five windows of a day, and a word of one's own."""

    note = forms.CharField(
        label=gettext_lazy("A word of yours"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        marked = {"class": "input moment-input"}
        for at in range(1, WINDOWS + 1):
            self.fields[f"day_{at}"] = DayField(label=gettext_lazy("Day"), required=False)
            self.fields[f"from_{at}"] = TimeField(label=pgettext_lazy("an hour", "From"), required=False)
            self.fields[f"until_{at}"] = TimeField(label=pgettext_lazy("an hour", "Until"), required=False)
            for name in ("day", "from", "until"):
                self.fields[f"{name}_{at}"].widget.attrs |= marked
        self.fields["minutes"].widget.attrs |= marked

    def windows(self) -> list[list[Any]]:
        """The fields of each window, for the page."""
        return [[self[f"{name}_{at}"] for name in ("day", "from", "until")] for at in range(1, WINDOWS + 1)]

    def first_offered(self) -> list[dt.datetime]:
        """The moments that the windows first shown make."""
        return list(self._moments({**self.initial, "minutes": self.fields["minutes"].initial}))

    def clean(self) -> dict[str, Any]:
        """Read the windows as moments."""
        values = super().clean() or {}
        values["offered"] = list(self._moments(values))
        if len(values["offered"]) > MOST_MOMENTS:
            raise ValidationError(_("This makes more than sixty moments: make the windows shorter."))
        return values

    def _moments(self, values: dict[str, Any]) -> Iterator[dt.datetime]:
        minutes = dt.timedelta(minutes=values.get("minutes") or 45)
        for at in range(1, WINDOWS + 1):
            day, begin, end = (values.get(f"{name}_{at}") for name in ("day", "from", "until"))
            if day and not begin:
                self.add_error(f"from_{at}", _("Give the hour at which it begins."))
            if not day or not begin:
                continue
            if end and end <= begin:
                self.add_error(f"until_{at}", _("The end must come after the start."))
                continue
            yield from cut(day, begin, end, minutes)


def cut(day: dt.date, begin: dt.time, end: dt.time | None, length: dt.timedelta) -> Iterator[dt.datetime]:
    """The moments of one window, with a pause between two; without an end, one moment."""
    zone = timezone.get_current_timezone()
    moment = dt.datetime.combine(day, begin, zone)
    last = dt.datetime.combine(day, end, zone) if end else moment + length
    while moment + length <= last:
        yield moment
        moment += length + PAUSE


def working_days(after: dt.date) -> Iterator[dt.date]:
    """The days from Monday to Friday that follow."""
    day = after
    while True:
        day += dt.timedelta(days=1)
        if day.weekday() < 5:
            yield day


def windows_for(people: int, today: dt.date) -> dict[str, object]:
    """Enough afternoons for so many people, as the form first shows them."""
    initial: dict[str, object] = {}
    count = min(WINDOWS, -(-people // PER_AFTERNOON))
    for at, day in zip(range(1, count + 1), working_days(today + dt.timedelta(days=1)), strict=False):
        initial |= {f"day_{at}": day, f"from_{at}": AFTERNOON[0], f"until_{at}": AFTERNOON[1]}
    return initial


def moments_for(people: int, today: dt.date, busy: Iterable[tuple[dt.datetime, int]]) -> list[dt.datetime]:
    """One free moment for each of so many people, afternoon after afternoon."""
    length = dt.timedelta(minutes=45)
    taken = [(at, at + dt.timedelta(minutes=minutes)) for at, minutes in busy]
    found: list[dt.datetime] = []
    for day in working_days(today + dt.timedelta(days=1)):
        if len(found) >= people:
            break
        for moment in cut(day, *AFTERNOON, length):
            if not any(moment < end and start < moment + length for start, end in taken):
                found.append(moment)
    return found[:people]


class DatesForm(MeetingForm):
    """A date for each of several people; those left empty get none."""

    def __init__(self, *args: Any, rows: Sequence[ToHear], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            self.fields[f"at_{row.pk}"] = MomentField(label=row.person.name, required=False)

    def moments(self) -> list[tuple[ToHear, Any]]:
        """Each person with the field of their date, for the page."""
        return [(row, self[f"at_{row.pk}"]) for row in self.rows]

    def clean(self) -> dict[str, Any]:
        """At least one date, and nobody at the same moment with the same listener."""
        values = super().clean() or {}
        values["dates"] = [(row, moment) for row in self.rows if (moment := values.get(f"at_{row.pk}"))]
        if not values["dates"] and not self.errors:
            raise ValidationError(_("Give one date at least."))
        length = dt.timedelta(minutes=values.get("minutes") or 45)
        before: dt.datetime | None = None
        for row, moment in sorted(values["dates"], key=lambda pair: pair[1]):
            if before is not None and moment < before + length:
                self.add_error(f"at_{row.pk}", _("This overlaps with the conversation before it."))
            before = moment
        return values


class DateForm(forms.Form):
    """Another date, length or place for one conversation."""

    at = MomentField(label=pgettext_lazy("a conversation", "When"))
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=10, max_value=240)
    place = forms.CharField(label=pgettext_lazy("a conversation", "Where"), max_length=300, required=False)


class ProposalForm(forms.Form):
    """When it would suit somebody better, in their words."""

    words = forms.CharField(
        label=gettext_lazy("When would it suit you?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("For example: Thursday after three, or any morning next week."),
    )
