"""Fields that name a day, a unit, an area or a person of the organisation."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from vertebra.kit.forms import LongSelect
from vertebra.kit.text import fold
from vertebra.org.models import Person, Unit
from vertebra.org.queries.care import AreaNode
from vertebra.org.queries.structure import Node
from vertebra.org.queries.trees import Placed

EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
INDENT = "\u00a0" * 4
# Above so many, the places are typed with suggestions: a page would be heavy and a list too long to read.
MOST_OPTIONS = 250
_NUMBER = re.compile(r"(?:#|^)(\d{1,18})\s*$", re.ASCII)


def read_day(text: str) -> dt.date | None:
    """The day written as 2025-03-01, or nothing."""
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and EARLIEST <= found <= LATEST else None


class DayField(forms.DateField):
    """A day between 1900 and 2199."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not EARLIEST <= value <= LATEST:
            raise ValidationError(_("Give a day between 1900 and 2199."))


class PlaceField(forms.Field):
    """One of the units or areas of the day: their tree to choose from, or, when they are many, a name to type."""

    default_error_messages = {
        "invalid_choice": gettext_lazy("None is called “%(text)s”. Choose one of the suggestions."),
        "several": gettext_lazy("Several are called that. Write one of: %(places)s"),
    }

    def __init__(
        self, nodes: Iterable[Node | AreaNode], empty: str, most: int = MOST_OPTIONS, **kwargs: Any
    ) -> None:
        self.nodes = {node.id: node for node in nodes}
        super().__init__(
            widget=self._tree(empty) if len(self.nodes) <= most else self._typed(empty), **kwargs
        )

    def _tree(self, empty: str) -> forms.Widget:
        # Indented with spaces, not dashes: a browser finds an option by its first typed letters, past spaces only.
        names = ((pk, f"{INDENT * min(node.depth, 6)}{node.name}") for pk, node in self.nodes.items())
        return LongSelect(choices=[("", empty), *names])

    def _typed(self, empty: str) -> forms.Widget:
        kind = "unit" if isinstance(next(iter(self.nodes.values())), Node) else "area"
        url = reverse_lazy(f"org:{kind}-suggest")
        attrs = suggested("places", url, "focus, input changed delay:150ms")
        return forms.TextInput(attrs=attrs | {"placeholder": empty})

    def prepare_value(self, value: Any) -> Any:
        """Show a place as the suggestions do."""
        node = None if isinstance(self.widget, LongSelect) else self._numbered(str(value))
        return placed(node) if node else value

    def to_python(self, value: Any) -> int | None:
        """The number of the place, which may be written as its number, its name, or both."""
        text = str(value or "").strip()
        if not text:
            return None
        wanted = fold(text)
        node = self._numbered(text)
        found = [node] if node else [one for one in self.nodes.values() if fold(one.name) == wanted]
        if not found:
            raise ValidationError(self.error_messages["invalid_choice"], params={"text": text})
        if len(found) > 1:
            places = " · ".join(placed(one) for one in found[:6])
            raise ValidationError(self.error_messages["several"], params={"places": places})
        return found[0].id

    def named(self, value: object) -> str:
        """What the place of this number, or written like the suggestions, is called."""
        node = self._numbered(str(value))
        return node.name if node else str(value)

    def _numbered(self, text: str) -> Node | AreaNode | None:
        number = _NUMBER.search(text)
        return self.nodes.get(int(number[1])) if number else None


class UnitField(PlaceField):
    """One of the units of the day, given as the unit itself."""

    def clean(self, value: Any) -> Unit | None:
        """The unit that is meant, if one is."""
        number = super().clean(value)
        return Unit.objects.filter(pk=number).first() if number else None


class PersonField(forms.CharField):
    """Somebody of the directory, by name, e-mail or login, with suggestions while one types."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = suggested("people", reverse_lazy("org:person-suggest"), "input changed delay:150ms")
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


def suggested(datalist: str, url: object, trigger: str) -> dict[str, object]:
    """What makes a text field ask for suggestions while one types."""
    return {
        "list": datalist,
        "autocomplete": "off",
        "hx-get": url,
        "hx-trigger": trigger,
        "hx-target": f"#{datalist}",
        "hx-swap": "innerHTML",
        "hx-push-url": "false",
    }


def placed(node: Placed) -> str:
    """A place as suggestions write it, so that two of the same name are told apart."""
    return f"{node.name} #{node.id}"


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
