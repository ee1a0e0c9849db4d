"""Making a survey: what it asks, whom, and how results are told apart."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from vertebra.evidence.actions.surveys import LONGEST_DAYS, QuestionDraft
from vertebra.evidence.labels import Cut, QuestionKind
from vertebra.evidence.models import Question, Survey
from vertebra.evidence.queries.population import Audience
from vertebra.evidence.sets import NOT_OFFERED, sets
from vertebra.org.forms.fields import DayField, PlaceField
from vertebra.org.labels import Function
from vertebra.org.models import Market
from vertebra.org.queries.structure import Structure

OWN = "own"
MOST_QUESTIONS = 30
MOST_CHOICES = 30
BLANKS = 3
PLACES = ("unit_1", "unit_2", "unit_3")
WITH_CHOICES = frozenset({QuestionKind.ONE, QuestionKind.SEVERAL})


class StartForm(forms.Form):
    """Which questions a survey begins with."""

    set = forms.ChoiceField(label=gettext_lazy("Questions"), widget=forms.RadioSelect)
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "What people read in the subject of the mail. Left empty: the title of the set."
        ),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=settings.LANGUAGES,
        help_text=gettext_lazy("Shipped questions are shown to each person in theirs."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() if get_language() in {"fr", "en"} else "en"
        offered = [(one.code, one.title[language]) for one in sets().values() if one.code not in NOT_OFFERED]
        field = self.fields["set"]
        field.choices = [*offered, (OWN, _("My own questions"))]  # type: ignore[attr-defined]
        self.initial.setdefault("language", language)

    def clean(self) -> dict[str, Any]:
        """Own questions need a title."""
        cleaned = super().clean() or {}
        if cleaned.get("set") == OWN and not cleaned.get("title", "").strip():
            self.add_error("title", _("Give a title: people see it first."))
        return cleaned


class TitleForm(forms.ModelForm[Survey]):
    """What a survey says before it asks."""

    class Meta:
        model = Survey
        fields = ("title", "introduction")
        widgets = {"introduction": forms.Textarea(attrs={"rows": 3})}


class QuestionForm(forms.Form):
    """One question; an empty text is no question."""

    code = forms.SlugField(required=False, max_length=60, widget=forms.HiddenInput)
    text = forms.CharField(label=gettext_lazy("Question"), required=False, max_length=500)
    kind = forms.ChoiceField(
        label=gettext_lazy("Answered by"), choices=QuestionKind.choices, initial=QuestionKind.AGREEMENT
    )
    choices = forms.CharField(
        label=gettext_lazy("Choices"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One a line, for one or several choices."),
    )
    is_required = forms.BooleanField(label=gettext_lazy("an answer is needed"), required=False)

    def clean(self) -> dict[str, Any]:
        """Questions with choices have two at least."""
        cleaned = super().clean() or {}
        lines = [line.strip()[:200] for line in cleaned.get("choices", "").splitlines() if line.strip()]
        cleaned["lines"] = list(dict.fromkeys(lines))
        if cleaned.get("text") and cleaned.get("kind") in WITH_CHOICES:
            if len(cleaned["lines"]) < 2:
                self.add_error("choices", _("Write two choices at least, one a line."))
            elif len(cleaned["lines"]) > MOST_CHOICES:
                self.add_error(
                    "choices", _("%(count)d choices are the most that fit.") % {"count": MOST_CHOICES}
                )
        return cleaned


QuestionForms = forms.formset_factory(
    QuestionForm, extra=BLANKS, max_num=MOST_QUESTIONS, absolute_max=MOST_QUESTIONS + BLANKS, can_order=False
)


def initial_of(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """The questions of a survey as their forms begin."""
    return [
        {
            "code": question.code,
            "text": question.text,
            "kind": question.kind,
            "choices": "\n".join(choice["label"] for choice in question.choices),
            "is_required": question.is_required,
        }
        for question in questions
    ]


def drafts_of(rows: Sequence[Mapping[str, Any]], before: Sequence[Question]) -> list[QuestionDraft]:
    """The questions that were typed; those known before keep the codes by which waves are compared."""
    known = {question.code: question for question in before}
    made: list[QuestionDraft] = []
    for row in rows:
        text = " ".join(row.get("text", "").split())
        if not text:
            continue
        code = row.get("code") or _code_of(text, {draft.code for draft in made} | known.keys())
        labels = {c["label"]: c["code"] for c in known[code].choices} if code in known else {}
        choices = _choices(row, labels)
        made.append(QuestionDraft(code, row["kind"], text, choices, bool(row.get("is_required"))))
    return made


def _choices(row: Mapping[str, Any], known: Mapping[str, str]) -> list[tuple[str, str]]:
    if row["kind"] == QuestionKind.SCALE:
        words = row["lines"][:2]
        return list(zip(("low", "high"), words, strict=False)) if len(words) == 2 else []
    if row["kind"] not in WITH_CHOICES:
        return []
    made: list[tuple[str, str]] = []
    for label in row["lines"]:
        taken = {code for code, _label in made} | set(known.values())
        made.append((known.get(label) or _code_of(label, taken), label))
    return made


def _code_of(text: str, taken: set[str]) -> str:
    base = slugify(text)[:40].strip("-") or "q"
    code, number = base, 2
    while code in taken:
        code, number = f"{base}-{number}", number + 1
    return code


class PeopleForm(forms.Form):
    """Whom a survey is put to, until when, and how results are told apart."""

    functions = forms.MultipleChoiceField(
        label=gettext_lazy("Functions"),
        choices=Function.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: all of them."),
    )
    market = forms.ChoiceField(label=gettext_lazy("Units that work for the market"), required=False)
    cut = forms.ChoiceField(
        label=gettext_lazy("Results told apart"),
        choices=Cut.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Chosen now for good: people are counted along this one tree, in groups of five at least."
        ),
    )
    closes_on = DayField(label=gettext_lazy("Last day to answer"))

    def __init__(self, *args: Any, day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day
        nodes = Structure.as_of(day, with_members=False).all()
        labels = (_("Inside the unit"), _("or inside"), _("or inside"))
        for name, label in zip(PLACES, labels, strict=True):
            self.fields[name] = PlaceField(
                nodes, _("the whole company") if name == "unit_1" else "", label=label, required=False
            )
        markets = Market.objects.filter(archived_at=None).order_by("name").values_list("pk", "name")[:300]
        market = self.fields["market"]
        market.choices = [("", _("any market")), *((str(pk), name) for pk, name in markets)]  # type: ignore[attr-defined]
        self.order_fields([*PLACES, "functions", "market", "cut", "closes_on"])

    def clean_closes_on(self) -> dt.date:
        """A day after today, within four months."""
        day: dt.date = self.cleaned_data["closes_on"]
        if not self.day < day <= self.day + dt.timedelta(days=LONGEST_DAYS):
            raise ValidationError(_("Choose a last day after today, within four months."))
        return day

    def audience(self) -> Audience:
        """Whom it describes."""
        cleaned = self.cleaned_data
        units = tuple(dict.fromkeys(cleaned[name] for name in PLACES if cleaned.get(name)))
        markets = (int(cleaned["market"]),) if cleaned["market"] else ()
        return Audience(units, tuple(cleaned["functions"]), markets)


def people_initial(survey: Survey, closes_on: dt.date) -> dict[str, Any]:
    """Whom a draft is put to, as the form begins."""
    audience = Audience.read(survey.audience)
    return {
        **dict(zip(PLACES, audience.units, strict=False)),
        "functions": list(audience.functions),
        "market": str(audience.markets[0]) if audience.markets else "",
        "cut": survey.cut,
        "closes_on": survey.closes_on or closes_on,
    }


class ThresholdForm(forms.Form):
    """A larger smallest group."""

    threshold = forms.IntegerField(min_value=6, max_value=100)


_SPACES = re.compile(r"\s+")


class ThemeForm(forms.Form):
    """What several answers speak of, and which."""

    name = forms.CharField(label=gettext_lazy("Theme"), max_length=100)

    def clean_name(self) -> str:
        """The name on one line."""
        return _SPACES.sub(" ", self.cleaned_data["name"]).strip()
