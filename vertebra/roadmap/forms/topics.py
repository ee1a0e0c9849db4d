"""What people write about topics: two lines, what they serve, how long they would take."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vertebra.org.models import Field
from vertebra.roadmap.models import Objective

MOST_DAYS = 2000


class RaiseForm(forms.Form):
    """A topic in two lines."""

    title = forms.CharField(
        label=_("What should the directors look at?"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("One sentence: “Nobody tells the field what was released”."),
    )
    description = forms.CharField(
        label=_("What happens, for whom"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    relay = forms.BooleanField(label=_("I relay it for somebody else"), required=False)


class VisitorForm(forms.Form):
    """The same without an account, with an address to be answered at."""

    title = forms.CharField(
        label=_("What should the directors look at?"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    description = forms.CharField(
        label=_("What happens, for whom"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    address = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        required=False,
        help_text=_("Only to tell you what is decided and why; nobody reads it."),
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)


class TopicForm(forms.Form):
    """A topic said better: what Product Ops adds before the directors see it."""

    title = forms.CharField(label=_("Topic"), max_length=200)
    description = forms.CharField(
        label=_("What happens, for whom"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    objective = forms.ModelChoiceField(
        label=_("Objective it serves"),
        queryset=Objective.objects.none(),
        required=False,
        empty_label=_("none"),
    )
    field = forms.ModelChoiceField(
        label=_("Field of action"), queryset=Field.objects.none(), required=False, empty_label=_("none")
    )
    effort_days = forms.IntegerField(
        label=_("Days of work, roughly"), min_value=0, max_value=MOST_DAYS, required=False,
        help_text=_("All people together. It draws the line of capacity."),
    )  # fmt: skip
    is_quick_win = forms.BooleanField(label=_("A quick win: five days or less"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["objective"].queryset = Objective.objects.filter(archived_at=None)
        fields["field"].queryset = Field.objects.filter(archived_at=None)


class LinkForm(forms.Form):
    """A link by which topics are raised without an account."""

    name = forms.CharField(label=_("For whom"), max_length=200)
    days = forms.IntegerField(label=_("For how many days"), min_value=1, max_value=365, initial=90)
