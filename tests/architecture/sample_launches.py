"""Launches for the walk: a project with its parts, a playbook published and drafted, a launch that learnt something."""

import datetime as dt
from typing import Any

from tests import world
from tests.architecture.addresses import Address
from vertebra.accounts.models import User
from vertebra.accounts.tokens import digest_of
from vertebra.org.models import Market, Person
from vertebra.roadmap.actions import launches, playbooks
from vertebra.roadmap.actions.counters import add_counter, record_counts
from vertebra.roadmap.actions.initiatives import create_initiative
from vertebra.roadmap.actions.parity import add_feature
from vertebra.roadmap.actions.readiness import say_readiness
from vertebra.roadmap.actions.workstreams import add_gate, add_workstream
from vertebra.roadmap.models import Feature, ReadinessAsk
from vertebra.roadmap.queries.count_files import CountRow

PAGES = (
    "roadmap:project-",
    "roadmap:workstream-",
    "roadmap:counter-",
    "roadmap:count-",
    "roadmap:gate-",
    "roadmap:playbook-",
    "roadmap:launch-",
    "roadmap:readiness-",
    "roadmap:parity",
    "roadmap:feature-",
)
SECRET = "8" * 64


class SampleLaunches:
    """What the addresses of projects, playbooks and launches name."""

    def __init__(self, actor: User, reader: Person) -> None:
        # A reader changes what they lead, and nothing else.
        given: dict[str, Any] = {"actor": actor, "now": world.NOW}
        self.project = create_initiative(
            kind="transverse", title="Walk together", language="en", lead=reader, **given
        )  # fmt: skip
        add_workstream(initiative=self.project, title="Shoes", function="operations", **given)
        add_gate(initiative=self.project, title="The first mile", **given)
        self.counter = add_counter(initiative=self.project, name="Miles", total=100, **given)
        rows = [CountRow(world.TODAY - dt.timedelta(days=7 * at), 60 - 10 * at, 100) for at in range(1, 6)]
        record_counts(counter=self.counter, rows=rows, **given)
        self.book = playbooks.create_playbook(title="", language="en", shipped="open-country", **given)
        version = self.book.versions.get()
        self.draft = playbooks.draft_version(playbook=self.book, **given)
        self.market = Market.objects.order_by("pk")[0]
        self.launch = launches.start_launch(
            version=version, market=self.market, target_on=world.TODAY + dt.timedelta(days=90), language="en", lead=reader,
            **given,
        )  # fmt: skip
        self.step = self.launch.steps.all()[0]
        launches.change_step(step=self.step, changes={"lesson": "Walk earlier."}, **given)
        say_readiness(
            launch=self.launch, domain=self.step.domain, readiness="with_risks", note="Rain.", person=None, **given
        )  # fmt: skip
        ReadinessAsk.objects.create(
            launch=self.launch, person=reader, digest=digest_of(SECRET), asked_at=world.NOW,
            expires_at=world.NOW + dt.timedelta(days=9),
        )  # fmt: skip
        add_feature(name="A walk", **given)

    def of(self, address: Address, name: str) -> object:
        """The sample for one parameter of one of these addresses."""
        if name == "step_id":
            return (self.draft.steps.all()[0] if "playbook" in address.name else self.step).pk
        return {
            "initiative_id": self.project.pk,
            "workstream_id": self.project.workstreams.all()[0].pk,
            "counter_id": self.counter.pk,
            "gate_id": self.project.gates.all()[0].pk,
            "playbook_id": self.book.pk,
            "version_id": self.draft.pk,
            "launch_id": self.launch.pk,
            "feature_id": Feature.objects.all()[0].pk,
            "market_id": self.market.pk,
            "token": SECRET,
        }[name]
