"""What is noted of who is for and against."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vertebra.discovery.labels import StanceLevel
from vertebra.org.forms.fields import PersonField, UnitField
from vertebra.org.queries.structure import Structure


class StanceForm(forms.Form):
    """How a team stands towards a subject; or, with care, a person."""

    level = forms.TypedChoiceField(
        label=gettext_lazy("Stance"), coerce=int, choices=StanceLevel.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("What we heard"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Write nothing that those it is about could not read: a note on a person is given to that person when "
            "they ask for their data, and is forgotten when the subject closes."
        ),
    )

    def __init__(self, *args: Any, structure: Structure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitField(structure.all(), _("a team"), label=_("Team"), required=False)
        self.fields["person"] = PersonField(
            label=_("Or a person, with care"),
            required=False,
            help_text=_("Only where the team does not say enough. Name, e-mail address or login."),
        )
        self.order_fields(["unit", "person", "level", "note"])

    def clean(self) -> dict[str, Any]:
        """One holder, not two."""
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("unit")) == bool(cleaned.get("person")):
            raise ValidationError(_("Name a team, or one person: not both."))
        return cleaned
