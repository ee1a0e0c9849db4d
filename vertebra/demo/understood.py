"""What Product Ops made of what it heard, replayed in order of time through the product's own actions."""

import datetime as dt
import heapq
import random
from collections.abc import Callable
from functools import partial

from vertebra.accounts.audit import Tracker
from vertebra.accounts.models import User
from vertebra.demo import content
from vertebra.demo.asked import OPEN_DAYS, Answers, Pulse, own, shipped
from vertebra.demo.content import Sheet
from vertebra.demo.heard import OPS, Heard, Said
from vertebra.demo.hurts import PRODUCT_SIDE, Hurt
from vertebra.demo.rows import Company, at
from vertebra.demo.timeline import months_before
from vertebra.discovery.actions.follow_up import follow_evidence, recount
from vertebra.discovery.actions.pain_points import EvidenceDraft, raise_pain_point
from vertebra.discovery.models import Evidence, PainPoint, Verbatim
from vertebra.evidence.sets import sets
from vertebra.kit.database import learn_sizes
from vertebra.org.models import Field, Membership

Do = Callable[[dt.datetime], None]
ENOUGH_TO_ASK = 8
# After how many steps tables are counted: one that was empty when last counted is read whole for each of its rows.
COUNTED_AFTER = (20, 100, 500, 2_500, 12_500)
# Sets of questions asked again and again: (set, months between two waves, functions, months back of the first).
WAVES: tuple[tuple[str, int, tuple[str, ...], int], ...] = (
    ("well-being", 3, PRODUCT_SIDE, 25),
    ("product-design", 6, ("product", "design", "engineering"), 26),
    ("pm-time", 3, ("product",), 24),
    ("ways-of-working", 6, PRODUCT_SIDE, 15),
)


class Replay:
    """The steps of three years, done the earliest first; a step may plan later ones."""

    def __init__(self, company: Company, hurts: list[Hurt], heard: Heard, chance: random.Random) -> None:
        self.company, self.hurts, self.heard, self.chance = company, hurts, heard, chance
        self.until = company.timeline.until
        self.users = {user.email: user for user in User.objects.all()}
        self.answers = Answers(hurts, [person.id for person in company.cast.values()], chance)
        self.pain_points: dict[str, PainPoint] = {}
        self.hurt_of: dict[int, Hurt] = {}
        self.steps: list[tuple[dt.datetime, int, Do]] = []
        self.planned = 0

    def plan(self, moment: dt.datetime, do: Do) -> None:
        """Do something at a moment, unless that is still to come."""
        if moment <= at(self.until, 8, 0):
            self.planned += 1
            heapq.heappush(self.steps, (moment, self.planned, do))

    def run(self) -> None:
        """Do every step, and count what was heard once all of it was shown."""
        self._plan_words()
        self._plan_waves()
        done = 0
        while self.steps:
            moment, _order, do = heapq.heappop(self.steps)
            do(moment)
            done += 1
            if done in COUNTED_AFTER:
                learn_sizes()
        self.count(at(self.until, 8, 0))

    def who(self, day: dt.date) -> User:
        """Who of Product Ops was there that day, or came first."""
        key = self.company.there_on(OPS, day) or "ines"
        return self.users[self.company.cast[key].email]

    def count(self, now: dt.datetime) -> None:
        """Count what shows each pain point, and say whom it hurts."""
        rows = list(self.pain_points.values())
        for row in rows:
            row.refresh_from_db()
        recount(rows, now)
        for row in rows:
            follow_evidence(Tracker(), row, now)

    def _plan_words(self) -> None:
        words = Verbatim.objects.in_bulk()
        for one in sorted(self.heard.said, key=lambda one: (one.day, one.verbatim)):
            self.plan(at(one.day, 18, 30), partial(self._show, one, words[one.verbatim]))

    def _show(self, one: Said, verbatim: Verbatim, now: dt.datetime) -> None:
        """Words show a pain point: the first of them raise it."""
        known = self.pain_points.get(one.hurt.key)
        if known is None:
            known = raise_pain_point(
                actor=self.who(one.day),
                title=one.hurt.title,
                language="fr",
                description=one.hurt.description,
                evidence=[EvidenceDraft(verbatim=verbatim, seen_on=one.day)],
                field=Field.objects.order_by("position")[one.hurt.field],
                severity=one.hurt.severity,
                now=now,
            )
            self.pain_points[one.hurt.key] = known
            self.hurt_of[known.pk] = one.hurt
            return
        Evidence.objects.create(
            pain_point=known,
            verbatim=verbatim,
            person_id=one.work.person.id,
            function=one.work.function,
            unit_id=one.work.unit.id,
            seen_on=one.day,
            made_by=self.who(one.day),
            made_at=now,
        )

    def _plan_waves(self) -> None:
        for code, every, functions, first in WAVES:
            for ago in range(first, 0, -every):
                day = months_before(self.until, ago) + dt.timedelta(days=6)
                self.plan(at(day, 9, 0), partial(self._shipped, code, functions))
        recent = at(self.until - dt.timedelta(days=4), 9, 0)
        self.plan(recent, partial(self._shipped, "ways-of-working", PRODUCT_SIDE))
        for sheet in content.listening()["pulse"]:
            for ago in range(sheet["first"], 0, -sheet["every"]):
                day = months_before(self.until, ago) + dt.timedelta(days=9)
                self.plan(at(day, 9, 0), partial(self._own, sheet))
            self.plan(recent, partial(self._own, sheet))

    def _shipped(self, code: str, functions: tuple[str, ...], now: dt.datetime) -> None:
        self._wave(shipped(sets()[code], functions, self.hurts), now)

    def _own(self, sheet: Sheet, now: dt.datetime) -> None:
        units = self.company.structure.units
        there = [units[key].id for key in sheet["units"] if key in units and units[key].is_open(now.date())]
        if there:
            self._wave(own(sheet, there, self.hurts), now)

    def _wave(self, pulse: Pulse, now: dt.datetime) -> None:
        """Put a pulse to its people, where enough can be asked; the latest wave is still open."""
        day = now.date()
        there = Membership.objects.as_of(day).filter(function__in=pulse.audience.functions)
        if there.values("person").distinct().count() >= ENOUGH_TO_ASK:
            is_open = day + dt.timedelta(days=OPEN_DAYS) >= self.until
            self.answers.wave(self.who(day), pulse, day, is_open=is_open)
