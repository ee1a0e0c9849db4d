"""What people write of playbooks and launches: steps, a market and a day, what a launch taught."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vertebra.kit.forms import GivenFile, LongSelect
from vertebra.org.forms.fields import DayField, PersonField, UnitField
from vertebra.org.labels import Function, MandateRole
from vertebra.org.models import Market
from vertebra.org.queries.structure import Structure
from vertebra.roadmap.labels.projects import Readiness, StepState
from vertebra.roadmap.models import PlaybookVersion
from vertebra.roadmap.queries.playbooks import usable_versions

FARTHEST = 1500


class PlaybookForm(forms.Form):
    """A playbook: its name, and what it is for."""

    title = forms.CharField(label=_("Playbook"), max_length=200)
    description = forms.CharField(
        label=_("What it is for"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class StepForm(forms.Form):
    """One step of a playbook."""

    title = forms.CharField(label=_("What is to be done"), max_length=200)
    domain = forms.CharField(
        label=_("Domain"),
        max_length=80,
        widget=forms.TextInput(attrs={"list": "domains", "autocomplete": "off"}),
    )
    stage = forms.CharField(
        label=pgettext_lazy("of a launch", "Stage"),
        max_length=80,
        widget=forms.TextInput(attrs={"list": "stages", "autocomplete": "off"}),
    )
    starts_day = forms.IntegerField(
        label=_("From day"), min_value=-FARTHEST, max_value=FARTHEST,
        help_text=_("Counted from launch: -30, a month before."),
    )  # fmt: skip
    ends_day = forms.IntegerField(label=_("Until day"), min_value=-FARTHEST, max_value=FARTHEST)
    role = forms.ChoiceField(label=_("Done by"), choices=[("", "—"), *MandateRole.choices], required=False)
    function = forms.ChoiceField(label=_("Function"), choices=[("", "—"), *Function.choices], required=False)
    is_gate = forms.BooleanField(label=_("An agreement to give before going on"), required=False)
    details = forms.CharField(
        label=_("How"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class PublishForm(forms.Form):
    """What a version changes."""

    what_changed = forms.CharField(
        label=_("What changed, and from which lessons"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class LaunchForm(forms.Form):
    """A launch in a minute: which playbook, which market, which day."""

    market = forms.ModelChoiceField(Market.objects.none(), label=_("Market"), widget=LongSelect)
    version = forms.ModelChoiceField(PlaybookVersion.objects.none(), label=_("Playbook"))
    target_on = DayField(label=_("Launch planned on"))
    decided_on = DayField(
        label=_("Decided on"), required=False, help_text=_("Today, unless it was decided before.")
    )
    lead = PersonField(label=_("Led by"), required=False)
    owner_unit = forms.Field()

    def __init__(self, *args: Any, structure: Structure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        markets = Market.objects.filter(archived_at__isnull=True).order_by("name")
        self.fields["market"].queryset = markets  # type: ignore[attr-defined]
        version: Any = self.fields["version"]
        version.queryset = usable_versions()
        version.label_from_instance = lambda row: f"{row.playbook.title} ({row.number})"
        self.fields["owner_unit"] = UnitField(
            structure.all(), str(_("No unit in particular")), label=_("Carried by the unit"), required=False
        )


class LaunchStepForm(forms.Form):
    """One step of a launch: who, when, what it taught."""

    owner = PersonField(label=_("Done by"), required=False)
    starts_on = DayField(label=_("Planned from"))
    due_on = DayField(label=_("Planned until"))
    state = forms.ChoiceField(label=pgettext_lazy("of a step", "State"), choices=StepState.choices)
    started_on = DayField(label=_("Started on"), required=False)
    done_on = DayField(label=_("Done on"), required=False)
    note = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    lesson = forms.CharField(
        label=_("Lesson for the next launch"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What whoever opens the next market should do otherwise."),
    )


class StageForm(forms.Form):
    """When a whole stage began and ended."""

    stage = forms.CharField(max_length=80)
    started_on = DayField(label=_("Began on"))
    ended_on = DayField(label=_("Over on"))


class DayForm(forms.Form):
    """One day."""

    on = DayField(label=_("On"), required=False)


class ReadinessForm(forms.Form):
    """May it go?"""

    domain = forms.CharField(max_length=80)
    readiness = forms.ChoiceField(choices=Readiness.choices)
    note = forms.CharField(max_length=2000, required=False)


class FeatureForm(forms.Form):
    """A feature of the product."""

    name = forms.CharField(label=_("Feature"), max_length=200)


class TableForm(forms.Form):
    """A table of features and markets, as a file or pasted."""

    file = GivenFile(label=_("A CSV file or a workbook"), required=False)
    rows = forms.CharField(
        label=_("Or paste the table"),
        max_length=400_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        values = super().clean() or {}
        if not values.get("file") and not values.get("rows"):
            raise forms.ValidationError(_("Choose a file, or paste a table."))
        return values
