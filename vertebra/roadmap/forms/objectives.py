"""What leadership writes of an objective."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vertebra.org.forms.fields import DayField, PersonField, UnitField
from vertebra.org.queries.structure import Structure


class ObjectiveForm(forms.Form):
    """One objective for a period."""

    title = forms.CharField(
        label=_("Objective"), max_length=200, help_text=_("In leadership’s words, in one sentence.")
    )
    description = forms.CharField(
        label=_("What it means, and how we will know"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    starts_on = DayField(label=pgettext_lazy("a period", "From"))
    ends_on = DayField(label=pgettext_lazy("a period", "Until"))
    owner = PersonField(label=_("Carried by"), required=False)

    def __init__(self, *args: Any, structure: Structure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["of_unit"] = UnitField(
            structure.all(), str(_("the whole company")), label=_("For"), required=False
        )
