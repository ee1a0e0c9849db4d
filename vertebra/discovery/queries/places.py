"""Where people work on a day: the function and the unit that most of their time goes to."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from vertebra.org.models import Membership


class Place(NamedTuple):
    """A function and a unit; both empty for somebody who works in no unit that is recorded."""

    function: str = ""
    unit_id: int | None = None


NOWHERE = Place()


def main_places(person_ids: Iterable[int], day: dt.date) -> dict[int, Place]:
    """The place of each of these people on a day, in one query."""
    rows = Membership.objects.as_of(day).filter(person__in=list(person_ids)).order_by("share", "-id")
    # The largest share comes last, and so stays; of equal shares, the oldest.
    return {
        person: Place(function, unit)
        for person, function, unit in rows.values_list("person_id", "function", "unit_id")
    }
