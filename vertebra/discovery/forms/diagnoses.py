"""What people may type into a diagnosis and into the stage of the function."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vertebra.analysis.diagnosis import HIGHEST, LOWEST
from vertebra.discovery.labels import Population, Skill
from vertebra.discovery.queries.diagnosis_figures import FUNCTIONS_OF
from vertebra.discovery.shipped.symptoms import symptoms
from vertebra.org.forms.fields import DayField

MOST_OWN_SKILLS = 8


class SymptomForm(forms.Form):
    """The symptom test: each sentence from 1 (not at all) to 5 (every week), or left."""

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        marks = [(str(value), str(value)) for value in range(LOWEST, HIGHEST + 1)]
        for code, words in symptoms(language).items():
            self.fields[code] = forms.ChoiceField(
                label=words.statement,
                choices=[*marks, ("", _("I cannot say"))],
                widget=forms.RadioSelect,
                required=False,
            )

    def answers(self) -> dict[str, int]:
        """What was answered; a sentence that was left is not there."""
        return {code: int(value) for code, value in self.cleaned_data.items() if value}


class AskPopulationsForm(forms.Form):
    """Whom to ask, and until when."""

    populations = forms.MultipleChoiceField(
        label=gettext_lazy("Whom to ask"),
        choices=[(name, Population(name).label) for name in FUNCTIONS_OF],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Each is shown by itself where five of one trade answered; below, it is counted with others."
        ),
    )
    closes_on = DayField(label=gettext_lazy("Until"))

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["closes_on"].initial = today + dt.timedelta(days=14)
        self.fields["populations"].initial = [Population.LEADERS, Population.PRODUCT, Population.FIELD]


def _share(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=100, initial=0)


class StageForm(forms.Form):
    """How the effort of Product Ops in one field is shared, and which trades it has and lacks."""

    urgencies = _share(gettext_lazy("Urgencies (%)"))
    projects = _share(gettext_lazy("Projects (%)"))
    standards = _share(gettext_lazy("Running standards (%)"))
    skills = forms.MultipleChoiceField(
        label=gettext_lazy("Trades present"),
        choices=Skill.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    own_skills = forms.CharField(
        label=gettext_lazy("Others present"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Your own words, with commas between them."),
    )
    skills_missing = forms.MultipleChoiceField(
        label=gettext_lazy("Trades missing"),
        choices=Skill.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    own_missing = forms.CharField(
        label=gettext_lazy("Others missing"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Your own words, with commas between them."),
    )

    def clean(self) -> dict[str, Any]:
        """The three shares make the whole; no trade is both present and missing."""
        cleaned: dict[str, Any] = super().clean() or {}
        shares = [cleaned.get(name) for name in ("urgencies", "projects", "standards")]
        if None not in shares and (whole := sum(share or 0 for share in shares)) != 100:
            text = _("Together they make %(whole)d %%: bring them to 100 %%.") % {"whole": whole}
            self.add_error("standards", ValidationError(text))
        if both := set(cleaned.get("skills", ())) & set(cleaned.get("skills_missing", ())):
            names = ", ".join(str(Skill(one).label) for one in sorted(both))
            self.add_error("skills_missing", _("Both present and missing: %(names)s.") % {"names": names})
        return cleaned

    def trades(self, name: str, own: str) -> list[str]:
        """The trades chosen, then those in one's own words, each once."""
        typed = [word for part in self.cleaned_data[own].split(",") if (word := " ".join(part.split())[:60])]
        return list(dict.fromkeys([*self.cleaned_data[name], *typed[:MOST_OWN_SKILLS]]))
