"""What people write of practices: an idea, one line of what is lived already, what it says in a language, what it asks."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from vertebra.org.forms.fields import DayField, PersonField, UnitField
from vertebra.org.labels import Function
from vertebra.org.models import Field
from vertebra.org.queries.structure import Structure
from vertebra.practices.labels.practices import Reach

# Minutes of a month of full work: nothing asks for more.
MOST_MINUTES = 9_600


def _text(label: Any, rows: int, most: int, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=False, widget=forms.Textarea(attrs={"rows": rows}), help_text=help_text
    )  # fmt: skip


class _WithField(forms.Form):
    """A form that may say to which field of action a practice belongs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = Field.objects.filter(archived_at=None).order_by("position", "pk")
        if fields.exists():
            self.fields["field"] = forms.ModelChoiceField(
                fields, label=_("Field of action"), required=False, empty_label=_("of no field in particular")
            )


class IdeaForm(_WithField):
    """An idea: what is done, and why."""

    name = forms.CharField(
        label=gettext_lazy("What is done"),
        max_length=200,
        help_text=gettext_lazy("In a few words, such as “Demo every Friday”."),
    )
    why = _text(
        gettext_lazy("Why"),
        3,
        4000,
        gettext_lazy("What hurts today, or what gets better. It can be filled in later."),
    )


class RegisterForm(_WithField):
    """What is lived already, in one line: its name, where, who carries it."""

    name = forms.CharField(label=gettext_lazy("What is done"), max_length=200)
    carrier = PersonField(label=pgettext_lazy("a practice", "Carried by"))
    reach = forms.ChoiceField(
        label=gettext_lazy("What it is there"), choices=Reach.choices, initial=Reach.STANDARD
    )
    lives_at = forms.CharField(
        label=gettext_lazy("Where it lives"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("The address of the page that says how, if there is one."),
    )

    def __init__(self, *args: Any, structure: Structure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitField(
            structure.all(), str(_("the whole company")), label=_("Where"), required=False
        )
        self.order_fields(["name", "unit", "carrier", "reach", "lives_at", "field"])


class ParticularsForm(_WithField):
    """Who carries a practice, and when it is looked back at; its name stands in its text."""

    carrier = PersonField(label=pgettext_lazy("a practice", "Carried by"), required=False)
    next_review_on = DayField(label=gettext_lazy("Review on"), required=False)


class TextForm(forms.Form):
    """What a practice says in one language."""

    name = forms.CharField(label=gettext_lazy("What is done"), max_length=200)
    why = _text(
        gettext_lazy("Why"), 4, 4000, gettext_lazy("What hurts without it, and how one sees that it helps.")
    )
    for_whom = _text(gettext_lazy("For whom"), 2, 2000)
    when = forms.CharField(
        label=gettext_lazy("How often, or what sets it off"), max_length=300, required=False
    )
    inputs = _text(gettext_lazy("What one starts from"), 3, 2000)
    steps = _text(gettext_lazy("Steps"), 10, 20_000, gettext_lazy("Markdown is understood."))
    outputs = _text(gettext_lazy("What comes out"), 3, 2000)
    tools = _text(gettext_lazy("Tools"), 2, 2000)
    lives_at = forms.CharField(
        label=gettext_lazy("Where it lives"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("The address of a page or a file, if it is lived elsewhere."),
    )


class CostForm(forms.Form):
    """Minutes a month that a practice asks of each person of a function."""

    def __init__(self, *args: Any, costs: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label in Function.choices:
            self.fields[code] = forms.IntegerField(
                label=label, min_value=0, max_value=MOST_MINUTES, required=False, initial=costs.get(code)
            )


class PublishForm(forms.Form):
    """What a version changed, and whether it says the same in better words."""

    what_changed = forms.CharField(
        label=gettext_lazy("What changed, and from what"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    is_same = forms.BooleanField(label=gettext_lazy("It says the same, better"), required=False)


class TemplateForm(forms.Form):
    """Something ready to use: a text to copy, or where it stands."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    body = forms.CharField(
        label=gettext_lazy("Text to copy"),
        max_length=50_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy("Markdown is understood."),
    )
    web_address = forms.URLField(
        label=pgettext_lazy("template", "Or where it stands"), max_length=500, required=False, assume_scheme="https"
    )  # fmt: skip
