"""The quarterly table for the walk: topics, objectives, a table collected, ranked, shown, published; its room and links."""

import datetime as dt

from django.db import transaction

from tests import world
from tests.architecture.addresses import Address
from vertebra.accounts.actions.shared_links import share_page
from vertebra.accounts.models import User
from vertebra.accounts.tokens import digest_of
from vertebra.org.empty_spaces import person_of
from vertebra.org.models import Person
from vertebra.roadmap.actions import cycles
from vertebra.roadmap.actions.cycle_rooms import open_room
from vertebra.roadmap.actions.decisions import decide_rest
from vertebra.roadmap.actions.objectives import set_objective
from vertebra.roadmap.actions.ranking_drafts import save_draft
from vertebra.roadmap.actions.rankings import cast_ranking
from vertebra.roadmap.actions.seats import add_seat
from vertebra.roadmap.actions.topics import put_on_table, raise_topic
from vertebra.roadmap.models import Cycle, Decision, Seat, Topic
from vertebra.roadmap.queries.topic_links import LINK_PAGE

PAGES = ("roadmap:topic-", "roadmap:objective-", "roadmap:cycle-", "roadmap:seat-", "roadmap:rank-", "roadmap:room-",
         "roadmap:decision-", "roadmap:arbitration")  # fmt: skip
SECRET = "7" * 64
COLLECTED = (
    "cycle-freezing",
    "cycle-table",
    "cycle-archiving",
    "cycle-ballots",
    "cycle-ballot-removal",
    "cycle-edit",
)
RANKED = ("cycle-rank", "cycle-room", "seat-", "cycle-reveal")
SHOWN = ("arbitration", "decision-create", "decision-rest", "cycle-publishing", "cycle-result")


class SampleTables:
    """What the addresses of the quarterly table name."""

    def __init__(self, actor: User, users: list[User]) -> None:
        self.actor, self.users = actor, users
        day = world.TODAY
        self.objective = set_objective(
            actor=actor, title="Walk further", language="fr", starts_on=day, ends_on=day + dt.timedelta(days=90),
            now=world.NOW,
        )  # fmt: skip
        self.topics = [
            raise_topic(actor=actor, title=f"Topic of the walk {number}", language="fr", now=world.NOW)
            for number in range(5)
        ]
        self.loose = self.topics.pop()
        # Whoever raised a topic says it better; whoever holds a seat lets somebody else rank.
        self.own = {
            user.pk: raise_topic(actor=user, title=f"Topic of {user.name}", language="fr", now=world.NOW)
            for user in users
        }
        self.link, self.raised = share_page(
            actor=actor, page=LINK_PAGE, name="The walk", days=9, now=world.NOW
        )
        self.published = self._cycle("published")
        self.decision = Decision.objects.filter(cycle=self.published)[0]
        self.shown, self.ranked = self._cycle("shown"), self._cycle("ranked")
        self.frozen, self.collected = self._cycle("frozen"), self._cycle("collected")
        _entry, self.room = open_room(actor=actor, cycle=self.ranked, now=world.NOW)
        self.seat = self.ranked.seats.order_by("pk")[0]
        Seat.objects.filter(pk=self.seat.pk).update(digest=digest_of(SECRET))

    def _cycle(self, until: str) -> Cycle:
        day, actor, now = world.TODAY, self.actor, world.NOW
        values = cycles.CycleValues(
            title=f"Table {until}", language="fr", starts_on=day, ends_on=day + dt.timedelta(days=90),
            freezes_on=day, ranks_until=day + dt.timedelta(days=9), quorum=1,
        )  # fmt: skip
        cycle = cycles.open_cycle(actor=actor, values=values, now=now)
        for user in self.users:
            person = person_of(user) or Person.objects.create(
                name=user.name, name_folded=user.name.casefold(), user=user, created_at=now
            )
            user._person = person  # type: ignore[attr-defined]
            add_seat(actor=actor, cycle=cycle, person=person, function="product", now=now)
        put_on_table(actor=actor, cycle=cycle, topics=self.topics, now=now)
        for name in ("frozen", "ranked", "shown", "published"):
            if until != "collected":
                self._go(cycle, name)
            if until in {"collected", name}:
                break
        cycle.refresh_from_db()
        return cycle

    def _go(self, cycle: Cycle, to: str) -> None:
        actor, now = self.actor, world.NOW
        if to == "frozen":
            cycles.freeze_table(actor=actor, cycle=cycle, now=now)
        elif to == "ranked":
            cycles.open_ranking(actor=actor, cycle=cycle, now=now)
            seat = cycle.seats.order_by("-pk")[0]
            order = [topic.pk for topic in self.topics]
            with transaction.atomic():
                save_draft(seat=seat, by=seat.person, order=order, scores={}, revision=0, now=now)
            cast_ranking(actor=actor, seat=seat, by=seat.person, now=now)
        elif to == "shown":
            cycles.reveal_rankings(actor=actor, cycle=cycle, now=now)
        else:
            decide_rest(actor=actor, cycle=cycle, why="Walked", language="fr", now=now)
            cycles.publish_cycle(actor=actor, cycle=cycle, now=now)

    def of(self, address: Address, name: str, mine: User) -> object:
        """The sample for one parameter of one of these addresses."""
        short = address.name.removeprefix("roadmap:")
        if name == "cycle_id":
            return self._cycle_of(short).pk
        if name == "topic_id":
            if short == "topic-edit":
                return self.own[mine.pk].pk
            topic: Topic = self.loose if short in {"topic-archiving", "topic-join"} else self.topics[0]
            return topic.pk
        if short == "seat-delegation" and name == "seat_id":
            return self.ranked.seats.get(person__user=mine).pk
        if name == "token":
            return {"topic-by-link": self.raised, "rank-by-link": SECRET}.get(short, self.room)
        return {
            "objective_id": self.objective.pk,
            "link_id": self.link.object_id,
            "seat_id": self.seat.pk,
            "decision_id": self.decision.pk,
        }[name]

    def _cycle_of(self, short: str) -> Cycle:
        if short in COLLECTED:
            return self.collected
        if short == "cycle-opening":
            return self.frozen
        if short.startswith(RANKED) and short != "cycle-ranks":
            return self.ranked
        return self.shown if short in SHOWN else self.published
