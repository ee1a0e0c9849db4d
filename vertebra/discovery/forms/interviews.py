"""What is typed about conversations: with whom, how it ended, which file."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from vertebra.discovery.labels import CampaignState
from vertebra.discovery.models import Campaign, Guide
from vertebra.kit.forms import GivenFile
from vertebra.org.forms.fields import PersonField, UnitField
from vertebra.org.labels import Function
from vertebra.org.queries.structure import Structure


class StartForm(forms.Form):
    """With whom the conversation is: somebody of the directory, or somebody of a function and a unit."""

    person = PersonField(label=gettext_lazy("With whom"), required=False)
    function = forms.ChoiceField(
        label=gettext_lazy("Function"),
        required=False,
        help_text=gettext_lazy("Only for somebody who is not in the directory."),
    )
    campaign = forms.ModelChoiceField(
        label=gettext_lazy("Campaign"),
        queryset=Campaign.objects.none(),
        required=False,
        empty_label=gettext_lazy("none"),
    )
    guide = forms.ModelChoiceField(
        label=gettext_lazy("Guide"),
        queryset=Guide.objects.none(),
        required=False,
        empty_label=gettext_lazy("the one for their function"),
    )

    def __init__(self, *args: Any, day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].widget.attrs |= {"autofocus": True, "data-focus": ""}
        self.fields["function"].choices = [("", "—"), *Function.choices]  # type: ignore[attr-defined]
        self.fields["unit"] = UnitField(
            Structure.as_of(day, with_members=False).all(), "—", label=gettext_lazy("Unit"), required=False
        )
        campaigns = Campaign.objects.filter(archived_at=None).exclude(state=CampaignState.CLOSED)
        self.fields["campaign"].queryset = campaigns.order_by("-pk")  # type: ignore[attr-defined]
        guides = Guide.objects.filter(archived_at=None).order_by("title")
        self.fields["guide"].queryset = guides  # type: ignore[attr-defined]
        self.order_fields(["person", "function", "unit", "campaign", "guide"])

    def clean(self) -> dict[str, Any]:
        """Somebody, one way or the other."""
        values = super().clean() or {}
        named = values.get("person") or values.get("function") or values.get("unit")
        if not named and not self.errors:
            self.add_error(
                "person", _("Say who it is; if they are not in the directory, say their function or unit.")
            )
        return values


class CloseForm(forms.Form):
    """How a conversation ends."""

    most_painful = forms.CharField(
        label=gettext_lazy("Of all this, what is the most painful?"),
        help_text=gettext_lazy("Ask it aloud as your last question, and note their words."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    next_step = forms.CharField(
        label=gettext_lazy("What comes next, as you told them"),
        help_text=gettext_lazy("It stands in the mail that thanks them."),
        max_length=500,
        required=False,
    )
    thanks = forms.BooleanField(
        label=gettext_lazy("Thank them by mail, with the link to what becomes of it"),
        required=False,
        initial=True,
    )


class TranscriptForm(forms.Form):
    """A file with what was said."""

    file = GivenFile(
        label=gettext_lazy("Transcript"),
        help_text=gettext_lazy("Text, WebVTT or SRT, up to 10 MB, as the tool of your call exports it."),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".txt,.vtt,.srt,.md,text/plain,text/vtt"}),
    )


class MarkForm(forms.Form):
    """Words that were said, and what they show to hurt."""

    text = forms.CharField(
        label=pgettext_lazy("verbatim", "What was said, word for word"),
        max_length=20_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    title = forms.CharField(
        label=gettext_lazy("What hurts?"),
        help_text=gettext_lazy("The title of a pain point that exists, or of a new one."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    pain_point = forms.IntegerField(required=False, widget=forms.HiddenInput)
    transcript = forms.IntegerField(required=False, widget=forms.HiddenInput)
    position = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
