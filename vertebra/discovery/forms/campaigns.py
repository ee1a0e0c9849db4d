"""What people type about campaigns and guides, and about whom to hear."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from vertebra.discovery.models import Guide
from vertebra.discovery.queries.choosing import MOST_AT_ONCE, NEVER, Wish
from vertebra.kit.forms import InPlace
from vertebra.org.forms.fields import DayField, PersonField, PlaceField
from vertebra.org.labels import Function
from vertebra.org.models import Market
from vertebra.org.queries.structure import Node

MOST_QUESTIONS = 60
ANY_FUNCTION = [("", gettext_lazy("Any function")), *Function.choices]
# Those one hears first: who makes the product, and who meets its customers.
AROUND_THE_PRODUCT = (
    Function.PRODUCT,
    Function.DESIGN,
    Function.ENGINEERING,
    Function.DATA,
    Function.RESEARCH,
    Function.QUALITY,
    Function.SALES,
    Function.SUPPORT,
    Function.CUSTOMER_SUCCESS,
)
MOST = 20
UNHEARD_FOR = "3"
UNHEARD = [
    ("", gettext_lazy("anybody")),
    ("3", gettext_lazy("not heard for three months")),
    ("6", gettext_lazy("not heard for six months")),
    ("12", gettext_lazy("not heard for a year")),
    (NEVER, gettext_lazy("never heard")),
]


class GuideForm(forms.Form):
    """A guide: its questions, one a line, each with what to listen for under it."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    function = forms.ChoiceField(label=gettext_lazy("For"), choices=ANY_FUNCTION, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    questions = forms.CharField(
        label=gettext_lazy("Questions"),
        max_length=30_000,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=gettext_lazy(
            "One question a line. Under it, a line that begins with > says what to listen for."
        ),
    )

    def clean_questions(self) -> list[dict[str, str]]:
        """The questions with their hints."""
        found: list[dict[str, str]] = []
        for line in str(self.cleaned_data["questions"]).splitlines():
            words = " ".join(line.strip().split())
            if words.startswith(">") and found:
                hint = words.lstrip("> ")
                found[-1]["hint"] = f"{found[-1]['hint']} {hint}".strip()[:500]
            elif words.lstrip("> "):
                found.append({"text": words.lstrip("> ")[:500], "hint": ""})
        if len(found) > MOST_QUESTIONS:
            raise ValidationError(_("A conversation has no room for so many questions: keep ten or so."))
        return found


def as_lines(questions: list[dict[str, str]]) -> str:
    """The questions as the form shows them."""
    return "\n".join(
        "\n".join([one["text"], *([f"> {one['hint']}"] if one.get("hint") else [])]) for one in questions
    )


class CampaignForm(InPlace):
    """What a campaign is for, with which guide, from when until when."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    purpose = forms.CharField(
        label=gettext_lazy("What we want to understand"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Those invited read it: say it as you would to their face."),
    )
    guide = forms.ModelChoiceField(
        label=gettext_lazy("Guide"),
        queryset=Guide.objects.none(),
        required=False,
        empty_label=gettext_lazy("No guide"),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=settings.LANGUAGES,
        help_text=gettext_lazy("Of the invitations to people whose own language is not known."),
    )
    starts_on = DayField(label=pgettext_lazy("a campaign", "From"), required=False)
    ends_on = DayField(label=gettext_lazy("Until"), required=False)

    def __init__(self, *args: Any, guide: Guide | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        guides = Guide.objects.filter(archived_at=None)
        kept = Guide.objects.filter(pk=guide.pk) if guide else Guide.objects.none()
        field: Any = self.fields["guide"]
        field.queryset = (guides | kept).order_by("language", "-is_shipped", "id")
        field.label_from_instance = lambda one: f"{one.title} ({one.language})"

    def clean(self) -> dict[str, Any]:
        """The end comes after the start."""
        values = super().clean() or {}
        starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The end must come after the start."))
        return values


class WishForm(forms.Form):
    """Whom one would like to hear."""

    functions = forms.MultipleChoiceField(
        label=gettext_lazy("Functions"),
        choices=Function.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    unheard = forms.ChoiceField(label=gettext_lazy("Heard before"), choices=UNHEARD, required=False)
    most = forms.IntegerField(
        label=gettext_lazy("How many at most"), min_value=1, max_value=MOST_AT_ONCE, required=False
    )

    def __init__(self, *args: Any, units: list[Node], functions: frozenset[str], **kwargs: Any) -> None:
        first = [code for code in AROUND_THE_PRODUCT if code in functions]
        kwargs["initial"] = {"most": MOST, "unheard": UNHEARD_FOR, "functions": first}
        super().__init__(*args, **kwargs)
        self.fields["functions"].choices = [  # type: ignore[attr-defined]
            (code, label) for code, label in Function.choices if code in functions
        ]
        tops = [node for node in units if node.children or len(units) <= 40]
        self.fields["unit"] = PlaceField(
            tops, str(_("Everywhere")), label=gettext_lazy("Unit"), required=False
        )
        self.fields["market"] = forms.ModelChoiceField(
            Market.objects.filter(archived_at__isnull=True).order_by("name"),
            label=gettext_lazy("Market"),
            empty_label=gettext_lazy("All markets"),
            required=False,
        )
        self.order_fields(["functions", "unit", "market", "unheard", "most"])

    def wish(self) -> Wish:
        """What was wished for; what cannot be read is left out."""
        if not self.is_bound:
            return Wish(functions=tuple(self.initial["functions"]), unheard=self.initial["unheard"])
        self.is_valid()
        given = self.cleaned_data
        market = given.get("market")
        return Wish(
            functions=tuple(given.get("functions") or ()),
            unit_id=given.get("unit"),
            market_id=market.pk if market else None,
            unheard=given.get("unheard") or "",
            most=given.get("most") or MOST,
        )


class PersonToHearForm(forms.Form):
    """Somebody to hear, by name."""

    person = PersonField(label=gettext_lazy("Add somebody by name"), help_text="")
