"""What people may type about metrics: what they count, what they should reach, values by hand, alerts, notes."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from vertebra.measures.labels import charts, metrics
from vertebra.measures.models import Metric
from vertebra.org.forms.fields import DayField, PersonField, PlaceField
from vertebra.org.models import Area, Market, Unit
from vertebra.org.queries.care import Areas
from vertebra.org.queries.structure import Structure

# What people mark by hand; initiatives and incidents mark themselves.
BY_HAND = (charts.MarkKind.NOTE, charts.MarkKind.RELEASE, charts.MarkKind.HOLIDAY)


class MetricForm(forms.Form):
    """A metric: its name is enough to begin with."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    definition = forms.CharField(
        label=gettext_lazy("What it counts"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "What is in, what is out, over which time: so that two people count the same."
        ),
    )
    unit = forms.ChoiceField(label=pgettext_lazy("a metric", "In"), choices=metrics.MetricUnit.choices)
    currency = forms.CharField(
        label=gettext_lazy("Currency"), required=False, max_length=3,
        help_text=gettext_lazy("For amounts: three letters, for example EUR."),
    )  # fmt: skip
    direction = forms.ChoiceField(
        label=gettext_lazy("Which way is better"), choices=metrics.Direction.choices
    )
    grain = forms.ChoiceField(
        label=gettext_lazy("One value per"), choices=metrics.Grain.choices, initial="month"
    )
    combining = forms.ChoiceField(
        label=gettext_lazy("Over a longer time, values are"),
        choices=metrics.Combining.choices,
        initial="mean",
    )
    owner = PersonField(label=gettext_lazy("Owner"), required=False)
    where_from = forms.CharField(
        label=gettext_lazy("Where it comes from"), required=False, max_length=300,
        help_text=gettext_lazy("The tool, the table, the person who counts."),
    )  # fmt: skip

    field_order = (
        "name", "definition", "unit", "currency", "direction", "grain", "combining", "owner", "of_unit", "area",
        "market", "where_from",
    )  # fmt: skip

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Structure.as_of(today, with_members=False).all()
        self.fields["of_unit"] = PlaceField(
            units, _("the whole company"), label=_("Unit it belongs to"), required=False
        )
        self.fields["area"] = PlaceField(
            Areas.as_of(today).all(), _("no area"), label=_("Area"), required=False
        )
        self.fields["market"] = forms.ModelChoiceField(
            Market.objects.filter(archived_at__isnull=True),
            label=_("Market"),
            required=False,
            empty_label=_("all markets"),
        )
        self.order_fields(self.field_order)

    def values(self) -> dict[str, Any]:
        """What was typed, with places as rows."""
        given = dict(self.cleaned_data)
        given["of_unit"] = Unit.objects.filter(pk=given.get("of_unit") or 0).first()
        given["area"] = Area.objects.filter(pk=given.get("area") or 0).first()
        return given


class TargetForm(forms.Form):
    """What a metric should reach, and by when."""

    value = forms.FloatField(label=gettext_lazy("To reach"))
    by_on = DayField(label=pgettext_lazy("a target", "By"))
    why = forms.CharField(label=gettext_lazy("Why"), required=False, max_length=300)


class ValueForm(forms.Form):
    """A value written by hand."""

    on = DayField(label=gettext_lazy("Period"), help_text=gettext_lazy("Any day of the period."))
    value = forms.FloatField(label=gettext_lazy("Value"))
    part = forms.CharField(
        label=gettext_lazy("Part"), required=False, max_length=120,
        help_text=gettext_lazy("Empty: the whole."),
    )  # fmt: skip


class AlertForm(forms.Form):
    """A threshold to watch."""

    side = forms.ChoiceField(label=gettext_lazy("When it"), choices=charts.AlertSide.choices)
    threshold = forms.FloatField(label=gettext_lazy("Threshold"))


class MarkForm(forms.Form):
    """What happened, on which day."""

    title = forms.CharField(label=gettext_lazy("What happened"), max_length=200)
    starts_on = DayField(label=pgettext_lazy("a mark", "On"))
    ends_on = DayField(label=pgettext_lazy("a mark", "Until"), required=False)
    kind = forms.ChoiceField(
        label=pgettext_lazy("a mark", "What it is"),
        required=False,
        choices=[(kind.value, kind.label) for kind in BY_HAND],
    )
    is_everywhere = forms.BooleanField(label=gettext_lazy("On the line of every metric"), required=False)

    def clean_kind(self) -> str:
        """A note, unless something else was chosen."""
        return self.cleaned_data["kind"] or str(charts.MarkKind.NOTE)


class ChartForm(forms.Form):
    """A chart: metrics, time, comparison, split."""

    title = forms.CharField(label=gettext_lazy("Title"), required=False, max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("Picture"), choices=charts.ChartKind.choices)
    months = forms.TypedChoiceField(
        label=gettext_lazy("Over"), coerce=int, initial=12,
        choices=[
            (3, gettext_lazy("3 months")), (6, gettext_lazy("6 months")), (12, gettext_lazy("12 months")),
            (24, gettext_lazy("2 years")), (36, gettext_lazy("3 years")), (60, gettext_lazy("5 years")),
            (120, gettext_lazy("10 years")),
        ],
    )  # fmt: skip
    comparison = forms.ChoiceField(
        label=gettext_lazy("Compared with"), choices=charts.Comparison.choices, required=False
    )
    is_split = forms.BooleanField(label=gettext_lazy("Split into its parts"), required=False)


class BoardForm(forms.Form):
    """A board: its title is enough."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    description = forms.CharField(
        label=gettext_lazy("What it is for"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def metric_choices() -> list[tuple[str, str]]:
    """The metrics of the catalogue, by name."""
    rows = Metric.objects.filter(archived_at__isnull=True).order_by("name", "pk")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")[:2000]]
