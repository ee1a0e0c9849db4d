"""What people write of releases: what comes out, when, for whom; what a tier requires; days on which nothing does."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vertebra.kit.forms import InPlace
from vertebra.org.forms.fields import DayField, PersonField, PlaceField
from vertebra.org.labels import Function
from vertebra.org.models import Area, Market
from vertebra.org.queries.care import Areas
from vertebra.releases.labels.briefs import Trade
from vertebra.releases.labels.releases import GoVerdict, ReadinessState, ValidationPart
from vertebra.releases.models import Audience, Tier


class QuickForm(forms.Form):
    """A minor release in a second: its title is enough."""

    title = forms.CharField(
        label=_("What comes out"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class ReleaseForm(InPlace):
    """A release: the title is asked, all the rest can wait."""

    title = forms.CharField(label=_("What comes out"), max_length=200)
    tier = forms.ModelChoiceField(
        Tier.objects.none(), label=pgettext_lazy("release", "Tier"), empty_label=None
    )
    summary = forms.CharField(
        label=_("In one sentence"),
        max_length=500,
        required=False,
        help_text=_("What somebody who reads nothing else should know."),
    )
    body = forms.CharField(
        label=_("What changes, for whom"),
        max_length=100_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("The one source: each brief begins with it. Markdown is understood."),
    )
    planned_on = DayField(label=pgettext_lazy("release", "Planned on"), required=False)
    released_on = DayField(label=_("It came out on"), required=False)
    version = forms.CharField(label=_("Version"), max_length=60, required=False)
    area = forms.Field()
    markets = forms.ModelMultipleChoiceField(
        Market.objects.none(),
        label=_("Markets"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: for all of them."),
    )
    audiences = forms.ModelMultipleChoiceField(
        Audience.objects.none(),
        label=_("Audiences"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    lead = PersonField(label=_("Led by"), required=False)
    web_address = forms.CharField(
        label=pgettext_lazy("of a release", "Address in its own tool"),
        max_length=500,
        required=False,
        widget=forms.URLInput,
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(
        self, *args: Any, areas: Areas, is_new: bool = True, is_out: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"] = PlaceField(
            areas.all(), str(_("No area in particular")), label=_("Area"), required=False
        )
        if not is_new:
            # Its day and its audiences have a verb of their own.
            del self.fields["planned_on"], self.fields["audiences"]
        rows = {
            "tier": Tier.objects.filter(archived_at=None),
            "markets": Market.objects.filter(archived_at=None).order_by("name"),
            "audiences": Audience.objects.filter(archived_at=None).order_by("name"),
        }
        for name in rows.keys() & self.fields.keys():
            field: Any = self.fields[name]
            field.queryset = rows[name]
            field.choices = list(iter(field.choices))  # read once for the page, and not counted before
            if not field.choices:
                del self.fields[name]
        if not is_out:
            del self.fields["released_on"]

    def clean_area(self) -> Area | None:
        """The area chosen."""
        number = self.cleaned_data["area"]
        return Area.objects.filter(pk=number).first() if number else None

    def clean_web_address(self) -> str:
        """An address of the web, or nothing."""
        text: str = self.cleaned_data["web_address"]
        if text and not text.startswith(("https://", "http://")):
            raise forms.ValidationError(_("An address begins with https:// or http://."))
        return text


class MoveForm(forms.Form):
    """Another day, and why."""

    planned_on = DayField(label=pgettext_lazy("release", "Planned on"), required=False)
    why = forms.CharField(
        label=_("Why it moves"),
        max_length=500,
        required=False,
        help_text=_("Read by whoever follows it. Needed only on the days of a freeze."),
    )


class ReleasedForm(forms.Form):
    """The day it came out, and why without what its tier requires."""

    on = DayField(label=_("It came out on"))
    why = forms.CharField(
        label=_("Why without it"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Only if something that its tier requires is missing, or in a freeze. It stays in its record."
        ),
    )


class WithdrawalForm(forms.Form):
    """Why it is withdrawn."""

    reason = forms.CharField(
        label=_("Why it is withdrawn"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Those who were told read it."),
    )


class AudiencesForm(forms.Form):
    """For whom a release is."""

    audiences = forms.ModelMultipleChoiceField(
        Audience.objects.none(), label=_("Audiences"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Audience.objects.filter(archived_at=None).order_by("name")
        self.fields["audiences"].queryset = known  # type: ignore[attr-defined]


class ValidationForm(forms.Form):
    """Agree, or say what keeps one from it."""

    part = forms.ChoiceField(label=pgettext_lazy("validation", "As"), choices=ValidationPart.choices)
    is_agreed = forms.TypedChoiceField(
        choices=(("yes", _("I agree")), ("no", _("Not yet"))), coerce=lambda value: value == "yes"
    )
    note = forms.CharField(label=_("Note"), max_length=2000, required=False)


class ReadyForm(forms.Form):
    """One of three, and what is missing."""

    function = forms.ChoiceField(label=_("Function"), choices=Function.choices)
    state = forms.ChoiceField(label=_("Readiness"), choices=ReadinessState.choices)
    note = forms.CharField(label=_("What is missing"), max_length=2000, required=False)


class GoForm(forms.Form):
    """Go, go with conditions, no go, and why."""

    verdict = forms.ChoiceField(label=_("Decision"), choices=GoVerdict.choices)
    why = forms.CharField(label=_("Why, or on which conditions"), max_length=4000, required=False)


class TierForm(forms.Form):
    """What a tier requires."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        required=False,
        help_text=_("Empty: the word that ships, in each language."),
    )
    description = forms.CharField(label=_("For what"), max_length=300, required=False)
    trades = forms.MultipleChoiceField(
        label=_("Briefs for"), choices=Trade.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages of the briefs"),
        choices=settings.LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: in the language of the release only."),
    )
    validations = forms.MultipleChoiceField(
        label=_("Agreed to by"),
        choices=ValidationPart.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    readiness = forms.MultipleChoiceField(
        label=_("Functions that say whether they are ready"),
        choices=Function.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    has_go = forms.BooleanField(label=_("Asks for a recorded go"), required=False)
    has_lesson = forms.BooleanField(label=_("Carries a lesson"), required=False)
    has_check = forms.BooleanField(label=_("Asks one question to check"), required=False)
    days_before = forms.IntegerField(
        label=_("Told how many days before"), min_value=0, max_value=365, initial=0
    )


class FreezeForm(forms.Form):
    """Days on which nothing comes out."""

    title = forms.CharField(label=_("What for"), max_length=120, help_text=_("“The sales of January”"))
    from_on = DayField(label=_("From"))
    until_on = DayField(label=_("Until and including"))
    area = forms.Field()
    market = forms.ModelChoiceField(
        Market.objects.none(), label=_("Market"), required=False, empty_label=_("all of them")
    )

    def __init__(self, *args: Any, areas: Areas, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"] = PlaceField(areas.all(), str(_("everywhere")), label=_("Area"), required=False)
        markets = Market.objects.filter(archived_at=None).order_by("name")
        self.fields["market"].queryset = markets  # type: ignore[attr-defined]

    def clean_area(self) -> Area | None:
        """The area chosen."""
        number = self.cleaned_data["area"]
        return Area.objects.filter(pk=number).first() if number else None
