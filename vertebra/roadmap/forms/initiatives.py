"""What people write of initiatives: what is undertaken, when, who has a part in it, what may go wrong."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vertebra.kit.forms import InPlace, LongSelect
from vertebra.org.forms.fields import DayField, PersonField, PlaceField, UnitField
from vertebra.org.models import Area, Field, Market, Person, Unit
from vertebra.org.queries.care import Areas
from vertebra.org.queries.structure import Structure
from vertebra.roadmap.actions.initiatives import QUICK_WIN_DAYS
from vertebra.roadmap.labels.initiatives import InitiativeKind, Outcome, Pace, Part, RiskLevel
from vertebra.roadmap.models import Initiative, Objective
from vertebra.roadmap.queries.standing import Names

MOST_CHOICES = 120


class QuickWinForm(forms.Form):
    """A quick win in a minute: one sentence is enough."""

    title = forms.CharField(
        label=_("What we do"),
        max_length=200,
        help_text=_("One sentence: “Post each release in the channel of the shops, the day before.”"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    effort_days = forms.IntegerField(
        label=_("Days of work"),
        min_value=1,
        max_value=QUICK_WIN_DAYS,
        initial=2,
        help_text=_("Five at most."),
    )
    lead = PersonField(label=_("Led by"), required=False)


class InitiativeForm(InPlace):
    """An initiative: the title and the kind are asked, all the rest can wait."""

    title = forms.CharField(label=_("What is undertaken"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=InitiativeKind.choices, initial=InitiativeKind.OPERATING_MODEL
    )
    description = forms.CharField(
        label=_("What changes, for whom"),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    lead = PersonField(label=_("Led by"), required=False)
    owner_unit = forms.Field()
    objective = forms.ModelChoiceField(
        Objective.objects.none(), label=_("Objective it serves"), required=False, empty_label=_("none")
    )
    field = forms.ModelChoiceField(
        Field.objects.none(), label=_("Field of action"), required=False, empty_label=_("none")
    )
    parent = forms.IntegerField(
        label=_("Part of"),
        required=False,
        min_value=1,
        help_text=_("The number of the larger initiative, as its address shows it."),
    )
    effort_days = forms.IntegerField(label=_("Days of work"), required=False, min_value=1, max_value=30_000)
    starts_on = DayField(label=_("Starts on"), required=False)
    due_on = DayField(label=_("Due on"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, structure: Structure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner_unit"] = UnitField(
            structure.all(), str(_("No unit in particular")), label=_("Unit"), required=False
        )
        known = Objective.objects.filter(archived_at__isnull=True)
        self.fields["objective"].queryset = known  # type: ignore[attr-defined]
        fields = Field.objects.filter(archived_at__isnull=True)
        self.fields["field"].queryset = fields  # type: ignore[attr-defined]

    def clean_parent(self) -> Initiative | None:
        """The initiative of that number."""
        number = self.cleaned_data["parent"]
        if not number:
            return None
        found = Initiative.objects.filter(pk=number, archived_at__isnull=True).first()
        if found is None:
            raise forms.ValidationError(_("There is no initiative of that number."))
        return found


class InvolveForm(forms.Form):
    """Who or what has a part: one of a unit, an area, a market or a person."""

    part = forms.ChoiceField(
        label=pgettext_lazy("involvement", "Part"), choices=Part.choices, initial=Part.BUILDER
    )
    of_unit = forms.Field(required=False)
    area = forms.Field(required=False)
    market = forms.ModelChoiceField(
        Market.objects.none(), label=_("Market"), required=False, empty_label="—", widget=LongSelect
    )
    person = PersonField(label=_("Person"), required=False)

    def __init__(self, *args: Any, names: Names, areas: Areas, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["of_unit"] = PlaceField(names.structure.all(), "—", label=_("Unit"), required=False)
        self.fields["area"] = PlaceField(areas.all(), "—", label=_("Area"), required=False)
        markets = Market.objects.filter(archived_at__isnull=True).order_by("name")
        self.fields["market"].queryset = markets  # type: ignore[attr-defined]

    def who(self) -> list[Unit | Area | Market | Person]:
        """Everything that was named."""
        given = self.cleaned_data
        found: list[Unit | Area | Market | Person | None] = [
            Unit.objects.filter(pk=given["of_unit"]).first() if given.get("of_unit") else None,
            Area.objects.filter(pk=given["area"]).first() if given.get("area") else None,
            given.get("market"),
            given.get("person"),
        ]
        return [one for one in found if one is not None]

    def clean(self) -> dict[str, Any]:
        """At least one of the four."""
        values = super().clean() or {}
        if not any(values.get(name) for name in ("of_unit", "area", "market", "person")):
            raise forms.ValidationError(_("Name a unit, an area, a market or a person."))
        return values


class RiskForm(forms.Form):
    """What may go wrong, and what is done about it."""

    title = forms.CharField(label=_("What may go wrong"), max_length=200)
    level = forms.TypedChoiceField(
        label=pgettext_lazy("risk", "Level"),
        choices=RiskLevel.choices,
        coerce=int,
        initial=RiskLevel.MEDIUM.value,
    )
    remedy = forms.CharField(
        label=_("What we do about it"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    owner = PersonField(label=_("Watched by"), required=False)


class WebLinkForm(forms.Form):
    """An address outside."""

    url = forms.CharField(label=_("Address"), max_length=1000, widget=forms.URLInput)
    title = forms.CharField(label=_("Title"), max_length=200, required=False)


class WordForm(forms.Form):
    """One of three, and one line."""

    pace = forms.ChoiceField(
        label=_("Where it stands"),
        choices=Pace.choices,
        widget=forms.RadioSelect,
        initial=Pace.ON_TRACK.value,
    )
    line = forms.CharField(
        label=_("In one line"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class CloseForm(forms.Form):
    """What came of it, why it was not measured if it was not, what was learnt."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    lesson = forms.CharField(
        label=_("What we learnt"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever undertakes the like next year reads it."),
    )

    def __init__(self, *args: Any, is_measured: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_measured:
            self.fields["reason"].help_text = _(
                "Nothing was measured: one sentence says why. It stays visible."
            )
            self.fields["reason"].required = True


class ShareForm(forms.Form):
    """For whom a view is shared, and until when."""

    name = forms.CharField(label=_("For whom"), max_length=200)
    days = forms.IntegerField(label=_("For how many days"), min_value=1, max_value=365, initial=30)
