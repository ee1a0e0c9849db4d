"""What is written of the one question of a release: in its language, and in the others."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vertebra.kit.languages import language_said
from vertebra.releases.models import ReleaseCheck
from vertebra.releases.queries.understanding import Worded


class UnderstandingForm(forms.Form):
    """One question, the right answer, wrong ones; the same in each other language, if it is written."""

    question = forms.CharField(label=_("Question"), max_length=300)
    right = forms.CharField(label=_("The right answer"), max_length=200)
    wrong = forms.CharField(
        label=_("Wrong answers"),
        max_length=1200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, five at most."),
    )
    explanation = forms.CharField(
        label=_("Why"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *arguments: Any, language: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.others = [(code, language_said(code)) for code, _name in settings.LANGUAGES if code != language]
        for code, name in self.others:
            for part in ("question", "right", "wrong", "explanation"):
                field = type(self).base_fields[part]
                widget = forms.Textarea(attrs={"rows": 3 if part == "wrong" else 2, "lang": code})
                self.fields[f"{part}_{code}"] = forms.CharField(
                    label=format_lazy("{label} · {language}", label=field.label or "", language=name),
                    max_length=2000,
                    required=False,
                    widget=widget if part in ("wrong", "explanation") else forms.TextInput(attrs={"lang": code}),
                    help_text=_("In the same order.") if part == "wrong" else "",
                )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A language that somebody began has its wrong answers too."""
        values = super().clean() or self.cleaned_data
        for code, _name in self.others:
            began = {f"question_{code}", f"right_{code}", f"explanation_{code}"} & set(self.changed_data)
            if began and values.get(f"question_{code}") and not values.get(f"wrong_{code}"):
                self.add_error(f"wrong_{code}", _("Write the wrong answers in this language too."))
        return values

    def given(self) -> dict[str, Any]:
        """The question as the action takes it."""
        values = self.cleaned_data
        return {
            **_parts(values, ""),
            "other": {
                code: _parts(values, f"_{code}") for code, _name in self.others if values[f"wrong_{code}"]
            },
        }


def _parts(values: Mapping[str, str], ending: str) -> dict[str, Any]:
    parts: dict[str, Any] = {name: values[f"{name}{ending}"] for name in ("question", "right", "explanation")}
    return parts | {"wrong": values[f"wrong{ending}"].splitlines()}


def shown(held: ReleaseCheck) -> dict[str, str]:
    """The fields of a question that is written."""
    found = _fields(held.question, held.choices, held.right, held.explanation, "")
    for code, said in held.other_words.items():
        found |= _fields(
            said["question"], said["choices"], held.right, said.get("explanation", ""), f"_{code}"
        )
    return found


def begun(asked: Mapping[str, Worded], language: str) -> dict[str, str]:
    """The fields of a question that is asked elsewhere; other languages begin with as many answers, in its order."""
    found = dict[str, str]()
    for code, one in asked.items():
        ending = "" if code == language else f"_{code}"
        choices = [" ".join(choice.split())[:200] for choice in one.choices]
        found |= _fields(one.question, choices, one.right, one.explanation, ending)
    return found


def _fields(question: str, choices: list[str], right: int, explanation: str, ending: str) -> dict[str, str]:
    wrong = [one for at, one in enumerate(choices) if at != right]
    return {
        f"question{ending}": question,
        f"right{ending}": choices[right],
        f"wrong{ending}": "\n".join(wrong),
        f"explanation{ending}": explanation,
    }
