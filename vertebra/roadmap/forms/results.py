"""What people may type about what an initiative moves, what came of it, and the time of each role."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vertebra.measures.models import Metric
from vertebra.org.forms.fields import DayField, read_day
from vertebra.org.labels import Function
from vertebra.roadmap.actions.role_times import LONGEST_MINUTES, MOST_PEOPLE
from vertebra.roadmap.labels.results import TimeKind


class _MetricField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        """The name of a metric, with what it says now."""
        return str(obj.name)


class KeyResultForm(forms.Form):
    """A metric and a target, or a figure noted by hand; everything else has a default."""

    metric = _MetricField(
        label=_("Metric"), queryset=Metric.objects.none(), required=False,
        help_text=_("What the initiative should move."),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Or a figure noted by hand"),
        max_length=200,
        required=False,
        help_text=_("For what no metric counts yet: “days to open a shop”."),
    )
    today = forms.FloatField(label=_("What it is today"), required=False)
    is_lower_better = forms.BooleanField(label=_("Lower is better"), required=False)
    target = forms.FloatField(label=_("To reach"), required=False)
    effect_from = DayField(
        label=_("Effect expected from"),
        required=False,
        help_text=_("Left empty: the day after the work is due."),
    )
    effect_until = DayField(
        label=_("Looked at until"), required=False, help_text=_("Left empty: six months later.")
    )
    controls = forms.ModelMultipleChoiceField(
        label=_("Controls"),
        queryset=Metric.objects.none(),
        required=False,
        help_text=_(
            "Other metrics that usually move alike and that nothing is done to: they make the result surer."
        ),
    )

    stages = forms.CharField(
        label=_("Rolled out unit by unit"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "One line for each part of the metric: its name, a semicolon, the day it is reached (2027-01-15)."
        ),
    )

    def clean_stages(self) -> list[tuple[str, dt.date]]:
        """The parts with the days on which they are reached."""
        found: dict[str, dt.date] = {}
        for line in self.cleaned_data["stages"].splitlines():
            if not line.strip():
                continue
            name, _mark, written = line.rpartition(";")
            day = read_day(written.strip())
            if not name.strip() or day is None:
                raise forms.ValidationError(
                    _("“%(line)s” is not a name, a semicolon and a day like 2027-01-15."),
                    params={"line": line[:80]},
                )
            found[name.strip()[:120]] = day
        return list(found.items())

    def __init__(self, *args: Any, question: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Metric.objects.filter(archived_at__isnull=True).order_by("name")
        metric, controls = (
            cast("forms.ModelChoiceField[Metric]", self.fields[name]) for name in ("metric", "controls")
        )
        metric.queryset = controls.queryset = rows
        metric.empty_label = question or _("None: a figure noted by hand")
        if not question:
            self.fields["target"].required = True


class FigureForm(forms.Form):
    """What a figure noted by hand is afterwards."""

    value = forms.FloatField(label=_("What it is now"))
    on = DayField(label=_("On which day"))

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today


class RoleTimeForm(forms.Form):
    """Minutes a month of each of so many people of a function."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=TimeKind.choices, widget=forms.RadioSelect, initial=TimeKind.ASKED.value
    )
    function = forms.ChoiceField(label=_("Function"), choices=Function.choices)
    minutes = forms.IntegerField(label=_("Minutes a month, each"), min_value=1, max_value=LONGEST_MINUTES)
    people = forms.IntegerField(label=_("People"), min_value=1, max_value=MOST_PEOPLE)
    how = forms.CharField(
        label=_("How we know"),
        max_length=300,
        help_text=_("“Two meetings of half an hour”, “asked of twelve people”."),
    )
    is_measured = forms.BooleanField(label=_("Measured, not estimated"), required=False)
    from_on = DayField(label=pgettext_lazy("a day", "From"))
    until_on = DayField(label=pgettext_lazy("a day", "Until"), required=False)


class TimeLinkForm(forms.Form):
    """For whom a link is, and how long it opens."""

    name = forms.CharField(label=_("For whom"), max_length=200)
    days = forms.IntegerField(label=_("For how many days"), min_value=1, max_value=365, initial=90)
