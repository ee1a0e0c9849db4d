"""What people fill in to import: files, how to read them, which column is what, from which day."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from vertebra.connectors.contract import Choice
from vertebra.connectors.systems import settings_of
from vertebra.kit.files.suffixes import FORMAT_OF_SUFFIX, TABLE_SUFFIXES
from vertebra.kit.files.values import header_name
from vertebra.kit.forms import GivenFile
from vertebra.kit.text import fold
from vertebra.sources.labels import TAKES
from vertebra.sources.models import Source
from vertebra.sources.target import TableKind, Target, Way

SUFFIXES = sorted({*TABLE_SUFFIXES, *FORMAT_OF_SUFFIX})


class FilesInput(forms.ClearableFileInput):
    """A field for several files, into which they can be dropped."""

    allow_multiple_selected = True
    template_name = "sources/files_input.html"


class FilesField(GivenFile):
    """Several files of formats that can be read."""

    widget = FilesInput(attrs={"multiple": True, "accept": ",".join(SUFFIXES)})
    suffixes = SUFFIXES

    def take_only(self, suffixes: Iterable[str]) -> None:
        """Take files with these endings instead."""
        self.suffixes = sorted(suffixes)
        self.widget.attrs["accept"] = ",".join(self.suffixes)

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
        unknown = [
            str(one.name) for one in cleaned if not str(one.name).lower().endswith(tuple(self.suffixes))
        ]
        if unknown and self.suffixes != SUFFIXES:
            endings = {"names": ", ".join(unknown[:5]), "endings": ", ".join(self.suffixes)}
            raise forms.ValidationError(
                _("%(names)s cannot be read here. Files end in: %(endings)s.") % endings, code="format"
            )
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

    def __init__(self, *arguments: Any, target: Target | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["uploads"].help_text = _(
            "CSV, XLSX, YAML, JSON, TOML or Markdown, up to %(limit)s MB in all."
        ) % {"limit": _megabytes()}
        if target is not None and target.suffixes:
            self.fields["uploads"].take_only(target.suffixes)  # type: ignore[attr-defined]
            self.fields["uploads"].help_text = target.files_help  # type: ignore[assignment]
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
        if kind.more:
            self.fields["more"] = forms.MultipleChoiceField(
                label=_("Other columns to keep"),
                choices=[(one, one) for one in headings if header_name(one) not in kind.more.of_people],
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=kind.more.help,  # type: ignore[arg-type]
            )
            own = {field.code for field in kind.fields}
            self.initial["more"] = [value for name, value in self.initial.items() if name not in own]

    def columns(self) -> dict[str, str]:
        """The chosen column of each field that has one, and of each further one by its own heading."""
        chosen = {name: value for name, value in self.cleaned_data.items() if value and name != "more"}
        for heading in self.cleaned_data.get("more", []):
            if heading not in chosen.values():
                chosen[self._free_name(header_name(heading), chosen)] = heading
        return chosen

    def _free_name(self, name: str, chosen: Mapping[str, str]) -> str:
        """The name, numbered where it means something else or another column bears it."""
        reserved = self.kind.more.reserved if self.kind.more else frozenset[str]()
        numbered = (name, *(f"{name}_{number}" for number in range(2, len(chosen) + 3)))
        return next(one for one in numbered if one not in chosen and one not in reserved)


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


HOURS = [(1, _("every hour")), (6, _("every six hours")), (24, _("every day")), (168, _("every week"))]
_ASKED: dict[str, tuple[Any, Any]] = {
    "jira.address": (
        _("Address"),
        _("For example https://company.atlassian.net, or that of your own server."),
    ),
    "jira.email": (
        _("E-mail of the account"),
        _("In the Cloud only: an API token belongs to an account. On a server of your own, leave it empty."),
    ),
    "jira.token": (
        _("Token"),
        _("An API token (Cloud) or a personal access token; the right to read is enough."),
    ),
    "github.address": (
        _("Address of the API"),
        _("Only for a server of your own, for example https://github.company.com/api/v3."),
    ),
    "github.token": (
        _("Token"),
        _(
            "Not needed for public repositories, but asked far less often without it. Otherwise the right to read "
            "contents, issues and pull requests."
        ),
    ),
    "gitlab.address": (
        _("Address"),
        _("Only for a server of your own, for example https://gitlab.company.com."),
    ),
    "gitlab.token": (
        _("Token"),
        _(
            "An access token of an account, a group or a project; the right to read the API (read_api) is enough."
        ),
    ),
    "linear.address": (_("Address of the API"), _("Leave it as it is.")),
    "linear.token": (_("Token"), _("A personal API key; the right to read is enough.")),
}


class OpeningForm(forms.Form):
    """What opens a system: its address, and a token that is sealed and never shown again."""

    def __init__(self, *arguments: Any, kind: str, is_new: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.settings = settings_of(kind)
        if is_new:
            self.fields["name"] = forms.CharField(
                label=_("Name"), max_length=100, help_text=_("What people here call it.")
            )
        for one in self.settings:
            label, help_text = _ASKED[f"{kind}.{one.code}"]
            self.fields[one.code] = forms.CharField(
                label=label, help_text=help_text, max_length=one.max_length, required=one.is_required,
                initial=one.default, widget=_WIDGETS[one.kind](),
            )  # fmt: skip

    def values(self) -> dict[str, str]:
        """The values of the settings."""
        return {one.code: str(self.cleaned_data.get(one.code) or "") for one in self.settings}


_WIDGETS: dict[str, Any] = {
    "address": lambda: forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    "text": forms.TextInput,
    "email": lambda: forms.EmailInput(attrs={"autocomplete": "off"}),
    "secret": lambda: forms.PasswordInput(attrs={"autocomplete": "new-password"}),
}


class ChoiceForm(forms.Form):
    """What of a system is taken, and how often it is read."""

    takes = forms.MultipleChoiceField(
        label=_("What is taken"),
        choices=TAKES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Work items are kept without descriptions, comments or names of people."),
        error_messages={"required": _("Choose at least one: releases, work items or both.")},
    )
    listed = forms.MultipleChoiceField(label="", required=False, widget=forms.CheckboxSelectMultiple)
    named = forms.CharField(
        label=_("By name"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_(
            "One on each line: what the list does not show, for example a public repository owner/name."
        ),
    )
    every_hours = forms.TypedChoiceField(label=_("Read again"), choices=HOURS, coerce=int, initial=24)

    def __init__(
        self, *arguments: Any, label: Any, known: list[Choice], has_both: bool, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        if not has_both:
            del self.fields["takes"]
        shown = [
            (one.code, one.name if one.name == one.code else f"{one.name} ({one.code})") for one in known
        ]
        self.fields["listed"].label = label
        self.fields["listed"].choices = shown  # type: ignore[attr-defined]
        if not shown:
            del self.fields["listed"]

    def chosen(self) -> list[str]:
        """Everything chosen in either way, each once."""
        by_name = str(self.cleaned_data.get("named") or "").splitlines()
        return [*self.cleaned_data.get("listed", []), *by_name]

    def taken(self) -> list[str] | None:
        """Whether releases, work items or both are taken; nothing where there is no choice."""
        return self.cleaned_data["takes"] if "takes" in self.fields else None


PARTS = {
    "points": (_("Points"), _("Where the size of a work item is noted.")),
    "sprint": (_("Sprint"), _("Where the sprints of a work item are noted.")),
    "epic": (_("Epic"), _("What a work item is part of, where it has no parent.")),
}


class FieldsForm(forms.Form):
    """Which field of a tracker plays which part, and which of its own are kept with each work item."""

    def __init__(
        self, *arguments: Any, known: list[Choice], mapping: Mapping[str, str], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.names = {one.code: one.name for one in known}
        told = sorted(((one.code, f"{one.name} ({one.code})") for one in known), key=lambda one: fold(one[1]))
        for part, (label, help_text) in PARTS.items():
            self.fields[part] = forms.ChoiceField(
                label=label, help_text=help_text, required=False, initial=mapping.get(part, ""),
                choices=[("", _("found by itself")), *told],
            )  # fmt: skip
        kept = [field for part, field in mapping.items() if part not in PARTS]
        self.fields["kept"] = forms.MultipleChoiceField(
            label=_("Kept with each work item"),
            help_text=_(
                "For example the team or the t-shirt size. Of fields that hold people only their number is kept, of texts "
                "only that there is one."
            ),
            required=False, initial=kept, choices=told, widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip

    def mapping(self) -> dict[str, str]:
        """The field of each part that has one, and the kept ones by their names."""
        made = {part: str(self.cleaned_data[part]) for part in PARTS if self.cleaned_data.get(part)}
        for field in self.cleaned_data["kept"]:
            name = " ".join(self.names[field].split())
            made[name if name and name not in made else field] = field
        return made
