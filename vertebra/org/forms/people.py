"""What people may type about people, where they work and what they answer for."""

from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from vertebra.kit.forms import InPlace
from vertebra.org import labels
from vertebra.org.forms.fields import DayField, FromDay, PersonField, PlaceField
from vertebra.org.models import Area, Market, Person, Unit
from vertebra.org.queries.care import Areas
from vertebra.org.queries.structure import Structure

# Languages in their own words, as everybody finds theirs.
SPOKEN = sorted(
    (code, info["name_local"]) for code, info in LANG_INFO.items() if len(code) == 2 and "name_local" in info
)


class PersonForm(InPlace):
    """Somebody of the directory."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    title = forms.CharField(label=_("Job title"), max_length=200, required=False)
    country = forms.CharField(label=_("Country"), max_length=60, required=False)
    language = forms.CharField(
        label=_("Language"),
        max_length=5,
        required=False,
        widget=forms.Select(choices=[("", _("Not known")), *SPOKEN]),
    )
    handle = forms.CharField(label=_("Login in other tools"), max_length=100, required=False)
    manager = PersonField(label=_("Manager"), required=False)
    joined_on = DayField(label=_("Joined on"), required=False)

    def clean_handle(self) -> str:
        """The login, without the sign that some tools put before it."""
        return str(self.cleaned_data["handle"]).removeprefix("@")


class DepartureForm(FromDay):
    """The first day on which somebody is no longer there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("First day without them")
        self.fields["on"].help_text = _("Their memberships and mandates end that day.")


class MembershipForm(FromDay):
    """Somebody works in a unit: who or where (whichever is not known yet), in which function, how much."""

    function = forms.ChoiceField(label=_("Function"), choices=labels.Function.choices)
    title = forms.CharField(label=_("Title there"), max_length=200, required=False)
    share = forms.IntegerField(label=_("Share of time (%)"), min_value=1, max_value=100, initial=100)

    def __init__(
        self, *args: Any, asks_person: bool = False, structure: Structure | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if asks_person:
            self.fields["person"] = PersonField(label=_("Person"))
        if structure is not None:
            self.fields["unit"] = PlaceField(structure.all(), str(_("Choose a unit")), label=_("Unit"))
        self.order_fields(["person", "unit", "function", "title", "share", "on"])

    def clean_unit(self) -> Unit:
        """The unit chosen."""
        return Unit.objects.get(pk=self.cleaned_data["unit"])


class MandateForm(FromDay):
    """Somebody answers for something: who, for what (what is not known yet is asked), how long."""

    role = forms.ChoiceField(label=_("Role"), choices=labels.MandateRole.choices)
    title = forms.CharField(label=_("Your company's word for it"), max_length=200, required=False)
    function = forms.ChoiceField(
        label=_("Function"),
        choices=[("", _("Any")), *labels.Function.choices],
        required=False,
        help_text=_("For a director: the side of the triforce, product, design or engineering."),
    )
    is_acting = forms.BooleanField(label=_("Acting, until somebody is named"), required=False)
    hours_per_month = forms.IntegerField(label=_("Hours a month"), min_value=0, max_value=200, required=False)
    until = DayField(label=_("Until"), required=False)

    def __init__(
        self, *args: Any, person: Person | None, target: Unit | Area | Market | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.target = target
        if person is None:
            self.fields["person"] = PersonField(label=_("Person"))
        if target is None:
            self._ask_target()
        self.order_fields(
            ["role", "person", "unit", "area", "market", "title", "function", "is_acting", "hours_per_month"]
        )
        self.order_fields([*[name for name in self.fields if name not in {"on", "until"}], "on", "until"])

    def _ask_target(self) -> None:
        units, areas = Structure.as_of(self.today, with_members=False), Areas.as_of(self.today)
        self.fields["unit"] = PlaceField(units.all(), "—", label=_("For the unit"), required=False)
        self.fields["area"] = PlaceField(areas.all(), "—", label=_("or the area"), required=False)
        self.fields["market"] = forms.ModelChoiceField(
            Market.objects.filter(archived_at__isnull=True).order_by("name"),
            label=_("or the market"),
            empty_label="—",
            required=False,
        )

    def clean(self) -> dict[str, Any]:
        """Exactly one of the three things that a mandate can be for."""
        values = super().clean() or {}
        if self.target is not None:
            return {**values, "target": self.target}
        given = {name: values.get(name) for name in ("unit", "area", "market") if values.get(name)}
        if len(given) != 1:
            raise ValidationError(_("Choose one unit, one area or one market."))
        if "unit" in given:
            values["target"] = Unit.objects.get(pk=int(given["unit"] or 0))
        elif "area" in given:
            values["target"] = Area.objects.get(pk=int(given["area"] or 0))
        else:
            values["target"] = given["market"]
        return values


class MandateChangeForm(FromDay):
    """What may change of a mandate from a day on."""

    title = forms.CharField(label=_("Your company's word for it"), max_length=200, required=False)
    is_acting = forms.BooleanField(label=_("Acting, until somebody is named"), required=False)
    hours_per_month = forms.IntegerField(label=_("Hours a month"), min_value=0, max_value=200, required=False)

    def __init__(self, *args: Any, asks_hours: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_hours:
            del self.fields["hours_per_month"]
