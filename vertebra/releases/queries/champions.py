"""Product Champions whom a release concerns: by area, market and function."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from vertebra.org.labels import MandateRole
from vertebra.org.models import Mandate, Person
from vertebra.org.queries.care import Areas
from vertebra.releases.labels.briefs import BriefState
from vertebra.releases.labels.releases import ReleaseState
from vertebra.releases.models import Brief


@dataclass(frozen=True, slots=True)
class Champion:
    """A champion: who, of which function, how near what they answer for is (0: the area itself)."""

    person: Person
    function: str
    distance: int


def champions_for(area_id: int | None, market_ids: Collection[int], day: dt.date) -> list[Champion]:
    """The champions of an area, of those above it, and of markets, the nearest first."""
    areas = Areas.as_of(day)
    above = [area_id, *(node.id for node in reversed(areas.above(area_id)))] if area_id else []
    rows = Mandate.objects.as_of(day).filter(role=MandateRole.CHAMPION, person__archived_at=None)
    rows = rows.exclude(person__left_on__lte=day).filter(person__isnull=False).select_related("person")
    found: dict[tuple[int, str], Champion] = {}
    for row in rows:
        distance = _distance(row, above, market_ids)
        key = (row.person_id, row.function)
        if distance is not None and (key not in found or found[key].distance > distance):
            found[key] = Champion(row.person, row.function, distance)
    return sorted(found.values(), key=lambda one: (one.distance, one.person.name_folded, one.person.pk))


def _distance(row: Mandate, above: Sequence[int | None], market_ids: Collection[int]) -> int | None:
    if row.area_id in above and row.area_id:
        return above.index(row.area_id)
    return len(above) if row.market_id and row.market_id in market_ids else None


def writers_for(trades: Collection[str], champions: Sequence[Champion]) -> dict[str, Person]:
    """Who is asked to write the brief of each trade: its nearest champion, the one with fewest open briefs first."""
    people = {one.person.pk for one in champions}
    open_ones = Brief.objects.filter(owner__in=people).exclude(state=BriefState.READY)
    open_ones = open_ones.exclude(release__state=ReleaseState.WITHDRAWN)
    busy = Counter(open_ones.values_list("owner_id", flat=True)) if people else Counter[int]()
    found: dict[str, Person] = {}
    for trade in trades:
        fitting = [one for one in champions if one.function == trade]
        if fitting:
            best = min(fitting, key=lambda one: (one.distance, busy[one.person.pk], one.person.pk))
            found[trade] = best.person
            busy[best.person.pk] += 1
    return found
