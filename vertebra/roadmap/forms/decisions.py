"""What is written of a decision: what, why, against what, with which dissent, in which languages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vertebra.org.forms.fields import DayField, PersonField
from vertebra.roadmap.labels.initiatives import InitiativeKind
from vertebra.roadmap.labels.topics import Verdict
from vertebra.roadmap.models import Topic
from vertebra.roadmap.queries.decisions import other_languages

CHOICES = [(one.value, one.label) for one in (Verdict.CHOSEN, Verdict.NOT_NOW, Verdict.DECLINED)]


class DecisionForm(forms.Form):
    """A decision; the same in other languages below, for those who read them."""

    verdict = forms.ChoiceField(label=_("Decision"), choices=CHOICES, widget=forms.RadioSelect)
    what = forms.CharField(
        label=_("What is decided"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    why = forms.CharField(
        label=_("Why"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody who raised it reads this, word for word."),
    )
    alternatives = forms.CharField(
        label=_("What else was considered"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    dissent = forms.CharField(
        label=_("Who sees it otherwise, and why"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    decided_by = forms.TypedMultipleChoiceField(
        label=_("Decided by"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        people: list[tuple[int, str]],
        displaceable: list[Topic],
        language: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decided_by"].choices = people  # type: ignore[attr-defined]
        if displaceable:
            self.fields["displaces"] = forms.TypedMultipleChoiceField(
                label=_("What gives way to it"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
                choices=[(topic.pk, topic.title) for topic in displaceable],
                help_text=_("Those who raised it are told so, with your reason."),
            )  # fmt: skip
        self.others = other_languages(language)
        for code, name in self.others:
            for part, label in (("what", _("What is decided, in %s")), ("why", _("Why, in %s"))):
                self.fields[f"{part}_{code}"] = forms.CharField(
                    label=label % name,
                    max_length=4000,
                    required=False,
                    widget=forms.Textarea(attrs={"rows": 2}),
                )

    def other_words(self) -> dict[str, dict[str, str]]:
        """What and why in the other languages, where both are given."""
        given = self.cleaned_data
        return {
            code: {"what": given[f"what_{code}"], "why": given[f"why_{code}"]} for code, _name in self.others
        }


class CarryOutForm(forms.Form):
    """What becomes of a chosen topic: an initiative, with who leads it."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[pair for pair in InitiativeKind.choices if pair[0] != InitiativeKind.PRODUCT],
        initial=InitiativeKind.OPERATING_MODEL.value,
    )
    title = forms.CharField(label=_("Title"), max_length=200)
    lead = PersonField(label=_("Lead"), required=False)
    due_on = DayField(label=_("Due on"), required=False)
