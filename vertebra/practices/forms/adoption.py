"""What a team is asked about its practices, and what it says of doing otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vertebra.practices.actions.adoption_rows import Said
from vertebra.practices.labels.adoption import AdaptationKind, AdoptionState
from vertebra.practices.queries.adoption_cards import Item


@dataclass(frozen=True, slots=True)
class Asked:
    """One practice on the card, with the fields in which the team says where it stands."""

    item: Item
    why: str
    state: Any
    willing: Any
    doubt: Any
    words: Any


class CardForm(forms.Form):
    """All practices of a team at once: what is known stands there already, what changed is changed."""

    def __init__(self, items: Sequence[Item], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            pk, stand = item.practice.pk, item.stand
            self.fields[f"state_{pk}"] = forms.ChoiceField(
                label=item.practice.name,
                choices=AdoptionState.choices,
                widget=forms.RadioSelect,
                required=False,
                initial=stand.state if stand else None,
            )
            self.fields[f"willing_{pk}"] = forms.BooleanField(
                label=_("We would show another team how"),
                required=False,
                initial=bool(stand and stand.is_willing),
            )
            if item.is_observed:
                self.fields[f"doubt_{pk}"] = forms.BooleanField(label=_("The tool is wrong"), required=False)
                self.fields[f"words_{pk}"] = forms.CharField(
                    label=_("What is wrong, in a line"), max_length=1000, required=False
                )

    def asked(self, whys: dict[int, str]) -> list[Asked]:
        """The practices in their order, with their fields."""
        found = []
        for item in self.items:
            pk = item.practice.pk
            doubt, words = (self[f"doubt_{pk}"], self[f"words_{pk}"]) if item.is_observed else (None, None)
            found.append(
                Asked(item, whys.get(pk, ""), self[f"state_{pk}"], self[f"willing_{pk}"], doubt, words)
            )
        return found

    def clean(self) -> dict[str, Any]:
        """Something is said of one practice at least."""
        given: dict[str, Any] = super().clean() or {}
        if not any(given.get(f"state_{item.practice.pk}") for item in self.items):
            self.add_error(None, str(_("Say of one practice at least where you stand.")))
        return given

    def said(self) -> list[Said]:
        """What the team says; what it left open is not said."""
        given = self.cleaned_data
        return [
            Said(
                pk,
                state,
                given[f"willing_{pk}"],
                bool(given.get(f"doubt_{pk}")),
                given.get(f"words_{pk}") or "",
            )
            for pk in (item.practice.pk for item in self.items)
            if (state := given.get(f"state_{pk}"))
        ]


class AdaptationForm(forms.Form):
    """Doing otherwise: how, why, until when."""

    kind = forms.ChoiceField(label=_("What you do"), choices=AdaptationKind.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Those who build the practice read it and learn from it."),
    )
    ends_on = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("It ends by itself on that day; you are told once, and may say it again."),
    )


class HelpForm(forms.Form):
    """Help with a practice, in one line."""

    sentence = forms.CharField(
        label=_("What you need help with, in one line"),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class DoubtForm(forms.Form):
    """What was done about a tool that a team finds wrong."""

    is_mended = forms.TypedChoiceField(
        label=_("What came of it"),
        choices=(("yes", _("It was wrong, and is mended")), ("no", _("It shows what it should"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("In a line, for the team"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
