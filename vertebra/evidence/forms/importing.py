"""Bringing in a survey file: the file, and what each of its columns is."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

from vertebra.evidence.labels import QuestionKind
from vertebra.evidence.survey_files import GROUP, LEAVE_OUT, LIMITS
from vertebra.kit.forms import GivenFile


class FileForm(forms.Form):
    """The file, its title and its language."""

    file = GivenFile(
        label=gettext_lazy("Survey file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        help_text=gettext_lazy(
            "CSV or XLSX, as the survey tool exports it, with one or two rows of headings."
        ),
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    language = forms.ChoiceField(label=gettext_lazy("Language of the survey"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("language", get_language())

    def clean_file(self) -> Any:
        """A file small enough to be read at once."""
        file = self.cleaned_data["file"]
        if file.size > LIMITS.max_bytes:
            raise forms.ValidationError(
                gettext_lazy("The file is larger than %(limit)s MB: leave out columns that you do not need."),
                params={"limit": LIMITS.max_bytes // 2**20},
            )
        return file


class ColumnForm(forms.Form):
    """One understood question."""

    text = forms.CharField(label=gettext_lazy("Question"), max_length=500)
    kind = forms.ChoiceField(
        label=gettext_lazy("Answered by"),
        required=False,
        choices=[
            *QuestionKind.choices,
            (GROUP, gettext_lazy("tells groups apart")),
            (LEAVE_OUT, pgettext_lazy("a column", "left out")),
        ],
    )


class BaseColumns(forms.BaseFormSet[ColumnForm]):
    """All understood questions; one of them at most tells groups apart."""

    def clean(self) -> None:
        """One column at most tells groups apart: two would be crossed."""
        groups = [form for form in self.forms if form.cleaned_data.get("kind") == GROUP]
        if len(groups) > 1:
            groups[1].add_error(
                "kind", gettext_lazy("Another column tells groups apart: results are never crossed.")
            )


ColumnForms = forms.formset_factory(ColumnForm, formset=BaseColumns, extra=0, absolute_max=500, max_num=500)
