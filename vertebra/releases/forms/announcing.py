"""What people choose to announce a release: to whom, by which ways, when; and what changed since."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vertebra.accounts.labels import PERSONAL_CHANNELS, Channel
from vertebra.accounts.models import ChatConnection
from vertebra.accounts.outbox.queueing import is_open
from vertebra.org.forms.fields import DayField
from vertebra.releases.models import Audience

ROOM = "chat:"


def ways() -> list[tuple[str, str]]:
    """Every way to tell people that is open: the personal ones, and the rooms that are connected."""
    rooms = ChatConnection.objects.filter(archived_at=None).exclude(way="app", room="").order_by("name")
    return [
        *((str(one), str(Channel(one).label)) for one in PERSONAL_CHANNELS if is_open(one)),
        *((f"{ROOM}{row.pk}", f"{row.name} ({row.get_tool_display()})") for row in rooms),
    ]


class AnnounceForm(forms.Form):
    """To whom, by which ways, when; what is asked again where it may be a mistake."""

    audiences = forms.ModelMultipleChoiceField(
        Audience.objects.none(),
        label=_("To whom"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one audience: who should know?")},
    )
    channels = forms.MultipleChoiceField(
        label=_("How"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one way to reach people.")},
        help_text=_("Each person is told by those of these that they chose, and outside their quiet hours."),
    )
    on = DayField(
        label=_("On which day"), required=False, help_text=_("In the morning of that day. Empty: now.")
    )
    is_late_known = forms.BooleanField(label=_("They may learn it after it is out: I know"), required=False)
    why = forms.CharField(
        label=_("Why without what its tier requires"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only if something is missing. It is recorded as a go on conditions."),
    )
    confirmed = forms.IntegerField(
        label=_("How many people that is, if it goes to everybody"),
        required=False,
        min_value=0,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=_("Only if it goes to everybody: their number, as it stands beside."),
    )

    def __init__(self, *arguments: Any, known: list[Audience], **options: Any) -> None:
        super().__init__(*arguments, **options)
        audiences: Any = self.fields["audiences"]
        audiences.queryset = Audience.objects.filter(archived_at=None)
        audiences.choices = [(row.pk, row.name) for row in known]
        channels: Any = self.fields["channels"]
        channels.choices = ways()


class CorrectionForm(forms.Form):
    """What changed since people were told."""

    words = forms.CharField(
        label=_("What changed"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("They read it first, then the text as it is now. A day that moved is said by itself."),
    )
