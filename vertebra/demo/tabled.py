"""The quarterly table, two years of it: topics raised and relayed, ranked by the directors, decided, answered."""

import datetime as dt
import random
from collections import Counter
from functools import partial

from django.db.models import Count
from django.utils.formats import date_format

from vertebra.accounts import audit
from vertebra.accounts.labels import Kind
from vertebra.demo import content
from vertebra.demo.content import Sheet
from vertebra.demo.hurts import Hurt
from vertebra.demo.plans import Employee
from vertebra.demo.rows import LANGUAGE, at
from vertebra.demo.timeline import months_before
from vertebra.demo.understood import Replay
from vertebra.demo.undertaken import Undertakings
from vertebra.discovery.labels import PainState
from vertebra.evidence.asks import note_asks
from vertebra.measures.queries.periods import next_period
from vertebra.org.models import EmptySpace, Person
from vertebra.roadmap.actions.cycles import (
    CycleValues,
    freeze_table,
    open_cycle,
    open_ranking,
    publish_cycle,
    reveal_rankings,
)
from vertebra.roadmap.actions.decisions import decide, decide_rest
from vertebra.roadmap.actions.objectives import set_objective
from vertebra.roadmap.actions.seats import follow_leavers
from vertebra.roadmap.actions.topics import add_voice, put_on_table, raise_topic
from vertebra.roadmap.labels.topics import TopicState, Verdict
from vertebra.roadmap.models import Answer, Cycle, Decision, Objective, Ranking, Topic
from vertebra.roadmap.queries.decisions import unanswered
from vertebra.roadmap.queries.seats import directors_on

QUARTERS, FEW_QUARTERS = 8, 4
PICKS, MOST_RAISED, MOST_VOICES = 5, 5, 6
# What was put off so often stays on the list of what is not done now.
MOST_REFUSALS, MOST_ON_TABLE, DECLINES = 3, 12, 0.6
FROZEN_FOR, RANKED_FOR = 5, 12
CHOSEN, FEWEST_CHOSEN, HALF_CAST = 3, 2, 0.5
# How much a note weighs for whoever it comes from, and for others.
MINE, OTHERS, TASTE = 0.75, 0.42, 0.16


class Tables:
    """Plans every table, the topics that come to it, and what is decided."""

    def __init__(self, replay: Replay, doing: Undertakings, chance: random.Random) -> None:
        self.replay, self.doing, self.chance = replay, doing, chance
        self.company, self.until = replay.company, replay.until
        self.sheets: dict[int, Sheet] = {}
        self.hurt_of: dict[int, Hurt] = {}
        self.points: dict[int, Counter[int]] = {}
        self.work = {sheet["hurt"]: sheet for sheet in content.acting()["work"]}

    def plan(self) -> None:
        """Objectives of each half-year, notes on their day, one table a quarter; the latest is being ranked."""
        for number, half in enumerate(content.acting()["objectives"]):
            self._plan_objectives(number, half["goals"])
        for sheet in content.acting()["note"]:
            day = months_before(self.until, int(sheet["ago"])) - dt.timedelta(
                days=round(sheet["ago"] % 1 * 30)
            )
            self.replay.plan(at(day, 14), partial(self._note, sheet))
        quarters = QUARTERS if self.company.profile.has_tribes else FEW_QUARTERS
        for ago in range(quarters, -1, -1):
            self._plan_table(months_before(self.until - dt.timedelta(days=FROZEN_FOR), 3 * ago))

    def _plan_objectives(self, number: int, goals: list[list[str]]) -> None:
        first = dt.date(self.until.year, 1 if self.until.month < 7 else 7, 1)
        starts_on = next_period(first, "month", -6 * number)
        ends_on = next_period(starts_on, "month", 6) - dt.timedelta(days=1)
        self.replay.plan(at(starts_on, 9), partial(self._objectives, starts_on, ends_on, goals))

    def _objectives(
        self, starts_on: dt.date, ends_on: dt.date, goals: list[list[str]], now: dt.datetime
    ) -> None:
        for title, words, key in goals:
            owner = self.company.cast.get(key)
            is_there = owner is not None and owner.is_present(starts_on)
            set_objective(
                actor=self.replay.who(starts_on),
                title=title,
                description=words,
                language=LANGUAGE,
                starts_on=starts_on,
                ends_on=ends_on,
                owner=Person.objects.get(pk=owner.id) if owner and is_there else None,
                now=now,
            )

    def _plan_table(self, freezes_on: dt.date) -> None:
        plan, day = self.replay.plan, dt.timedelta(days=1)
        held: list[Cycle] = []
        plan(at(freezes_on - 30 * day, 9, 30), partial(self._open, held, freezes_on))
        plan(at(freezes_on - 20 * day, 10), partial(self._raise, held))
        plan(at(freezes_on - day, 17), partial(self._collect, held))
        plan(at(freezes_on, 18), partial(self._freeze, held))
        plan(at(freezes_on + day, 9), partial(self._ask, held))
        plan(at(freezes_on + 3 * day, 19), partial(self._rank, held))
        revealed = freezes_on + (RANKED_FOR + 1) * day
        plan(at(revealed, 14), partial(self._reveal, held))
        plan(at(revealed + day, 15), partial(self._decide, held))
        plan(at(revealed + 2 * day, 10), partial(self._publish, held))

    def _open(self, held: list[Cycle], freezes_on: dt.date, now: dt.datetime) -> None:
        seats = len(directors_on(now.date()))
        if not seats:
            return
        starts_on = next_period((freezes_on + dt.timedelta(days=15)).replace(day=1), "month")
        values = CycleValues(
            title=f"Table de {date_format(starts_on, 'F Y')}",
            language=LANGUAGE,
            starts_on=starts_on,
            ends_on=next_period(starts_on, "month", 3) - dt.timedelta(days=1),
            freezes_on=freezes_on,
            ranks_until=freezes_on + dt.timedelta(days=RANKED_FOR),
            picks=PICKS,
            quorum=min(3, seats),
            capacity_days=60 if self.company.profile.has_tribes else 25,
        )
        held.append(open_cycle(actor=self.replay.who(now.date()), values=values, now=now))

    def _raise(self, held: list[Cycle], now: dt.datetime) -> None:
        """What hurts most and is confirmed becomes a topic, relayed for some of those who said it."""
        if not held:
            return
        known = set(self.hurt_of)
        raised = set(Topic.objects.filter(pk__in=known).values_list("origin_id", flat=True))
        waiting = []
        for key, point in self.replay.pain_points.items():
            point.refresh_from_db()
            hurt = self.replay.hurt_of[point.pk]
            if point.state == PainState.CONFIRMED and point.pk not in raised and key in self.work:
                waiting.append((max(hurt.seen(function, now.date()) for function in hurt.says), hurt, point))
        for _level, hurt, point in sorted(waiting, key=lambda one: -one[0])[:MOST_RAISED]:
            self._relay(hurt, point.pk, now)

    def _relay(self, hurt: Hurt, point: int, now: dt.datetime) -> None:
        said = sorted(
            {
                one.work.person.id
                for one in self.replay.heard.said
                if one.hurt is hurt and one.day < now.date()
            }
        )
        actor, work = self.replay.who(now.date()), self.work[hurt.key]
        topic = None
        for person in self.chance.sample(said, min(len(said), self.chance.randint(2, MOST_VOICES))):
            topic = raise_topic(
                actor=actor,
                title=hurt.title,
                description=hurt.description,
                language=LANGUAGE,
                origin=(Kind.PAIN_POINT, point),
                person=Person.objects.get(pk=person),
                relay=True,
                effort_days=work["days"],
                objective=self._objective(now.date()),
                now=now,
            )
        if topic is not None:
            self.sheets[topic.pk], self.hurt_of[topic.pk] = work, hurt

    def _objective(self, day: dt.date) -> Objective | None:
        found = list(Objective.objects.filter(starts_on__lte=day, ends_on__gte=day).order_by("pk"))
        return self.chance.choice([*found, None]) if found else None

    def _note(self, sheet: Sheet, now: dt.datetime) -> None:
        """Two lines that anybody sends; others who see the same stand behind them."""
        people = [self._somebody(sheet["by"], now.date()) for _ in range(self.chance.randint(1, 4))]
        topic = None
        for person in {one.id: one for one in people if one is not None}.values():
            if topic is not None:
                actor = self.replay.who(now.date())
                add_voice(
                    actor=actor, topic=topic, relay=True, person=Person.objects.get(pk=person.id), now=now
                )
                continue
            topic = raise_topic(
                actor=None,
                title=sheet["title"],
                description=sheet["text"],
                language=LANGUAGE,
                person=Person.objects.get(pk=person.id),
                effort_days=sheet["days"],
                now=now,
            )
        if topic is not None:
            self.sheets[topic.pk] = sheet

    def _somebody(self, functions: list[str], day: dt.date) -> Employee | None:
        there = [p for p in self.company.people if p.seat.function in functions and p.is_present(day)]
        named = [person for person in there if person.cast_key]
        return self.chance.choice(named if named and self.chance.random() < 0.3 else there) if there else None

    def _collect(self, held: list[Cycle], now: dt.datetime) -> None:
        waiting = Topic.objects.filter(
            state__in=(TopicState.RAISED, TopicState.NOT_NOW), pk__in=self.sheets, archived_at=None
        )
        given_up = Decision.objects.filter(verdict=Verdict.DISPLACED).values("topic")
        waiting = waiting.annotate(refusals=Count("decisions")).filter(refusals__lt=MOST_REFUSALS)
        rows = list(waiting.exclude(pk__in=given_up).order_by("-people_count", "pk")[:MOST_ON_TABLE])
        if held and len(rows) > 1:
            put_on_table(actor=self.replay.who(now.date()), cycle=held[0], topics=rows, now=now)
        else:
            held.clear()

    def _freeze(self, held: list[Cycle], now: dt.datetime) -> None:
        if held:
            freeze_table(actor=None, cycle=held[0], now=now)

    def _ask(self, held: list[Cycle], now: dt.datetime) -> None:
        """The directors are asked; their links are of chance and left out: here the same day gives the same rows."""
        if not held:
            return
        open_ranking(actor=self.replay.who(now.date()), cycle=held[0], now=now)
        held[0].seats.filter(ended_at=None).update(invited_at=now)
        people = held[0].seats.order_by("person").values_list("person", flat=True)
        note_asks(list(people), Kind.CYCLE, held[0].pk, now)

    def _rank(self, held: list[Cycle], now: dt.datetime) -> None:
        """Each director orders what weighs most seen from their function; today some have not yet."""
        if not held:
            return
        is_current = held[0].ranks_until >= self.until
        cast = {person.id for person in self.company.cast.values()}
        topics = [row.topic for row in held[0].table.select_related("topic").order_by("position")]
        seats = list(held[0].seats.filter(ended_at=None).select_related("person").order_by("pk"))
        # Where all directors are of the cast, the last of them has ranked.
        waited = (
            cast if any(seat.person_id not in cast for seat in seats) else {s.person_id for s in seats[:-1]}
        )
        rows = []
        for seat in seats:
            if is_current and (
                seat.person_id in waited or (waited is cast and self.chance.random() > HALF_CAST)
            ):
                continue
            moment = now + dt.timedelta(
                minutes=self.chance.randint(0, 50 * 60 if is_current else 7 * 24 * 60)
            )
            weighed = sorted(topics, key=lambda topic: -self._weight(topic, seat.function, now.date()))
            rows.append(
                Ranking(
                    cycle=held[0],
                    seat=seat,
                    function=seat.function,
                    order=[topic.pk for topic in weighed[:PICKS]],
                    cast_by=seat.person,
                    cast_at=moment,
                    done_at=moment,
                )
            )
        Ranking.objects.bulk_create(rows, batch_size=200)

    def _weight(self, topic: Topic, function: str, day: dt.date) -> float:
        hurt = self.hurt_of.get(topic.pk)
        if hurt is not None:
            return hurt.seen(function, day) + self.chance.gauss(0, TASTE)
        base = MINE if function in self.sheets[topic.pk]["by"] else OTHERS
        return base + self.chance.gauss(0, TASTE)

    def _reveal(self, held: list[Cycle], now: dt.datetime) -> None:
        if held:
            follow_leavers(actor=None, cycle=held[0], now=now)
            reveal_rankings(actor=self.replay.who(now.date()), cycle=held[0], now=now)

    def _decide(self, held: list[Cycle], now: dt.datetime) -> None:
        """What the rankings put first is chosen, one of the last declined now and then, the rest is for later."""
        if not held:
            return
        points: Counter[int] = Counter({row.topic_id: 0 for row in held[0].table.all()})
        for ranking in held[0].rankings.order_by("pk"):
            for place, topic in enumerate(ranking.order):
                points[topic] += PICKS - place
        ordered = [pk for pk, _points in sorted(points.items(), key=lambda one: (-one[1], one[0]))]
        many = min(self.chance.choice((FEWEST_CHOSEN, CHOSEN, CHOSEN)), len(ordered) - 1)
        people = [seat.person for seat in held[0].seats.select_related("person").order_by("pk")]
        people = [person for person in people if person.is_present(now.date())]
        for pk in ordered[:many]:
            self._choose(held[0], Topic.objects.get(pk=pk), people, now)
        last = Topic.objects.get(pk=ordered[-1])
        if last.pk not in self.hurt_of and len(ordered) > many + 1 and self.chance.random() < DECLINES:
            why = self.chance.choice(content.acting()["decision"]["declined"])
            self._say(held[0], last, Verdict.DECLINED, "Nous ne le ferons pas.", why, people, now)
        why = self.chance.choice(content.acting()["decision"]["not_now"])
        if Decision.objects.filter(cycle=held[0], replaced_by=None).count() < len(ordered):
            actor = self.replay.who(now.date())
            decide_rest(actor=actor, cycle=held[0], why=why, language=LANGUAGE, now=now)

    def _choose(self, cycle: Cycle, topic: Topic, people: list[Person], now: dt.datetime) -> None:
        sheet, words = self.sheets[topic.pk], content.acting()["decision"]
        what, why = sheet.get("says") or f"{sheet['does']}.", sheet.get("why") or words["chosen_note"]
        dissent = ""
        if people and self.chance.random() < 0.5:
            dissent = self.chance.choice(words["dissent"]).format(name=self.chance.choice(people).name)
        self._say(cycle, topic, Verdict.CHOSEN, what, why, people, now, sheet.get("other", ""), dissent)

    def _say(
        self,
        cycle: Cycle,
        topic: Topic,
        verdict: str,
        what: str,
        why: str,
        people: list[Person],
        now: dt.datetime,
        other: str = "",
        dissent: str = "",
    ) -> None:
        decide(
            actor=self.replay.who(now.date()),
            topic=topic,
            cycle=cycle,
            verdict=verdict,
            what=what,
            why=why,
            alternatives=other,
            dissent=dissent,
            decided_by=people[:12],
            language=LANGUAGE,
            now=now,
        )

    def _publish(self, held: list[Cycle], now: dt.datetime) -> None:
        if not held:
            return
        publish_cycle(actor=self.replay.who(now.date()), cycle=held[0], now=now)
        self.answer(now + dt.timedelta(hours=3))
        rows = Decision.objects.filter(cycle=held[0], verdict=Verdict.CHOSEN, replaced_by=None)
        for decision in rows.select_related("topic").order_by("pk"):
            sheet = self.sheets[decision.topic_id]
            self.replay.plan(
                now + dt.timedelta(days=self.chance.randint(4, 12)),
                partial(self.doing.carry, decision, sheet, self.hurt_of.get(decision.topic_id)),
            )

    def answer(self, now: dt.datetime) -> None:
        """Everybody who raised or relayed what was decided is told, once; long past, so no message waits for them."""
        due = unanswered()
        Answer.objects.bulk_create([Answer(decision=d, voice=v, told_at=now) for d, v in due], batch_size=200)
        if due:
            people = {voice.person_id for _decision, voice in due}
            told = {"count": len(due), "people": len(people)}
            audit.record(actor=None, verb="tell", kind=Kind.DECISION, now=now, particulars=told)

    def raise_spaces(self, now: dt.datetime) -> None:
        """The largest spaces that nobody owns wait for the next table."""
        for space in EmptySpace.objects.order_by("pk")[:2]:
            raise_topic(
                actor=self.replay.who(now.date()),
                title=f"Personne ne répond de ceci : {space}"[:200],
                language=LANGUAGE,
                origin=(Kind.EMPTY_SPACE, space.pk),
                now=now,
            )
