"""Whose work is where, and which hand-overs are asked about."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vertebra.org.forms.fields import PlaceField
from vertebra.org.queries.care import Areas
from vertebra.org.queries.structure import Structure


class BelongsForm(forms.Form):
    """The unit and the area to which the work of some places belongs."""

    def __init__(self, *arguments: Any, structure: Structure, areas: Areas, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["unit"] = PlaceField(structure.all(), str(_("no unit")), required=False, label=_("Unit"))
        self.fields["area"] = PlaceField(areas.all(), str(_("no area")), required=False, label=_("Area"))


class PlacesFileForm(forms.Form):
    """A file that says whose work is where, as the list gives it."""

    file = forms.FileField(label=_("File (CSV)"), max_length=200)


class HandOversForm(forms.Form):
    """Which field of a source names groups, and which one the steps that work stands in meanwhile."""

    def __init__(self, *arguments: Any, names: list[str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        choices = [(name, name) for name in names]
        select = forms.Select(attrs={"class": "input"})
        self.fields["field"] = forms.ChoiceField(
            label=_("Who has it: the field that names groups"),
            choices=choices,
            widget=select,
            initial=next((name for name in names if name != "status"), None),
        )
        self.fields["steps"] = forms.ChoiceField(
            label=_("Where it stands: the field that names steps"),
            choices=choices,
            widget=select,
            initial="status",
        )
