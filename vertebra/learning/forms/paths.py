"""What people write of paths: what they lead to, for whom, their steps."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from vertebra.learning.labels import Meet, StepKind
from vertebra.learning.models import Lesson
from vertebra.org.labels import Function, MandateRole


class PathForm(forms.Form):
    """A path: what it leads to, and for whom it begins by itself."""

    title = forms.CharField(label=_("What it leads to"), max_length=200)
    description = forms.CharField(
        label=_("For whom, why"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    is_camp = forms.BooleanField(
        label=_("It begins by itself when somebody arrives"),
        required=False,
        help_text=_("For whoever joined in the last thirty days, as the directory says."),
    )
    functions = forms.MultipleChoiceField(
        label=_("Functions"),
        choices=Function.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them."),
    )
    roles = forms.MultipleChoiceField(
        label=_("Mandates"),
        choices=MandateRole.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: with or without one."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class StepForm(forms.Form):
    """One step of a path."""

    kind = forms.ChoiceField(label=_("What it is"), choices=StepKind.choices)
    title = forms.CharField(label=_("What to do"), max_length=200)
    words = forms.CharField(
        label=_("Why, and how"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    meet = forms.ChoiceField(label=_("Whom one meets"), choices=[("", "—"), *Meet.choices], required=False)
    lesson = forms.ModelChoiceField(Lesson.objects.none(), label=_("Lesson"), required=False, empty_label="—")
    web_address = forms.CharField(
        label=_("Address"),
        max_length=500,
        required=False,
        help_text=_("A page of Vertebra (/organisation/) or of any other site."),
    )
    day = forms.IntegerField(label=_("By which day"), min_value=1, max_value=365, initial=5)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Lesson.objects.filter(archived_at=None).order_by("title", "pk")
        self.fields["lesson"].queryset = rows  # type: ignore[attr-defined]
