"""Who does the steps of a launch: found by mandate, nearest to the market first."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q

from vertebra.org.models import Mandate, Market, Ownership, Person, Unit
from vertebra.org.queries.structure import Structure
from vertebra.roadmap.models import PlaybookStep

# A mandate for the market itself counts before one for the unit that carries the launch, and so on.
_MARKET, _UNIT, _OWNING, _ABOVE, _ELSEWHERE = range(5)


@dataclass(frozen=True, slots=True)
class _Held:
    person: Person
    role: str
    function: str
    nearness: int


class Owners:
    """The holders of mandates around a market and a unit, on a day."""

    def __init__(self, market: Market, unit: Unit | None, day: dt.date) -> None:
        structure = Structure.as_of(day, with_members=False)
        owning = set(Ownership.objects.as_of(day).filter(market=market).values_list("unit_id", flat=True))
        mine = {unit.pk} if unit else set()
        above = {node.id for one in owning | mine for node in structure.above(one)}
        present = Q(person__in=Person.objects.present_on(day).filter(archived_at__isnull=True))
        near = Q(market=market) | Q(unit__in=mine | owning | above)
        directors = Q(unit__isnull=False, role="director")
        rows = Mandate.objects.as_of(day).filter(present, near | directors)
        self.by_role: dict[str, list[_Held]] = defaultdict(list)
        for row in rows.select_related("person").order_by("pk"):
            if row.person is None:
                continue
            places = ((_UNIT, mine), (_OWNING, owning), (_ABOVE, above))
            nearness = next((far for far, units in places if row.unit_id in units), _ELSEWHERE)
            nearness = _MARKET if row.market_id == market.pk else nearness
            self.by_role[row.role].append(_Held(row.person, row.role, row.function, nearness))

    def of(self, step: PlaybookStep) -> Person | None:
        """Whoever holds the mandate that a step asks for; of the right function, else nobody of another one."""
        found = [
            one
            for one in self.by_role.get(step.role, ())
            if not step.function or one.function in ("", step.function)
        ]
        if not found:
            return None
        # Somebody of no stated function answers only near the launch; far away only the function itself counts.
        known = [one for one in found if one.function == step.function or one.nearness <= _ABOVE]
        ranked = sorted(known, key=lambda one: (one.nearness, one.function != step.function))
        return ranked[0].person if ranked else None
