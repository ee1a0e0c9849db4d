"""Flow for the walk: five hundred places of work, three years of figures of a unit with all inside it, a hand-over."""

import datetime as dt

from tests import world
from vertebra.accounts.models import User
from vertebra.evidence.actions.flow import open_flow
from vertebra.evidence.models import FlowFigure, FlowRun, HandOverQuestion, WorkPlace
from vertebra.org.models import UnitVersion
from vertebra.sources.models import Source

LONG_AGO = world.NOW - dt.timedelta(days=60)
STATUSES = [[f"Step {number}", 0.08] for number in range(12)]


class SampleFlow:
    """What the addresses of flow name."""

    def __init__(self, actor: User, source: Source) -> None:
        units = list(
            UnitVersion.objects.as_of(world.TODAY).order_by("parent_id", "pk").values_list("unit", flat=True)
        )
        self.unit = units[0]
        WorkPlace.objects.bulk_create(
            WorkPlace(source=source, way="component", value=f"Place {n}", count=n, weight=n)
            for n in range(500)
        )
        open_flow(actor=actor, unit=None, kind="practice", object_id=1, why="We look together.", now=LONG_AGO)
        FlowFigure.objects.bulk_create(
            _figure(unit, number, kind)
            for unit in [self.unit, *units[1:200]]
            for number in range(36 if unit == self.unit else 1)
            for kind in (("", "Bug", "Story") if unit == self.unit else ("",))
        )
        FlowRun.objects.create(stamp="", computed_at=LONG_AGO, fields={str(source.pk): ["status", "team"]})
        whole = {"group": "", "hours": 9.0, "steps": {f"Step {number}": 0.12 for number in range(8)}}
        hands = {
            "items": 7_000, "alone": 0.5, "two": 0.3, "more": 0.2, "came_back": 0.2, "handed": 1.5,
            "together": [[["L1", "L2"], 0.5], [[], 0.5]],
        }  # fmt: skip
        self.question = HandOverQuestion.objects.create(
            source=source, field="team", steps="status", first_at=LONG_AGO, computed_at=LONG_AGO,
            figures={"hands": hands, "whole": whole, "standings": [{**whole, "group": f"G{n}"} for n in range(40)]},
        )  # fmt: skip


def _figure(unit: int, number: int, kind: str) -> FlowFigure:
    """A month of a unit."""
    return FlowFigure(
        unit_id=unit, kind=kind, grain="month", starts_on=world.TODAY - dt.timedelta(days=28 * number + 40), weeks=4,
        first_at=LONG_AGO, finished=90, lead_50=90, lead_85=200, lead_95=400, cycle_50=40, cycle_85=90, cycle_95=200,
        todo=900, doing=1200, waiting=3000, blocked=20, reopened=0.1, handed=1.4, handed_back=0.2, team_handed=0.2,
        team_back=0.1, carried=0.3, late=0.4, late_days=3, statuses=STATUSES, under_way=40, age_50=9, age_85=40,
    )  # fmt: skip
