"""What people write of audiences: conditions, each of which somebody may meet."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from vertebra.org.forms.fields import PlaceField
from vertebra.org.labels import Function, MandateRole
from vertebra.org.models import Market
from vertebra.org.queries.care import Areas
from vertebra.org.queries.structure import Structure
from vertebra.releases.models import Audience

SPARE = 1
MOST = 12
_MANY = ("functions", "roles", "languages")


class AudienceForm(forms.Form):
    """What an audience is called, and for what."""

    name = forms.CharField(label=_("Name"), max_length=120)
    description = forms.CharField(label=_("For what"), max_length=300, required=False)


class ConditionForm(forms.Form):
    """One condition: all that is filled in must hold."""

    is_left_out = forms.TypedChoiceField(
        label=_("These people are"),
        choices=(("", _("in it")), ("yes", _("not in it"))),
        coerce=lambda value: value == "yes",
        required=False,
    )
    everybody = forms.BooleanField(label=_("Everybody"), required=False)
    customer_facing = forms.ChoiceField(
        label=_("In front of customers"),
        choices=(("", "—"), ("yes", _("in front of customers")), ("no", _("not in front of customers"))),
        required=False,
    )
    functions = forms.MultipleChoiceField(
        label=_("Function"), choices=Function.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    unit = forms.Field(required=False)
    area = forms.Field(required=False)
    markets = forms.ModelMultipleChoiceField(
        Market.objects.none(), label=_("Markets"), required=False, widget=forms.CheckboxSelectMultiple
    )
    roles = forms.MultipleChoiceField(
        label=_("Mandate"), choices=MandateRole.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, required=False, widget=forms.CheckboxSelectMultiple
    )
    countries = forms.CharField(
        label=_("Countries"),
        max_length=500,
        required=False,
        help_text=_("As the directory writes them, separated by commas."),
    )
    audiences = forms.ModelMultipleChoiceField(
        Audience.objects.none(),
        label=_("Other audiences"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, structure: Structure, areas: Areas, but: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = PlaceField(structure.all(), "—", label=_("Unit"), required=False)
        self.fields["area"] = PlaceField(areas.all(), "—", label=_("Area"), required=False)
        markets = Market.objects.filter(archived_at=None).order_by("name")
        self.fields["markets"].queryset = markets  # type: ignore[attr-defined]
        others = Audience.objects.filter(archived_at=None).exclude(pk=but or 0).order_by("name")
        self.fields["audiences"].queryset = others  # type: ignore[attr-defined]

    def condition(self) -> dict[str, Any] | None:
        """The condition as it is stored; nothing where nothing is filled in."""
        given = self.cleaned_data
        found: dict[str, Any] = {name: list(given[name]) for name in _MANY if given[name]}
        if given["customer_facing"]:
            found["customer_facing"] = given["customer_facing"] == "yes"
        for name in ("unit", "area"):
            if given[name]:
                found[f"{name}s"] = [given[name]]
        for name in ("markets", "audiences"):
            if given[name]:
                found[name] = [one.pk for one in given[name]]
        if countries := [one.strip() for one in given["countries"].split(",") if one.strip()]:
            found["countries"] = countries
        if found:
            return found
        return {} if given["everybody"] else None


def shown(condition: dict[str, Any], is_left_out: bool) -> list[dict[str, Any]]:
    """A stored condition as forms show it: one for each unit and area of several, which says the same."""
    base = {name: condition.get(name, []) for name in (*_MANY, "markets", "audiences")}
    base["countries"] = ", ".join(condition.get("countries", []))
    base["everybody"] = not condition
    base["is_left_out"] = "yes" if is_left_out else ""
    facing = condition.get("customer_facing")
    base["customer_facing"] = "" if facing is None else ("yes" if facing else "no")
    return [
        {**base, "unit": unit, "area": area}
        for unit in condition.get("units") or [None]
        for area in condition.get("areas") or [None]
    ]
