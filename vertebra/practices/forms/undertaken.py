"""What people say of what is undertaken for a practice."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.kit.text import fold
from vertebra.org.forms.fields import suggested
from vertebra.practices.models import Practice
from vertebra.practices.queries.undertaken import could_carry_out
from vertebra.roadmap.models import Initiative

_NUMBER = re.compile(r"#(\d{1,17})\s*$", re.ASCII)


def written(row: Initiative) -> str:
    """An initiative as suggestions write it, so that two of the same title are told apart."""
    return f"{row.title} #{row.pk}"


class InitiativeField(forms.CharField):
    """One of some initiatives, by its title, with suggestions while one types."""

    def __init__(self, initiatives: "QuerySet[Initiative]", url: str, **kwargs: Any) -> None:
        self.initiatives = initiatives
        attrs = suggested("initiatives", url, "focus, input changed delay:150ms")
        super().__init__(max_length=300, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self._find(text) if text else None

    def _find(self, text: str) -> Initiative:
        number, wanted = _NUMBER.search(text), fold(text)
        found = list(self.initiatives.filter(pk=int(number[1]))) if number else []
        found = found or [row for row in self.initiatives if fold(row.title) == wanted]
        if not found:
            raise ValidationError(
                _("No initiative is called “%(text)s”. Choose one of the suggestions."), params={"text": text}
            )
        if len(found) > 1:
            several = " · ".join(written(one) for one in found[:6])
            raise ValidationError(
                _("Several are called that. Write one of: %(places)s"), params={"places": several}
            )
        return found[0]


class CarriedOutForm(forms.Form):
    """Which initiative carries a practice out."""

    def __init__(self, *args: Any, practice: Practice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        url = reverse("practices:initiative-suggest", args=(practice.pk,))
        self.fields["initiative"] = InitiativeField(
            could_carry_out(practice.pk), url, label=_("The initiative")
        )
