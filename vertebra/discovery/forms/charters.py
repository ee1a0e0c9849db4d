"""What people may type into the charter."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vertebra.discovery.queries.charters import TITLES
from vertebra.discovery.shipped.charters import PARTS

LONGEST = 4000


class CharterForm(forms.Form):
    """The parts of a draft: all five, or the one that was edited in place."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in PARTS:
            if not self.is_bound or part in self.data:
                self.fields[part] = forms.CharField(
                    label=str(TITLES[part]),
                    max_length=LONGEST,
                    required=False,
                    widget=forms.Textarea(attrs={"rows": 7}),
                )


class CharterLinkForm(forms.Form):
    """An address that opens the charter without an account."""

    name = forms.CharField(
        label=_("For whom"), max_length=200, help_text=_("For you to recognise it: “the sales kick-off”.")
    )
    days = forms.IntegerField(label=_("Open for (days)"), min_value=1, max_value=365, initial=90)
