"""Fields that name a day, a unit, an area or a person of the organisation."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from vertebra.kit.files.values import fold
from vertebra.org.models import Person
from vertebra.org.queries.care import AreaNode
from vertebra.org.queries.structure import Node

EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
INDENT = "\u00a0" * 4
_NUMBER = re.compile(r"#(\d{1,18})\s*$")


class DayField(forms.DateField):
    """A day between 1900 and 2199."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not EARLIEST <= value <= LATEST:
            raise ValidationError(_("Give a day between 1900 and 2199."))


class PlaceField(forms.TypedChoiceField):
    """One of the units or areas of the day, shown as their tree."""

    def __init__(self, nodes: Iterable[Node | AreaNode], empty: str, **kwargs: Any) -> None:
        # Indented with spaces, not dashes: a browser finds an option by its first typed letters, past spaces only.
        choices = [("", empty), *((node.id, f"{INDENT * min(node.depth, 6)}{node.name}") for node in nodes)]
        super().__init__(choices=choices, coerce=int, empty_value=None, **kwargs)


class PersonField(forms.CharField):
    """Somebody of the directory, by name, e-mail or login, with suggestions while one types."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {
            "list": "people",
            "autocomplete": "off",
            "hx-get": reverse_lazy("org:person-suggest"),
            "hx-trigger": "input changed delay:150ms",
            "hx-target": "#people",
            "hx-swap": "innerHTML",
            "hx-push-url": "false",
        }
        kwargs.setdefault("help_text", gettext_lazy("Name, e-mail address or login."))
        super().__init__(max_length=300, widget=forms.TextInput(attrs=attrs), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a person as the suggestions do."""
        return written(value) if isinstance(value, Person) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self._find(text) if text else None

    def _find(self, text: str) -> Person:
        people = Person.objects.filter(archived_at__isnull=True)
        if number := _NUMBER.search(text):
            found = list(people.filter(pk=int(number[1])))
        else:
            found = list(people.filter(email__iexact=text)[:2]) or list(people.filter(handle=text)[:2])
            found = found or list(people.filter(name_folded=fold(text)).order_by("pk")[:6])
        if not found:
            raise ValidationError(
                _("Nobody in the directory is called “%(text)s”. Choose one of the suggestions."),
                params={"text": text},
            )
        if len(found) > 1:
            raise ValidationError(
                _("Several people are called that. Write one of: %(people)s"),
                params={"people": " · ".join(written(one) for one in found)},
            )
        one: Person = found[0]
        return one


def written(person: Person) -> str:
    """A person as suggestions write them, so that two of the same name are told apart."""
    detail = person.email or person.handle
    return f"{person.name} ({detail}) #{person.pk}" if detail else f"{person.name} #{person.pk}"


class FromDay(forms.Form):
    """A change that holds from a day on."""

    on = DayField(
        label=pgettext_lazy("a change", "From"), help_text=gettext_lazy("The past keeps what it was.")
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today
        self.today = today
        self.order_fields([name for name in self.fields if name != "on"] + ["on"])

    def keep_given(self) -> None:
        """Ask only for the fields that were sent: what is edited in place sends one, from today on."""
        for name in list(self.fields):
            if name not in self.data and name != "on":
                del self.fields[name]
        self.fields["on"].required = False

    def clean_on(self) -> dt.date:
        """The day, today when none was sent."""
        day: dt.date | None = self.cleaned_data.get("on")
        return day or self.today
