"""What people write about empty spaces: reports, reasons, links for those without an account."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from vertebra.kit.text import fold
from vertebra.org.empty_spaces import Neighbour
from vertebra.org.forms.fields import PersonField

BETWEEN = ("between_1", "between_2", "between_3", "between_4")
MOST_DAYS = 365


class Suggested(forms.TextInput):
    """A field with suggestions: those of a list that the page carries, or asked for while one types."""

    def __init__(self, url_name: str = "") -> None:
        attrs: dict[str, Any] = {"list": "neighbours", "autocomplete": "off"}
        if url_name:
            attrs |= {
                "hx-get": reverse_lazy(url_name),
                "hx-trigger": "input changed delay:120ms",
                "hx-target": "#neighbours",
                "hx-swap": "innerHTML",
                "hx-push-url": "false",
            }
        super().__init__(attrs=attrs)


class ReportForm(forms.Form):
    """Between X and Y, nobody takes care of Z."""

    between_1 = forms.CharField(
        label=_("Between"), max_length=100, widget=Suggested("org:empty-space-neighbours")
    )
    between_2 = forms.CharField(
        label=_("and"), max_length=100, widget=Suggested("org:empty-space-neighbours")
    )
    between_3 = forms.CharField(
        label=_("and also"), max_length=100, required=False, widget=Suggested("org:empty-space-neighbours")
    )
    between_4 = forms.CharField(
        label=_("and also"), max_length=100, required=False, widget=Suggested("org:empty-space-neighbours")
    )
    sentence = forms.CharField(
        label=_("nobody takes care of"),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("A few words are enough: “refunds after a dispute”."),
    )

    def __init__(self, *args: Any, known: Mapping[str, Neighbour], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known

    def clean(self) -> dict[str, Any]:
        """Two different neighbours at least."""
        cleaned: dict[str, Any] = super().clean() or {}
        told = self.neighbours(cleaned)
        if cleaned.get("between_1") and cleaned.get("between_2") and len(told) < 2:
            self.add_error("between_2", _("Name another one: an empty space lies between two or more."))
        return cleaned

    def neighbours(self, values: Mapping[str, Any]) -> list[Neighbour]:
        """Whom the person means: a known name where there is one, else their own word, each once."""
        found: dict[tuple[str, int, str], Neighbour] = {}
        for name in BETWEEN:
            if text := " ".join(str(values.get(name) or "").split()):
                one = self.known.get(fold(text)) or Neighbour("word", 0, text)
                found.setdefault((one.kind, one.id, fold(one.name) if not one.id else ""), one)
        return list(found.values())


class LinkReportForm(ReportForm):
    """The same for somebody without an account, who may give their name."""

    reporter_name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        required=False,
        help_text=_("Only if you want to be asked back."),
    )
    # People do not see this field; what fills every field does.
    website = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in BETWEEN:
            self.fields[name].widget = Suggested()


class ReasonForm(forms.Form):
    """Why this is no empty space."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class SentenceForm(forms.Form):
    """What nobody takes care of, said more clearly."""

    sentence = forms.CharField(label=_("What nobody takes care of"), max_length=500)


class ProposalForm(forms.Form):
    """Who could take care of it, by name, e-mail or login."""

    person = PersonField(label=_("Who could take care of it?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].widget.attrs["placeholder"] = _("Name, e-mail address or login")


class LinkForm(forms.Form):
    """An address for people without an account."""

    name = forms.CharField(
        label=_("For whom"), max_length=200, help_text=_("For you to recognise it: “partners’ day”.")
    )
    days = forms.IntegerField(label=_("Open for (days)"), min_value=1, max_value=MOST_DAYS, initial=30)
    shows_units = forms.BooleanField(
        label=_("Visitors choose among the names of our units"),
        required=False,
        initial=True,
        help_text=_("Otherwise they write in their own words between whom it is; they see nothing of ours."),
    )
