"""What people write of reviews: how often something is looked back at, what is decided, what was found."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.discovery.labels import PAIN_SETTLED
from vertebra.discovery.models import PainPoint
from vertebra.discovery.queries.pain_points import open_to
from vertebra.evidence.queries.population import Audience
from vertebra.org.forms.fields import DayField, PersonField
from vertebra.org.labels import Function, MandateRole
from vertebra.reviews.labels import Verdict

MOST_OFFERED = 200
# What of the loop is looked back at like a role: an object by its kind and number.
KINDS = (Kind.INITIATIVE, Kind.PLAYBOOK, Kind.METRIC, Kind.REPORT, Kind.AUDIENCE, Kind.PATH, Kind.PRACTICE)


class CadenceForm(forms.Form):
    """How often something is looked back at, by whom, with whom."""

    title = forms.CharField(label=_("What is looked back at"), max_length=200)
    role = forms.ChoiceField(label=_("A role"), choices=[("", "—"), *MandateRole.choices], required=False)
    kind = forms.ChoiceField(
        label=_("Or an object"),
        choices=[("", "—"), *((kind.value, kind.label) for kind in KINDS)],
        required=False,
    )
    object_id = forms.IntegerField(
        label=_("Its number"),
        required=False,
        min_value=1,
        help_text=_("The number at the end of its address."),
    )
    every_months = forms.IntegerField(label=_("Every how many months"), min_value=1, max_value=36, initial=6)
    next_on = DayField(label=_("Next on"))
    lead = PersonField(label=pgettext_lazy("a moment", "Led by"), required=False)
    functions = forms.MultipleChoiceField(
        label=_("Asked"),
        choices=Function.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: for a role, those who hold it and those they work with; else everybody."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            for name in ("role", "kind", "object_id"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """The audience as surveys keep it."""
        given: dict[str, Any] = super().clean() or {}
        functions = tuple(given.pop("functions", ()))
        given["audience"] = Audience(functions=functions).kept() if functions else {}
        return given


class DecisionForm(forms.Form):
    """What becomes of it, and why."""

    verdict = forms.ChoiceField(
        label=_("What becomes of it"), choices=Verdict.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Those who were asked read it."),
    )


class SkipForm(forms.Form):
    """Why a review is let be this time."""

    reason = forms.CharField(label=_("Why it is let be this time"), max_length=500)


class FindingForm(forms.Form):
    """What was found, and which pain point it shows."""

    line = forms.CharField(label=_("What was found"), max_length=500)
    pain_point = forms.ModelChoiceField(
        PainPoint.objects.none(),
        label=_("It shows"),
        required=False,
        empty_label=_("a new pain point, in these words"),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = open_to(user).exclude(state__in=PAIN_SETTLED).order_by("title", "pk")
        ids = list(rows.values_list("pk", flat=True)[:MOST_OFFERED])
        self.fields["pain_point"].queryset = rows.filter(pk__in=ids)  # type: ignore[attr-defined]
