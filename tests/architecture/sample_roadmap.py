"""Initiatives for the walk: one under way with all that belongs to it, a view shared by a link, a word asked by mail."""

import datetime as dt
from typing import Any

from tests import world
from tests.architecture.addresses import Address
from vertebra.accounts.models import User
from vertebra.accounts.tokens import digest_of
from vertebra.discovery.models import QuickWin
from vertebra.org.models import Person
from vertebra.roadmap.actions.initiatives import create_initiative, involve
from vertebra.roadmap.actions.particulars import add_risk, add_web_link
from vertebra.roadmap.actions.sharing import share_roadmap
from vertebra.roadmap.actions.states import start_initiative
from vertebra.roadmap.actions.words import say_word
from vertebra.roadmap.models import WordAsk

PAGES = (
    "roadmap:initiative-",
    "roadmap:board",
    "roadmap:state-board",
    "roadmap:timeline",
    "roadmap:change-",
    "roadmap:slip-",
    "roadmap:roadmap-",
    "roadmap:word-",
    "roadmap:quick-win-",
)
WORD = "7" * 64


class SampleRoadmap:
    """What the addresses of initiatives name."""

    def __init__(self, actor: User, quick_win: QuickWin, lead: Person) -> None:
        self.quick_win = quick_win
        people = [lead, Person.objects.exclude(pk=lead.pk).order_by("pk")[0]]
        given: dict[str, Any] = {"actor": actor, "language": "en", "now": world.NOW}
        self.row = create_initiative(
            kind="operating_model", title="Walk the roadmap", lead=people[0],
            due_on=world.TODAY + dt.timedelta(days=40), **given,
        )  # fmt: skip
        start_initiative(actor=actor, initiative=self.row, reason="A walk counts nothing.", now=world.NOW)
        say_word(person=people[0], initiative=self.row, pace="at_risk", line="Nearly there.", **given)
        add_risk(initiative=self.row, title="Rain", **given)
        add_web_link(actor=actor, initiative=self.row, url="https://example.org/walk", now=world.NOW)
        involve(actor=actor, initiative=self.row, who=people[1:], part="builder", now=world.NOW)
        entry, self.shared = share_roadmap(
            actor=actor, name="The walk", days=9, query={"view": "timeline"}, now=world.NOW
        )
        self.link = entry.object_id
        WordAsk.objects.create(
            person=people[0], month=world.TODAY.replace(day=1), digest=digest_of(WORD), asked_at=world.NOW,
            expires_at=world.NOW + dt.timedelta(days=9),
        )  # fmt: skip

    def of(self, address: Address, name: str) -> object:
        """The sample for one parameter of one of these addresses."""
        if name == "token":
            return WORD if "word" in address.name else self.shared
        return {"initiative_id": self.row.pk, "link_id": self.link, "quick_win_id": self.quick_win.pk}[name]
