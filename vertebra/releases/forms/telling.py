"""What people write to find whom to tell, and to tell them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vertebra.org.forms.fields import PersonField
from vertebra.org.labels import Function


class AskForm(forms.Form):
    """What it is about, pasted as it is, and for which trades."""

    text = forms.CharField(
        label=_("What is it about?"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("A ticket, a page, a sentence: paste it as it is. Nothing of it is kept."),
    )  # fmt: skip
    functions = forms.MultipleChoiceField(
        label=_("Only for"), required=False, choices=Function.choices, widget=forms.CheckboxSelectMultiple
    )


class NamedForm(forms.Form):
    """Somebody whom no words led to, by name."""

    somebody = PersonField(label=_("Somebody else, by name"), required=False)


class HeadsUpForm(forms.Form):
    """One message, to those who are ticked."""

    words = forms.CharField(
        label=_("What they should know"), max_length=4_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    web_address = forms.URLField(
        label=_("Where they read more"), max_length=500, required=False, assume_scheme="https"
    )
    people = forms.MultipleChoiceField(label=_("To"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *arguments: Any, known: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["people"].choices = known  # type: ignore[attr-defined]
