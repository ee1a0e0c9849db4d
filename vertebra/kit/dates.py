"""Days as each language says them, where Django's formats cannot tell."""

from django.utils.dateformat import DateFormat
from django.utils.translation import get_language

_figure = DateFormat.j


def say_first_of_month() -> None:
    """In French the first day of a month is an ordinal, “1er février”: the only one that is."""
    DateFormat.j = _day_of_month  # type: ignore[method-assign, assignment]


def _day_of_month(shown: DateFormat) -> int | str:
    day = _figure(shown)
    return "1er" if day == 1 and (get_language() or "").startswith("fr") else day
