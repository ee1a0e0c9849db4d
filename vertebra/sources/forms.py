"""What people fill in to import: files, how to read them, which column is what, from which day."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from vertebra.kit.files.suffixes import FORMAT_OF_SUFFIX, TABLE_SUFFIXES
from vertebra.kit.forms import GivenFile
from vertebra.sources.models import Source
from vertebra.sources.target import TableKind, Way

SUFFIXES = sorted({*TABLE_SUFFIXES, *FORMAT_OF_SUFFIX})


class FilesInput(forms.ClearableFileInput):
    """A field for several files, into which they can be dropped."""

    allow_multiple_selected = True
    template_name = "sources/files_input.html"


class FilesField(GivenFile):
    """Several files of formats that can be read."""

    widget = FilesInput(attrs={"multiple": True, "accept": ",".join(SUFFIXES)})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """Each file by itself: there is one, it is not empty, its ending is known."""
        given = data if isinstance(data, list | tuple) else [data]
        cleaned, refused = [], []
        for one in given:
            try:
                cleaned.append(super().clean(one, initial))
            except forms.ValidationError as error:
                refused.append(error)
        if refused:
            raise forms.ValidationError(refused)
        unknown = [str(one.name) for one in cleaned if not str(one.name).lower().endswith(tuple(SUFFIXES))]
        if unknown:
            text = ngettext(
                "%(names)s cannot be read. Use CSV, XLSX, YAML, JSON, TOML or Markdown.",
                "%(names)s cannot be read. Use CSV, XLSX, YAML, JSON, TOML or Markdown.",
                len(unknown),
            )
            raise forms.ValidationError(text % {"names": ", ".join(unknown[:5])}, code="format")
        return cleaned


def _megabytes() -> int:
    return int(settings.MAX_UPLOAD_BYTES // 2**20)


class UploadForm(forms.Form):
    """The files, and the name of where they come from."""

    uploads = FilesField(
        label=_("Your files"),
        error_messages={"required": _("Choose at least one file.")},
    )
    source = forms.CharField(
        label=_("Where they come from"),
        max_length=100,
        help_text=_(
            "A name that stays the same each time, for example “HR”: that is how Vertebra recognises what it "
            "brought before."
        ),
        widget=forms.TextInput(attrs={"list": "known-sources", "autocomplete": "off"}),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["uploads"].help_text = _(
            "CSV, XLSX, YAML, JSON, TOML or Markdown, up to %(limit)s MB in all."
        ) % {"limit": _megabytes()}
        self.known = list(
            Source.objects.filter(archived_at=None).order_by("name").values_list("name", flat=True)[:200]
        )


class WayForm(forms.Form):
    """How the files are to be read: a plain table of one kind of rows, or a recipe."""

    way = forms.ChoiceField(label=_("What these files are"), widget=forms.RadioSelect)

    def __init__(self, *arguments: Any, ways: list[Way], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["way"].choices = [(way.code, way.label) for way in ways]  # type: ignore[attr-defined]


class ColumnsForm(forms.Form):
    """For each of our fields, the column of the table that holds it."""

    def __init__(self, *arguments: Any, kind: TableKind, headings: list[str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.kind = kind
        choices = [("", _("– not in this file –")), *((heading, heading) for heading in headings)]
        for field in kind.fields:
            self.fields[field.code] = forms.ChoiceField(
                label=capfirst(str(field.label)),
                choices=choices,
                required=field.is_required,
                help_text=field.help,  # type: ignore[arg-type]
                error_messages={"required": _("Choose the column that holds it.")},
            )

    def columns(self) -> dict[str, str]:
        """The chosen column of each field that has one."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class OptionsForm(forms.Form):
    """From which day what changes holds, and whether the files are everything that the source knows."""

    on = forms.DateField(
        label=_("What changes holds from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    is_full = forms.BooleanField(
        label=_("These files are everything that this source knows"),
        required=False,
        help_text=_("What it brought before and is absent now will be closed on that day."),
    )


class NameForm(forms.Form):
    """The name of a source."""

    name = forms.CharField(label=_("Name"), max_length=100)
