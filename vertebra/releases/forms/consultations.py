"""What people write to consult champions, to answer them in two minutes, and to note what was passed on."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vertebra.org.forms.fields import DayField, PlaceField
from vertebra.org.labels import Function
from vertebra.org.models import Area, Market
from vertebra.org.queries.care import Areas
from vertebra.releases.labels.consultations import MOST_MINUTES, USUAL_MINUTES, Impact
from vertebra.releases.labels.releases import UPCOMING
from vertebra.releases.models import Release


class WordsForm(forms.Form):
    """What champions are asked, and by when."""

    title = forms.CharField(label=_("What is it about?"), max_length=200)
    details = forms.CharField(
        label=_("What they need to know"),
        max_length=8_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What changes, for whom, and how sure it is. Markdown is understood."),
    )
    questions = forms.CharField(
        label=_("Your questions"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What it changes for their trade and what they need to be ready is asked of itself."),
    )
    due_on = DayField(label=_("Answers help until"))


class ConsultationForm(WordsForm):
    """The same, with where it is: champions are proposed by area, market and trade, or else by what the words name."""

    area = forms.Field()
    market = forms.ModelChoiceField(
        Market.objects.none(), label=_("Market"), required=False, empty_label=_("No market in particular")
    )
    functions = forms.MultipleChoiceField(
        label=_("Only for"), required=False, choices=Function.choices, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, areas: Areas, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"] = PlaceField(
            areas.all(), str(_("No area in particular")), label=_("Area"), required=False
        )
        markets = Market.objects.filter(archived_at=None).order_by("name")
        self.fields["market"].queryset = markets  # type: ignore[attr-defined]

    def clean_area(self) -> Area | None:
        """The area chosen."""
        number = self.cleaned_data["area"]
        return Area.objects.filter(pk=number).first() if number else None


class PeopleForm(forms.Form):
    """Those who are ticked, among those proposed."""

    people = forms.MultipleChoiceField(label=_("Ask"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, known: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = known  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """None, low or high; what is needed; questions; minutes; `seen` is the stamp of the answer that it began with."""

    impact = forms.ChoiceField(
        label=_("What does it change for your trade?"), choices=Impact.choices, widget=forms.RadioSelect
    )
    readiness = forms.CharField(
        label=_("What do you need to be ready?"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    words = forms.CharField(
        label=_("Answers and questions"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    minutes = forms.IntegerField(
        label=_("Minutes it took"),
        min_value=0,
        max_value=MOST_MINUTES,
        required=False,
        initial=USUAL_MINUTES,
        help_text=_("Counted against the hours agreed; seen by you and Product Ops only."),
    )
    seen = forms.CharField(required=False, max_length=40)

    def clean_seen(self) -> str | None:
        """The stamp as it was sent; none if the form had none."""
        return self.cleaned_data["seen"] if "seen" in self.data else None


class OutcomeForm(forms.Form):
    """What became of it."""

    outcome = forms.CharField(
        label=_("What became of it"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you change, what you do not and why. Those who answered are told."),
    )


class RelayForm(forms.Form):
    """Something passed on, in one line."""

    line = forms.CharField(
        label=_("What you passed on"), max_length=500, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    release = forms.ModelChoiceField(
        Release.objects.none(), label=_("About"), required=False, empty_label=_("no release in particular")
    )
    topic = forms.IntegerField(label=_("Number of a topic"), min_value=1, max_value=10**12, required=False)
    minutes = forms.IntegerField(
        label=_("Minutes it took"), min_value=0, max_value=MOST_MINUTES, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Release.objects.filter(archived_at=None, state__in=UPCOMING).order_by("-changed_at")
        self.fields["release"].queryset = rows  # type: ignore[attr-defined]


class BecameForm(forms.Form):
    """What became of something passed on."""

    became = forms.CharField(label=_("What became of it"), max_length=500)
