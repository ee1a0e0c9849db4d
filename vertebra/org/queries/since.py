"""Since when something is missing, as far as what is known tells: when the last one ended, or it all began."""

import datetime as dt
from collections.abc import Hashable, Iterable
from typing import Any

from django.db.models import Max, Min

from vertebra.org.labels import Function, MandateRole
from vertebra.org.models import Mandate, Membership, UnitVersion

Days = dict[tuple[Hashable, ...], dt.date]


class Since:
    """The days at which seats were left and units began, read once for every gap."""

    def __init__(self, day: dt.date) -> None:
        ended = {"ends_on__isnull": False, "ends_on__lte": day}
        mandates = Mandate.objects.all_time().filter(**ended, unit__isnull=False)
        works = Membership.objects.all_time().filter(**ended)
        seats = works.filter(function__in=(Function.PRODUCT, Function.DESIGN))
        versions = UnitVersion.objects.all_time().filter(starts_on__lte=day)
        told = versions.exclude(purpose="").filter(**ended)
        directors = mandates.filter(role=MandateRole.DIRECTOR)
        self.seats = _days(mandates, "ends_on", "unit_id", "role")
        self.directors = _days(directors, "ends_on", "unit_id", "function")
        self.functions = _days(seats, "ends_on", "unit_id", "function")
        self.began = dict(versions.values_list("unit").annotate(Min("starts_on")))
        self.purposes = dict(told.values_list("unit").annotate(Max("ends_on")))
        self.people = _latest(_days(works, "ends_on", "person_id"), _days(mandates, "ends_on", "person_id"))

    def seat(self, unit: int, roles: Iterable[str], function: str | None = None) -> dt.date | None:
        """When the last holder of one of these roles, or who worked there in the function, went; else the unit's first day."""
        went = [self.functions.get((unit, function)), *(self.seats.get((unit, role)) for role in roles)]
        return max(filter(None, went), default=self.began.get(unit))

    def director(self, unit: int, function: str, first: dt.date) -> dt.date:
        """When the last director of the function went; else when the first of the others came."""
        return self.directors.get((unit, function), first)

    def purpose(self, unit: int) -> dt.date | None:
        """When the unit ceased to say what it is for; else its first day."""
        return self.purposes.get(unit, self.began.get(unit))

    def alone(self, person: int, joined_on: dt.date | None) -> dt.date | None:
        """When the person last worked in a unit or answered for one; else when they joined."""
        return self.people.get((person,), joined_on)


def _days(rows: Any, column: str, *keys: str) -> Days:
    return {tuple(row[:-1]): row[-1] for row in rows.order_by().values_list(*keys).annotate(Max(column))}


def _latest(*several: Days) -> Days:
    found: Days = {}
    for days in several:
        for key, day in days.items():
            found[key] = max(day, found.get(key, day))
    return found
