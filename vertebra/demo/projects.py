"""A project that several functions carry: all cards renewed, counted week by week until all are done."""

import datetime as dt
import random
from functools import partial

from vertebra.demo import content
from vertebra.demo.counted import Figures
from vertebra.demo.rows import LANGUAGE, at
from vertebra.demo.timeline import months_before
from vertebra.demo.understood import Replay
from vertebra.demo.undertaken import Undertakings
from vertebra.org.models import Person
from vertebra.roadmap.actions.counters import add_counter, record_counts
from vertebra.roadmap.actions.initiatives import create_initiative
from vertebra.roadmap.actions.key_results import Wanted, capture_baseline, set_key_result
from vertebra.roadmap.actions.states import start_initiative
from vertebra.roadmap.actions.workstreams import add_gate, add_workstream, decide_gate, end_workstream
from vertebra.roadmap.labels.initiatives import InitiativeKind
from vertebra.roadmap.labels.projects import GateState
from vertebra.roadmap.models import Counter, Gate, Initiative, Workstream
from vertebra.roadmap.queries.count_files import CountRow

GATES = (0.15, 0.5)
SLOW, BATCHES = 1.35, 0.25
LEADS = ("marta", "noe", "ines")


class Projects:
    """Plans the renewal of the cards."""

    def __init__(self, replay: Replay, figures: Figures, doing: Undertakings, chance: random.Random) -> None:
        self.replay, self.figures, self.doing, self.chance = replay, figures, doing, chance
        self.until = replay.until
        self.sheet = content.acting()["cards"]
        self.began_on = months_before(self.until, self.sheet["ago"])

    def plan(self) -> None:
        """From its first day, each week until today."""
        self.replay.plan(at(self.began_on, 10), self._open)

    def _person(self, day: dt.date) -> Person | None:
        key = self.replay.company.there_on(LEADS, day)
        return Person.objects.get(pk=self.replay.company.cast[key].id) if key else None

    def _open(self, now: dt.datetime) -> None:
        actor, day = self.replay.who(now.date()), now.date()
        due = months_before(day, -self.sheet["months"])
        row = create_initiative(
            actor=actor,
            kind=InitiativeKind.TRANSVERSE,
            title=self.sheet["title"],
            description=self.sheet["description"],
            language=LANGUAGE,
            lead=self._person(day),
            effort_days=140,
            due_on=due,
            now=now,
        )
        self._furnish(row, day, due, now)
        self._aim(row, due, now + dt.timedelta(hours=2))
        start_initiative(
            actor=actor, initiative=row, reason=self._reason(row), now=now + dt.timedelta(hours=3)
        )
        self.doing.speak(row, day, self.until)
        self._plan_counts(row, day)
        self._plan_gates(row, day)
        self.replay.plan(
            at(self.until - dt.timedelta(days=9), 17), partial(self._end, row.workstreams.get(position=1))
        )

    def _furnish(self, row: Initiative, day: dt.date, due: dt.date, now: dt.datetime) -> None:
        """Who does what, what is counted, where it is decided to go on, what may go wrong."""
        actor = self.replay.who(day)
        for title, function in self.sheet["streams"]:
            values = {"title": title, "function": function, "due_on": due}
            add_workstream(actor=actor, initiative=row, lead=None, now=now, **values)
        streams = list(row.workstreams.order_by("position"))
        for number, (title, criteria) in enumerate(self.sheet["gates"]):
            on = day + (due - day) * (number + 1) / 3
            add_gate(actor=actor, initiative=row, title=title, criteria=criteria, due_on=on, now=now)
        for words in self.sheet["risks"]:
            self.doing.risk(row, words, now)
        for number, (name, total, _share) in enumerate(self.sheet["counters"]):
            stream = streams[number % len(streams)]
            add_counter(
                actor=actor,
                initiative=row,
                name=name,
                total=self._many(total),
                workstream=stream,
                due_on=due,
                now=now,
            )

    def _many(self, total: int) -> int:
        return total if self.replay.company.profile.has_tribes else total // 20

    def _aim(self, row: Initiative, due: dt.date, now: dt.datetime) -> None:
        slug, actor = self.sheet["metric"], self.replay.who(now.date())
        if self.figures.has(slug):
            metric = self.figures.stand(slug, now.date())
            target = round((metric.latest_value or 8) * 0.7, 1)
            set_key_result(actor=actor, initiative=row, wanted=Wanted(metric=metric, target=target), now=now)
            capture_baseline(actor=actor, initiative=row, now=now)

    @staticmethod
    def _reason(row: Initiative) -> str:
        return "" if row.key_results.exists() else str(content.acting()["close"]["no_figure"])

    def _plan_counts(self, row: Initiative, first: dt.date) -> None:
        """Four weeks at a time; slow at first, by batches, up to what is done today."""
        weeks = max(1, (self.until - first).days // 7)
        for counter, (_name, total, share) in zip(
            row.counters.order_by("position"), self.sheet["counters"], strict=True
        ):
            all_there, known = self._many(total), 0
            rows: list[CountRow] = []
            for week in range(1, weeks + 1):
                wanted = all_there * share * (week / weeks) ** SLOW
                if self.chance.random() > BATCHES:
                    known = max(known, min(all_there, round(wanted * self.chance.uniform(0.93, 1.02))))
                rows.append(CountRow(first + dt.timedelta(days=7 * week), known, all_there))
            for start in range(0, len(rows), 4):
                some = rows[start : start + 4]
                self.replay.plan(at(some[-1].on, 17), partial(self._count, counter, some))

    def _count(self, counter: Counter, rows: list[CountRow], now: dt.datetime) -> None:
        record_counts(actor=self.replay.who(now.date()), counter=counter, rows=rows, now=now)

    def _plan_gates(self, row: Initiative, first: dt.date) -> None:
        for gate, part in zip(row.gates.order_by("position"), GATES, strict=False):
            day = first + (self.until - first) * (part + 0.25)
            self.replay.plan(at(day, 15), partial(self._pass, gate))

    def _pass(self, gate: Gate, now: dt.datetime) -> None:
        actor, by = self.replay.who(now.date()), self._person(now.date())
        decide_gate(actor=actor, gate=gate, state=GateState.PASSED, by=by, now=now)

    def _end(self, stream: Workstream, now: dt.datetime) -> None:
        end_workstream(actor=self.replay.who(now.date()), workstream=stream, now=now)
