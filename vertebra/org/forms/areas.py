"""What people may type about areas, markets, fields of action and who takes care of them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from vertebra.org import labels
from vertebra.org.forms.fields import MOST_OPTIONS, FromDay, PlaceField
from vertebra.org.models import Area, Market, Unit
from vertebra.org.queries.care import Areas
from vertebra.org.queries.structure import Structure

MOST_STEPS = 12


class AreaForm(FromDay):
    """An area, a journey or a hand-over."""

    name = forms.CharField(label=_("Name"), max_length=200)
    description = forms.CharField(
        label=_("Description"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, areas: Areas, area_id: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = areas.under(area_id) if area_id else set()
        nodes = [node for node in areas.all() if node.id not in inside]
        self.fields["parent"] = PlaceField(
            nodes, str(_("Nothing larger")), label=_("Part of"), required=False
        )
        if area_id is None:
            self.fields["kind"] = forms.ChoiceField(label=_("Kind"), choices=labels.AreaKind.choices)
        self.order_fields(["name", "kind", "parent", "description", "on"])


class StepsForm(FromDay):
    """The areas that a journey or a hand-over crosses, in order."""

    def __init__(
        self, *args: Any, areas: Areas, journey_id: int | None, steps: list[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        nodes = [node for node in areas.all() if node.id != journey_id]
        for at in range(min(MOST_STEPS, max(4, len(steps) + 3))):
            self.fields[f"step_{at}"] = PlaceField(
                nodes,
                "—",
                most=MOST_OPTIONS // 2,
                label=_("Step %(number)s") % {"number": at + 1},
                required=False,
                initial=steps[at] if at < len(steps) else None,
            )
        self.order_fields([*[name for name in self.fields if name != "on"], "on"])

    def clean(self) -> dict[str, Any]:
        """The steps that were filled in, in order."""
        values = super().clean() or {}
        named = [name for name in self.fields if name.startswith("step_")]
        return {**values, "steps": [values[name] for name in named if values.get(name)]}


class AreaCloseForm(FromDay):
    """When an area closes, and what becomes of the areas inside."""

    contents = forms.ChoiceField(
        label=_("The areas inside"),
        choices=[
            ("to_parent", _("Go to what it is part of")),
            ("together", _("Close with it")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, has_children: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_children:
            del self.fields["contents"]


class OwnershipForm(FromDay):
    """Which unit takes care of what: whichever of the two is not known yet is asked."""

    def __init__(self, *args: Any, unit: Unit | None, target: Area | Market | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.target = target
        if unit is None:
            structure = Structure.as_of(self.today, with_members=False)
            self.fields["unit"] = PlaceField(structure.all(), str(_("Choose a unit")), label=_("Unit"))
        if target is None:
            areas = Areas.as_of(self.today)
            self.fields["area"] = PlaceField(
                areas.all(), "—", label=_("Takes care of the area"), required=False
            )
            self.fields["market"] = forms.ModelChoiceField(
                Market.objects.filter(archived_at__isnull=True).order_by("name"),
                label=_("or the market"),
                empty_label="—",
                required=False,
            )
        self.order_fields(["unit", "area", "market", "on"])

    def clean_unit(self) -> Unit:
        """The unit chosen."""
        return Unit.objects.get(pk=self.cleaned_data["unit"])

    def clean(self) -> dict[str, Any]:
        """Exactly one of the two things that a unit can take care of."""
        values = super().clean() or {}
        if self.target is not None:
            return {**values, "target": self.target}
        area, market = values.get("area"), values.get("market")
        if bool(area) == bool(market):
            raise ValidationError(_("Choose one area or one market."))
        return {**values, "target": Area.objects.get(pk=area) if area else market}


class MarketForm(forms.Form):
    """A country or a segment that the company sells to."""

    name = forms.CharField(label=_("Name"), max_length=200)
    code = forms.CharField(label=_("Code"), max_length=20, required=False, help_text=_("For example DE."))


class FieldForm(forms.Form):
    """A field of action of Product Ops."""

    name = forms.CharField(label=_("Name"), max_length=100)
    description = forms.CharField(
        label=_("Description"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    domains = forms.MultipleChoiceField(
        label=_("What it covers"),
        choices=labels.Domain.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A diagnosis then calls this field by its name where what it covers hurts."),
    )
