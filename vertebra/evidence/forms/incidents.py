"""What people may type about incidents: in a minute first, everything later."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import SearchEntry, User
from vertebra.accounts.together import cards_of
from vertebra.evidence.labels import IncidentSeverity, MomentKind
from vertebra.org.forms.fields import DayField, PersonField, PlaceField
from vertebra.org.models import Area, Market, Unit
from vertebra.org.queries.care import Areas
from vertebra.org.queries.structure import Structure

FORM = "%Y-%m-%dT%H:%M"
MOST_INITIATIVES = 200


class MomentField(forms.DateTimeField):
    """A moment, in the zone of whoever types it."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=FORM)

    def __init__(self, **kwargs: Any) -> None:
        formats = [FORM, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"]
        super().__init__(input_formats=formats, **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not 1970 <= value.year <= 2199:
            raise forms.ValidationError(_("Give a day between 1970 and 2199."))


class IncidentForm(forms.Form):
    """An incident in a minute: what, how bad, since when."""

    title = forms.CharField(
        label=gettext_lazy("What broke"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("As users saw it: “Payments fail in Spain”."),
    )  # fmt: skip
    severity = forms.ChoiceField(
        label=gettext_lazy("How bad"), choices=IncidentSeverity.choices, initial=IncidentSeverity.MAJOR
    )
    started_at = MomentField(label=pgettext_lazy("an incident", "Began"))
    resolved_at = MomentField(
        label=pgettext_lazy("an incident", "Ended"), required=False,
        help_text=gettext_lazy("Empty while it is going on."),
    )  # fmt: skip
    manager = PersonField(label=gettext_lazy("Who handles it"), required=False)
    systems = forms.CharField(
        label=gettext_lazy("Systems"), required=False, max_length=1000,
        help_text=gettext_lazy("With commas between them."),
    )  # fmt: skip

    def clean_systems(self) -> list[str]:
        """The systems as a list."""
        parts = self.cleaned_data["systems"].split(",")
        return [part.strip()[:100] for part in parts if part.strip()][:50]

    def values(self) -> dict[str, Any]:
        """What was typed, with places as rows."""
        given = dict(self.cleaned_data)
        if "of_unit" in given:
            given["of_unit"] = Unit.objects.filter(pk=given["of_unit"] or 0).first()
        if "area" in given:
            area = given.pop("area")
            given["areas"] = tuple(Area.objects.filter(pk=area or 0))
            given["markets"] = tuple(given.pop("markets"))
        return given


class WholeIncidentForm(IncidentForm):
    """Everything that is said of an incident."""

    detected_at = MomentField(label=pgettext_lazy("an incident", "Noticed"), required=False)
    told_at = MomentField(
        label=gettext_lazy("The field was told"), required=False,
        help_text=gettext_lazy("When sales, support and the people in the field knew what to say."),
    )  # fmt: skip
    summary = forms.CharField(
        label=gettext_lazy("What happened"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    field_order = (
        "title", "severity", "started_at", "detected_at", "told_at", "resolved_at", "manager", "of_unit",
        "systems", "area", "markets", "summary",
    )  # fmt: skip

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Structure.as_of(today, with_members=False).all()
        self.fields["of_unit"] = PlaceField(units, _("no unit"), label=_("Unit in charge"), required=False)
        areas = Areas.as_of(today).all()
        self.fields["area"] = PlaceField(areas, _("no area"), label=_("Area it touched"), required=False)
        self.fields["markets"] = forms.ModelMultipleChoiceField(
            Market.objects.filter(archived_at__isnull=True).order_by("name"), label=_("Markets it touched"),
            required=False,
        )  # fmt: skip
        self.order_fields(self.field_order)


class MomentForm(forms.Form):
    """A line of the timeline."""

    at = MomentField(label=pgettext_lazy("a moment", "At"))
    kind = forms.ChoiceField(label=gettext_lazy("What"), choices=MomentKind.choices, initial=MomentKind.NOTE)
    told_whom = forms.CharField(label=gettext_lazy("Who was told"), required=False, max_length=200)
    text = forms.CharField(
        label=gettext_lazy("In a line"), required=False, max_length=8000,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class FollowUpForm(forms.Form):
    """Something to do afterwards."""

    title = forms.CharField(
        label=gettext_lazy("What is to be done"), max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    owner = PersonField(label=gettext_lazy("Who answers for it"))
    due_on = DayField(label=gettext_lazy("Until"), required=False)


class OwnerForm(forms.Form):
    """Who answers for a follow-up, and until when."""

    owner = PersonField(label=gettext_lazy("Who answers for it"))
    due_on = DayField(label=gettext_lazy("Until"), required=False)


class DropForm(forms.Form):
    """Why a follow-up will not be done."""

    reason = forms.CharField(label=gettext_lazy("Why it will not be done"), max_length=300)


class PostMortemForm(forms.Form):
    """What was learnt."""

    held_on = DayField(label=gettext_lazy("Held on"))
    text = forms.CharField(
        label=gettext_lazy("What was learnt"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    url = forms.URLField(
        label=gettext_lazy("Or where it is written"), required=False, max_length=1000, assume_scheme="https"
    )


class ReworkForm(forms.Form):
    """From when incidents are handled in another way."""

    title = forms.CharField(
        label=gettext_lazy("What changed"), max_length=200,
        help_text=gettext_lazy("In a few words: “one person on duty tells the field first”."),
    )  # fmt: skip
    starts_on = DayField(label=pgettext_lazy("a change", "From"))
    initiative = forms.ChoiceField(label=gettext_lazy("Initiative that changed it"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = SearchEntry.objects.filter(kind=Kind.INITIATIVE).order_by("-updated_at")
        found = dict(rows.values_list("object_id", "title")[:MOST_INITIATIVES])
        cards = cards_of(user, Kind.INITIATIVE, list(found))
        choices = sorted((card.title, str(pk)) for pk, card in cards.items())
        self.fields["initiative"].choices = [("", _("none")), *((pk, title) for title, pk in choices)]  # type: ignore[attr-defined]

    def clean_initiative(self) -> int | None:
        """The id of the initiative."""
        return int(self.cleaned_data["initiative"]) if self.cleaned_data["initiative"] else None


def local_now(now: dt.datetime) -> str:
    """This moment as the fields have it."""
    return timezone.localtime(now).strftime(FORM)
