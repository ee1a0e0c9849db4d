"""Incidents, work items, ratios and levers for the walk: one handled with what follows, a large trail, each ratio."""

import datetime as dt

from tests import world
from tests.architecture.addresses import Address
from tests.architecture.sample_flow import SampleFlow
from vertebra.accounts.models import User
from vertebra.evidence.actions.follow_ups import add_follow_up
from vertebra.evidence.actions.incidents import IncidentValues, note_rework, record_incident
from vertebra.evidence.models import FollowUpAction, ProcessRework, TrailVersion
from vertebra.measures.actions.levers import create_lever
from vertebra.measures.actions.metrics import MetricValues, create_metric
from vertebra.measures.actions.ratios import adopt_ratios, record_ratios
from vertebra.measures.models import RatioRule
from vertebra.org.models import Person
from vertebra.sources.models import Source

PAGES = (
    "evidence:incident-", "evidence:rework-", "evidence:trail-", "evidence:flow-", "evidence:hand-overs-", "measures:ratio-", "measures:lever-", "measures:plan-",
)  # fmt: skip


class SampleIncidents:
    """What the addresses of incidents, ratios and levers name."""

    def __init__(self, actor: User, owner: Person) -> None:
        for number in range(14):
            began = world.NOW - dt.timedelta(days=20 * number + 1)
            values = IncidentValues(
                title=f"The walk stumbles {number}", started_at=began, language="en", manager=owner,
                resolved_at=began + dt.timedelta(hours=2), told_at=began + dt.timedelta(hours=1),
            )  # fmt: skip
            self.incident = record_incident(actor=actor, values=values, now=world.NOW)
            add_follow_up(
                actor=actor, incident=self.incident, title="Mind the step", owner=owner, due_on=world.TODAY,
                now=world.NOW,
            )  # fmt: skip
        self.trail = _trail(actor)
        self.flow = SampleFlow(actor, self.trail.source)
        note_rework(
            actor=actor, title="Walk slowly", language="en", starts_on=world.TODAY - dt.timedelta(days=120),
            now=world.NOW,
        )  # fmt: skip
        if not RatioRule.objects.exists():
            adopt_ratios(actor=actor, language="en", now=world.NOW)
        record_ratios(actor=actor, now=world.NOW)
        driver, outcome = (
            create_metric(actor=actor, values=MetricValues(name=name, language="en"), now=world.NOW)
            for name in ("Steps", "Miles")
        )
        self.lever = create_lever(actor=actor, driver=driver, outcome=outcome, now=world.NOW)

    def of(self, address: Address, name: str) -> object:
        """The sample for one parameter of one of these addresses."""
        return {
            "source_id": self.trail.source_id,
            "unit_id": self.flow.unit,
            "question_id": self.flow.question.pk,
            "incident_id": self.incident.pk,
            "follow_up_id": FollowUpAction.objects.filter(incident=self.incident).get().pk,
            "rework_id": ProcessRework.objects.latest("pk").pk,
            "ratio_id": RatioRule.objects.order_by("pk")[0].pk,
            "lever_id": self.lever.pk,
        }[name]


def _trail(actor: User) -> TrailVersion:
    """The work items of a company that has a hundred projects and statuses."""
    many = [{"name": f"Step {n}", "category": "doing", "count": 1_000 - n} for n in range(100)]
    return TrailVersion.objects.create(
        source=Source.objects.create(name="The walk's tracker", made_by=actor, made_at=world.NOW), number=1, files={}, made_by=actor, made_at=world.NOW,
        counts={"items": 180_000, "changes": 2_000_000, "links": 9, "sprints": 9, "comments": 9},
        earliest_at=world.NOW - dt.timedelta(days=900), latest_at=world.NOW,
        parts={"projects": many, "kinds": many[:9], "statuses": many},
    )  # fmt: skip
