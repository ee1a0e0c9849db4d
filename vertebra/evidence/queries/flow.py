"""What may be read of flow, by whom and since when: a team first, two weeks before anyone outside it.

The figures of a unit are its people's alone for two weeks after they were first computed. Those of a unit around others
would give the figures of each of these away beside one's own: they wait for everybody.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from vertebra.accounts.models import User
from vertebra.evidence.labels import FlowGrain
from vertebra.evidence.models import FlowFigure, FlowOpening, FlowRun
from vertebra.evidence.queries.flow_asked import open_flow_rows
from vertebra.kit import clock
from vertebra.org.empty_spaces import number_of_person
from vertebra.org.models import Membership
from vertebra.org.queries.structure import Node, Structure

OWN_WEEKS = dt.timedelta(days=14)
EVERY = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """The figures of a period: the unit's own, or (`around`) those of a unit around it, where its own may not be told."""

    row: FlowFigure
    around: Node | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """The types of work and the areas that are told of a unit, and whether some of its weeks are."""

    kinds: list[str]
    areas: list[int]
    has_weeks: bool


@dataclass
class FlowOf:
    """Flow as somebody may read it."""

    user: User
    now: dt.datetime
    structure: Structure = field(init=False)

    def __post_init__(self) -> None:
        self.structure = Structure.as_of(clock.today(self.now), with_members=False)

    @cached_property
    def openings(self) -> list[FlowOpening]:
        """For whom flow is looked at, and why."""
        return list(open_flow_rows().order_by("opened_at", "pk"))

    @cached_property
    def units(self) -> set[int]:
        """The units for which flow is looked at, with all that is inside them."""
        found: set[int] = set()
        for one in self.openings:
            found |= set(self.structure.nodes) if one.unit_id is None else self.structure.under(one.unit_id)
        return found

    def asked_for(self, unit_id: int) -> list[FlowOpening]:
        """What asks for the flow of a unit."""
        around = {unit_id, *(node.id for node in self.structure.above(unit_id))}
        return [one for one in self.openings if one.unit_id is None or one.unit_id in around]

    @cached_property
    def told_units(self) -> set[int]:
        """The units of which there are figures."""
        return set(FlowFigure.objects.order_by().values_list("unit", flat=True).distinct())

    @cached_property
    def _worked_in(self) -> set[int]:
        held = Membership.objects.as_of(self.structure.day).filter(person=number_of_person(self.user))
        return set(held.values_list("unit", flat=True))

    def is_own(self, unit_id: int) -> bool:
        """Whether these are the figures of somebody's own unit: they work in it, and it is not around others that are told."""
        inside = self.structure.under(unit_id)
        return bool(inside & self._worked_in) and not (inside - {unit_id}) & self.told_units

    def may_see(self, row: FlowFigure) -> bool:
        """Whether the figures of a period are somebody's to see by now."""
        return row.unit_id in self.units and (
            self.now >= row.first_at + OWN_WEEKS or self.is_own(row.unit_id)
        )

    def read(
        self, unit_id: int, *, kind: str = EVERY, grain: str = FlowGrain.MONTH, area: int | None = None
    ) -> list[Shown]:
        """The figures of a unit, the latest first; where a period has none of its own, those around it and said so."""
        around = [node.id for node in reversed(self.structure.above(unit_id)) if node.id in self.units]
        rows = FlowFigure.objects.filter(unit__in=[unit_id, *around], kind=kind, grain=grain)
        rows = rows.filter(area=area) if area else rows.filter(area=None)
        found: dict[dt.date, dict[int, FlowFigure]] = {}
        for row in rows.order_by("-starts_on"):
            found.setdefault(row.starts_on, {})[row.unit_id] = row
        shown = (self._shown(held, unit_id, around) for held in found.values())
        return [one for one in shown if one is not None]

    def _shown(self, held: dict[int, FlowFigure], unit_id: int, around: Sequence[int]) -> Shown | None:
        if unit_id in held:
            # Figures that are still the team's alone are not told by what is around it either.
            return Shown(held[unit_id]) if self.may_see(held[unit_id]) else None
        up = next((one for one in around if one in held and self.may_see(held[one])), None)
        return Shown(held[up], self.structure.get(up)) if up else None

    def waiting_until(self, unit_id: int) -> dt.datetime | None:
        """When the next figures of a unit open to whoever reads, if any wait."""
        rows = FlowFigure.objects.filter(unit=unit_id, first_at__gt=self.now - OWN_WEEKS)
        if self.is_own(unit_id):
            return None
        first = rows.order_by("first_at").values_list("first_at", flat=True).first()
        return first + OWN_WEEKS if first else None

    def told_of(self, unit_id: int) -> Told:
        """What there are figures of, of a unit."""
        rows = FlowFigure.objects.filter(unit=unit_id).order_by()
        told = list(rows.values_list("kind", "area", "grain").distinct())
        return Told(
            sorted({kind for kind, area, _grain in told if area is None and kind != EVERY}),
            sorted({area for _kind, area, _grain in told if area is not None}),
            any(grain == FlowGrain.WEEK for _kind, _area, grain in told),
        )


def own_rows(shown: Iterable[Shown]) -> list[FlowFigure]:
    """The figures of the unit itself, the earliest first."""
    return [one.row for one in shown if one.around is None][::-1]


def latest_run() -> FlowRun | None:
    """When figures were computed last."""
    return FlowRun.objects.order_by("pk").last()
