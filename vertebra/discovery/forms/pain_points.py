"""What people write about pain points: what hurts, why nothing is done, whom it hurts, which other one."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vertebra.discovery.labels import Severity
from vertebra.discovery.models import PainPoint
from vertebra.discovery.queries.pain_points import current
from vertebra.kit.text import fold
from vertebra.org.forms.fields import PlaceField, suggested
from vertebra.org.labels import Function
from vertebra.org.models import Field
from vertebra.org.queries.structure import Structure

_NUMBER = re.compile(r"#(\d{1,17})\s*$")


def written(row: PainPoint) -> str:
    """A pain point as suggestions write it, so that two of the same title are told apart."""
    return f"{row.title} #{row.pk}"


class PainPointField(forms.CharField):
    """One of the pain points, by its title, with suggestions while one types."""

    def __init__(self, **kwargs: Any) -> None:
        url = reverse_lazy("discovery:pain-point-suggest")
        attrs = suggested("pain-points", url, "focus, input changed delay:150ms")
        super().__init__(max_length=300, widget=forms.TextInput(attrs=attrs), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a pain point as the suggestions do."""
        return written(value) if isinstance(value, PainPoint) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self._find(text) if text else None

    def _find(self, text: str) -> PainPoint:
        if number := _NUMBER.search(text):
            found = list(current().filter(pk=int(number[1])))
        else:
            wanted = fold(text)
            found = [row for row in current().only("title") if fold(row.title) == wanted][:2]
        if len(found) != 1:
            raise ValidationError(
                _("No pain point is called “%(text)s”. Choose one of the suggestions."), params={"text": text}
            )
        return found[0]


class OtherForm(forms.Form):
    """Another pain point: to merge in, or to be part of."""

    other = PainPointField(label=gettext_lazy("Pain point"))


class ParentForm(forms.Form):
    """What a pain point is part of; nothing: it stands alone."""

    parent = PainPointField(label=gettext_lazy("Part of"), required=False)


class RaiseForm(forms.Form):
    """What hurts, in one sentence."""

    title = forms.CharField(
        label=gettext_lazy("What hurts"),
        max_length=200,
        help_text=gettext_lazy(
            "One sentence, in the words of those it hurts: “the field learns of releases from customers”."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    severity = forms.TypedChoiceField(
        label=gettext_lazy("Severity"), coerce=int, choices=Severity.choices, initial=Severity.MEDIUM
    )
    field = forms.ModelChoiceField(
        label=gettext_lazy("Field of action"),
        queryset=Field.objects.filter(archived_at__isnull=True),
        required=False,
        empty_label=gettext_lazy("to be chosen"),
    )
    why = forms.CharField(
        label=gettext_lazy("Why this shows it"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("If it is not plain from the thing itself."),
    )


class SplitForm(forms.Form):
    """The other thing that hurts."""

    title = forms.CharField(label=gettext_lazy("What hurts as well"), max_length=200)


class GroupForm(forms.Form):
    """One group that it hurts: a function, a unit, or the function in the unit."""

    function = forms.ChoiceField(
        label=gettext_lazy("Function"),
        required=False,
        choices=[("", gettext_lazy("everybody")), *Function.choices],
    )

    def __init__(self, *args: Any, structure: Structure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = PlaceField(
            structure.all(), _("the whole company"), label=gettext_lazy("in"), required=False
        )

    def clean(self) -> dict[str, Any]:
        """A function, a unit, or both."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("function") and not cleaned.get("unit"):
            raise ValidationError(_("Choose a function, a unit, or both."))
        return cleaned


class FactsForm(forms.Form):
    """What is said of a pain point beside its title; only what is sent is changed."""

    title = forms.CharField(max_length=200, required=False)
    description = forms.CharField(max_length=8000, required=False)
    severity = forms.TypedChoiceField(coerce=int, choices=Severity.choices, required=False, empty_value=None)
    field = forms.ModelChoiceField(queryset=Field.objects.all(), required=False)

    def given(self) -> dict[str, Any]:
        """The values that were sent; a severity is never emptied."""
        found = {name: value for name, value in self.cleaned_data.items() if name in self.data}
        if found.get("severity", 0) is None:
            del found["severity"]
        return found
