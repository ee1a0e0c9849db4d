"""What people write of briefs and questions."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from vertebra.org.forms.fields import DayField, PersonField
from vertebra.releases.labels.briefs import Trade


class BriefForm(forms.Form):
    """The sentence and the text of a brief; `version` is the one that was shown."""

    line = forms.CharField(label=_("In one sentence"), max_length=300, required=False)
    body = forms.CharField(label=_("Text"), max_length=50_000, required=False, strip=False)
    version = forms.IntegerField(required=False)


class BriefMoreForm(forms.Form):
    """One brief more."""

    trade = forms.ChoiceField(label=_("For whom"), choices=Trade.choices)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class HandForm(forms.Form):
    """Who writes a brief, until when."""

    owner = PersonField(label=_("Written by"), required=False)
    due_on = DayField(label=_("Due on"), required=False)


class QuestionForm(forms.Form):
    """A question, in one sentence."""

    question = forms.CharField(
        label=_("Your question"), widget=forms.Textarea(attrs={"rows": 2, "maxlength": 2000})
    )


class AnswerForm(forms.Form):
    """The answer, once for all."""

    answer = forms.CharField(label=_("Answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
