"""What came in the middle of a quarter after a spring of incidents: decided at once, what it displaced, what it changed."""

import datetime as dt
from functools import partial

from vertebra.accounts.labels import Kind
from vertebra.demo import content
from vertebra.demo.broken import Incidents
from vertebra.demo.rows import LANGUAGE, at
from vertebra.demo.tabled import Tables
from vertebra.demo.timeline import months_before
from vertebra.demo.understood import Replay
from vertebra.demo.undertaken import Undertakings
from vertebra.evidence.actions.incidents import note_rework
from vertebra.org.models import Person
from vertebra.roadmap.actions.decisions import carry_out, decide
from vertebra.roadmap.actions.key_results import Wanted, capture_baseline, note_figure, set_key_result
from vertebra.roadmap.actions.states import deliver_initiative, pause_initiative, start_initiative
from vertebra.roadmap.actions.topics import raise_topic
from vertebra.roadmap.labels.initiatives import InitiativeKind, InitiativeState
from vertebra.roadmap.labels.topics import CycleState, TopicState, Verdict
from vertebra.roadmap.models import Cycle, Decision, Initiative, KeyResult, Topic

TELL_WITHIN = 30.0
MEASURED_AFTER = 84


class Urgency:
    """Plans the arrival, its initiative, and the day from which incidents are handled in another way."""

    def __init__(self, replay: Replay, doing: Undertakings, tables: Tables, incidents: Incidents) -> None:
        self.replay, self.doing, self.tables, self.incidents = replay, doing, tables, incidents
        self.words = content.acting()["mid"]

    def plan(self) -> None:
        """A week after the last of the spring's incidents."""
        day = self.incidents.spring[1] + dt.timedelta(days=7)
        self.replay.plan(at(day, 10), self._arrive)

    def _arrive(self, now: dt.datetime) -> None:
        actor, voice = self.replay.who(now.date()), self._voice(now.date())
        topic = raise_topic(
            actor=actor,
            title=self.words["topic"],
            description=self.words["text"],
            language=LANGUAGE,
            origin=(Kind.INCIDENT, self.incidents.worst_of_spring()),
            person=voice,
            effort_days=30,
            now=now,
        )
        self.replay.plan(now + dt.timedelta(days=3), partial(self._decide, topic))

    def _voice(self, day: dt.date) -> Person | None:
        key = self.replay.company.there_on(("giulia", "jonas", "pauline", "lea"), day)
        return Person.objects.get(pk=self.replay.company.cast[key].id) if key else None

    def _decide(self, topic: Topic, now: dt.datetime) -> None:
        actor = self.replay.who(now.date())
        cycle = Cycle.objects.filter(state=CycleState.PUBLISHED).order_by("-starts_on").first()
        displaced = self._displaced(cycle)
        people = (
            [seat.person for seat in cycle.seats.select_related("person").order_by("pk")] if cycle else []
        )
        decision = decide(
            actor=actor,
            topic=topic,
            cycle=cycle,
            verdict=Verdict.CHOSEN,
            what=self.words["what"],
            why=self.words["why"],
            alternatives=self.words["other"],
            decided_by=[person for person in people if person.is_present(now.date())][:12],
            displaces=[displaced] if displaced else [],
            language=LANGUAGE,
            now=now,
        )
        self.tables.answer(now + dt.timedelta(hours=5))
        if displaced:
            self._pause(displaced, now)
        self.replay.plan(now + dt.timedelta(days=1), partial(self._carry, decision))

    def _displaced(self, cycle: Cycle | None) -> Topic | None:
        """The last of what was chosen at the latest table gives way."""
        rows = Decision.objects.filter(cycle=cycle, verdict=Verdict.CHOSEN, replaced_by=None)
        rows = rows.filter(topic__state=TopicState.CHOSEN).select_related("topic")
        last = rows.order_by("-pk").first() if cycle else None
        return last.topic if last else None

    def _pause(self, displaced: Topic, now: dt.datetime) -> None:
        for row in Initiative.objects.filter(title=self._title_of(displaced), state=InitiativeState.STARTED):
            actor = self.replay.who(now.date())
            pause_initiative(actor=actor, initiative=row, reason=self.words["paused"], now=now)

    def _title_of(self, topic: Topic) -> str:
        sheet = self.tables.sheets.get(topic.pk, {})
        return str(sheet.get("does") or sheet.get("title") or topic.title)

    def _carry(self, decision: Decision, now: dt.datetime) -> None:
        actor, day = self.replay.who(now.date()), now.date()
        karim = self.replay.company.cast.get("karim")
        row = carry_out(
            actor=actor,
            decision=decision,
            kind=InitiativeKind.INCIDENTS,
            title=self.words["initiative"],
            lead=Person.objects.get(pk=karim.id) if karim and karim.is_present(day) else self.doing.lead(day),
            due_on=self.incidents.rework + dt.timedelta(days=10),
            now=now,
        )
        for words in self.words["risks"]:
            self.doing.risk(row, words, now + dt.timedelta(hours=1))
        today = self.incidents.told_after(months_before(day, 6), day)
        wanted = Wanted(
            name="Minutes avant que le terrain soit prévenu d’un incident",
            today=today or 180.0,
            target=TELL_WITHIN,
            is_lower_better=True,
        )
        key_result = set_key_result(actor=actor, initiative=row, wanted=wanted, now=now)
        capture_baseline(actor=actor, initiative=row, now=now + dt.timedelta(hours=2))
        start_initiative(actor=actor, initiative=row, now=now + dt.timedelta(hours=3))
        self.doing.speak(row, day, self.incidents.rework + dt.timedelta(days=10))
        self.replay.plan(at(self.incidents.rework, 9), partial(self._rework, row, key_result))

    def _rework(self, row: Initiative, key_result: KeyResult, now: dt.datetime) -> None:
        actor = self.replay.who(now.date())
        note_rework(
            actor=actor,
            title=self.words["rework"],
            language=LANGUAGE,
            starts_on=now.date(),
            initiative_id=row.pk,
            now=now,
        )
        self.replay.plan(now + dt.timedelta(days=12), partial(self._deliver, row))
        self.replay.plan(now + dt.timedelta(days=MEASURED_AFTER), partial(self._measure, row, key_result))

    def _deliver(self, row: Initiative, now: dt.datetime) -> None:
        deliver_initiative(actor=self.replay.who(now.date()), initiative=row, now=now)

    def _measure(self, row: Initiative, key_result: KeyResult, now: dt.datetime) -> None:
        value = self.incidents.told_after(self.incidents.rework, now.date())
        if value:
            actor = self.replay.who(now.date())
            note_figure(actor=actor, key_result=key_result, value=value, on=now.date(), now=now)
            self.doing.measure(row, now + dt.timedelta(hours=1))
            self.doing.close(row, now + dt.timedelta(days=2))
