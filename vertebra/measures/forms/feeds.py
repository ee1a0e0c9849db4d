"""What people may type about feeds and connections."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vertebra.kit.forms import GivenFile
from vertebra.measures.readers.feeds import providers
from vertebra.sources.labels import SourceKind
from vertebra.sources.models import Source

HOURS = [(1, _("every hour")), (6, _("every six hours")), (24, _("every day")), (168, _("every week"))]
_MONO = {"rows": 8, "spellcheck": "false", "class": "input is-mono"}


def _connections(kind: str) -> Any:
    return Source.objects.filter(kind=kind, archived_at__isnull=True).order_by("name")


class FileForm(forms.Form):
    """A file of values."""

    upload = GivenFile(
        label=_("Your file"),
        help_text=_(
            "CSV or XLSX: a column for the day and one for the value; if you like “part” and “behind”, or a column for "
            "each part."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm"}),
    )
    column = forms.CharField(
        label=_("Column of the value"), required=False, max_length=200,
        help_text=_("Only if the file holds several metrics."),
    )  # fmt: skip


class WebForm(forms.Form):
    """A web address that answers with JSON."""

    address = forms.CharField(
        label=_("Address"), max_length=2000, widget=forms.URLInput(attrs={"autocomplete": "off"})
    )
    path = forms.CharField(
        label=_("Where the values are"), required=False, max_length=500,
        help_text=_("A JMESPath, for example data.points[*].{on: day, value: count}. Empty: the whole answer."),
    )  # fmt: skip
    source = forms.ModelChoiceField(
        Source.objects.none(), label=_("Connection"), required=False, empty_label=_("none: the address is open"),
        help_text=_("It carries the token, which is sent to its own host only."),
    )  # fmt: skip
    every_hours = forms.TypedChoiceField(label=_("Read again"), choices=HOURS, coerce=int, initial=24)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = _connections(SourceKind.WEB)  # type: ignore[attr-defined]


class QueryForm(forms.Form):
    """A query on a database."""

    source = forms.ModelChoiceField(Source.objects.none(), label=_("Database"))
    query = forms.CharField(
        label=_("Query"), max_length=20_000, widget=forms.Textarea(attrs=_MONO),
        help_text=_("One SELECT that gives a row per period: the columns “on” and “value”, if you like “part” and “behind”."),
    )  # fmt: skip
    every_hours = forms.TypedChoiceField(label=_("Read again"), choices=HOURS, coerce=int, initial=24)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = _connections(SourceKind.DATABASE)  # type: ignore[attr-defined]


class ProviderForm(forms.Form):
    """Something that Vertebra computes."""

    provider = forms.ChoiceField(label=_("What is computed"))
    every_hours = forms.TypedChoiceField(label=_("Read again"), choices=HOURS, coerce=int, initial=24)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, label) for name, (_one, label) in providers().items()]
        self.fields["provider"].choices = choices  # type: ignore[attr-defined]


class ConnectionForm(forms.Form):
    """What opens a database or a web address."""

    name = forms.CharField(label=_("Name"), max_length=100)
    kind = forms.ChoiceField(
        label=_("What it opens"),
        choices=[(SourceKind.DATABASE, _("a database")), (SourceKind.WEB, _("a web address"))],
    )
    address = forms.CharField(
        label=_("Address"), max_length=2000, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "postgresql://reader:password@host:5432/name, sqlite://file.db, duckdb://file.duckdb, or the address of a "
            "warehouse; for the web, https://host. It is sealed, and never shown again."
        ),
    )  # fmt: skip
    header = forms.CharField(
        label=_("Heading of the token"), required=False, max_length=100, initial="Authorization",
        help_text=_("For the web only."),
    )  # fmt: skip
    token = forms.CharField(
        label=_("Token"), required=False, max_length=4000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("For the web only, as it is sent: for example “Bearer abc”."),
    )  # fmt: skip
