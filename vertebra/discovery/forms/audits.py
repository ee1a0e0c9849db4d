"""What people write about audits and quick wins."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vertebra.discovery.actions.audits import ITEMS, MOST_ITEMS
from vertebra.discovery.actions.quick_wins import MOST_DAYS
from vertebra.discovery.models import AuditItem, Campaign, PainPoint
from vertebra.discovery.queries.pain_points import ACTIVE, current
from vertebra.kit.forms import LongSelect
from vertebra.org.forms.fields import DayField, PersonField

MOST_CHOICES = 120


class AuditForm(forms.Form):
    """An audit is assembled from rounds of listening and a period; all of it can be changed afterwards."""

    title = forms.CharField(label=_("Title"), max_length=200)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    campaigns = forms.ModelMultipleChoiceField(
        label=_("Campaigns"),
        queryset=Campaign.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: everything that was heard in the period."),
    )
    heard_from = DayField(label=_("Heard from"), required=False)
    heard_until = DayField(label=_("to"), required=False)
    count = forms.IntegerField(
        label=_("How many pain points"), min_value=1, max_value=MOST_ITEMS, initial=ITEMS
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Campaign.objects.filter(archived_at__isnull=True)
        self.fields["campaigns"].queryset = known.order_by("-pk")  # type: ignore[attr-defined]


class InviteForm(forms.Form):
    """Until when those heard may read the draft."""

    until = DayField(label=_("They read it until"))


class AnswerForm(forms.Form):
    """What a reader of the draft says of it."""

    verdict = forms.CharField(max_length=10)
    comment = forms.CharField(max_length=2000, required=False)


class LinkForm(forms.Form):
    """An address that opens the audit without an account."""

    name = forms.CharField(label=_("For whom"), max_length=200)
    days = forms.IntegerField(label=_("For how many days"), min_value=1, max_value=365, initial=60)


class NoteForm(forms.Form):
    """What a correction changed, in a sentence that readers see."""

    note = forms.CharField(label=_("What was corrected"), max_length=2000)


def pain_choices(*, without: list[int] | None = None) -> list[tuple[int, str]]:
    """The pain points that hurt now, those of most people first."""
    rows = current().filter(state__in=ACTIVE).exclude(pk__in=without or [])
    return list(rows.order_by("-people_count", "-pk").values_list("pk", "title")[:MOST_CHOICES])


class PainPointField(forms.TypedChoiceField):
    """One of the pain points that hurt now."""

    def __init__(self, *, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        offered: list[tuple[Any, Any]] = [("", _("Choose one")), *choices]
        super().__init__(
            choices=offered, coerce=int, empty_value=None, widget=LongSelect(choices=offered), **kwargs
        )

    def clean(self, value: Any) -> Any:
        pk = super().clean(value)
        return PainPoint.objects.filter(pk=pk).first() if pk else None


class ItemForm(forms.Form):
    """One more pain point for the audit."""

    def __init__(self, *args: Any, without: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = pain_choices(without=without)
        self.fields["pain_point"] = PainPointField(label=_("Pain point"), choices=choices)


class MissingForm(forms.Form):
    """What a reader says is missing: a known pain point, or a new one in a sentence."""

    title = forms.CharField(label=_("A new pain point, in a sentence"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pain_point"] = PainPointField(
            label=_("A pain point that is known"), choices=pain_choices(), required=False
        )


class QuickWinForm(forms.Form):
    """Something small, soon, against what hurts: written in a minute."""

    title = forms.CharField(
        label=_("What we would do"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("In one sentence: “Post each release in the channel of the shops, the day before”."),
    )
    days = forms.IntegerField(label=_("Days of work"), min_value=1, max_value=MOST_DAYS, initial=3)
    owner = PersonField(label=_("Who would do it"), required=False)

    field_order = ("pain_point", "title", "days", "owner")

    def __init__(self, *args: Any, items: list[AuditItem] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if items is not None:
            choices = [(item.pain_point_id, item.pain_point.title) for item in items]
        else:
            choices = pain_choices()
        self.fields["pain_point"] = PainPointField(label=_("What it relieves"), choices=choices)
        self.order_fields(self.field_order)


class StartForm(forms.Form):
    """By when a quick win is done."""

    due_on = DayField(label=pgettext_lazy("a day", "Done by"), required=False)


class ReasonForm(forms.Form):
    """Why a quick win is dropped."""

    reason = forms.CharField(label=_("Why"), max_length=2000)


def default_period(today: dt.date) -> tuple[dt.date, dt.date]:
    """The ninety days until today."""
    return today - dt.timedelta(days=90), today
