"""What was undertaken: started with a baseline, spoken of each month, delivered, measured, closed with what it taught."""

import datetime as dt
import random
from functools import partial

from vertebra.accounts.models import User
from vertebra.demo import content
from vertebra.demo.acted import plan_asking
from vertebra.demo.content import Sheet
from vertebra.demo.counted import Figures
from vertebra.demo.hurts import Hurt
from vertebra.demo.rows import LANGUAGE, at
from vertebra.demo.timeline import months_before
from vertebra.demo.understood import Replay
from vertebra.discovery.actions.re_asks import plan_delivery
from vertebra.kit.refusal import Refusal
from vertebra.measures.labels.metrics import Direction
from vertebra.org.models import Person, Unit
from vertebra.roadmap.actions.decisions import carry_out
from vertebra.roadmap.actions.initiatives import change_initiative, create_initiative, involve
from vertebra.roadmap.actions.key_results import NoFigure, Wanted, capture_baseline, set_key_result
from vertebra.roadmap.actions.particulars import add_risk, change_risk
from vertebra.roadmap.actions.placing import place_initiative
from vertebra.roadmap.actions.results import measure_result
from vertebra.roadmap.actions.role_times import Spent, add_role_time
from vertebra.roadmap.actions.states import (
    close_initiative,
    deliver_initiative,
    plan_initiative,
    start_initiative,
)
from vertebra.roadmap.actions.words import say_word
from vertebra.roadmap.labels.initiatives import (
    InitiativeKind,
    InitiativeState,
    Outcome,
    Pace,
    Part,
    RiskState,
)
from vertebra.roadmap.labels.results import EffectVerdict, MeasuredBy, TimeKind
from vertebra.roadmap.models import Decision, Initiative, KeyResult, Result, Risk
from vertebra.roadmap.queries.baselines import latest_answers, pain_point_of

LEADS = ("noe", "tomas", "nadia", "karim", "elise", "ines", "lukas")
PACES = ((Pace.ON_TRACK, 0.68), (Pace.AT_RISK, 0.9), (Pace.OFF_TRACK, 1.0))
LATE, WINDOW, HOPED = 0.3, 120, 0.6
OUTCOMES = {
    EffectVerdict.BETTER: Outcome.ACHIEVED,
    EffectVerdict.NO_EFFECT: Outcome.MISSED,
    EffectVerdict.WORSE: Outcome.MISSED,
    EffectVerdict.CANNOT_TELL: Outcome.CANNOT_TELL,
}


class Undertakings:
    """Plans the life of each initiative."""

    def __init__(self, replay: Replay, figures: Figures, chance: random.Random) -> None:
        self.replay, self.figures, self.chance = replay, figures, chance
        self.company, self.until = replay.company, replay.until
        self.words = content.acting()

    def plan(self) -> None:
        """What is thought of for later, written down these last weeks."""
        for number, sheet in enumerate(self.words["idea"]):
            day = self.until - dt.timedelta(days=10 + 9 * number)
            self.replay.plan(at(day, 16), partial(self._idea, sheet))

    def _idea(self, sheet: Sheet, now: dt.datetime) -> None:
        actor = self.replay.who(now.date())
        lead = self.company.cast.get(sheet["lead"])
        row = create_initiative(
            actor=actor,
            kind=sheet["kind"],
            title=sheet["title"],
            language=LANGUAGE,
            effort_days=sheet["days"],
            lead=Person.objects.get(pk=lead.id) if lead else None,
            now=now,
        )
        if sheet["horizon"] == "next":
            plan_initiative(actor=actor, initiative=row, now=now + dt.timedelta(hours=1))
        else:
            place_initiative(actor=actor, initiative=row, horizon="later", now=now + dt.timedelta(hours=1))

    def carry(self, decision: Decision, sheet: Sheet, hurt: Hurt | None, now: dt.datetime) -> None:
        """What was chosen becomes an initiative, unless something displaced it meanwhile."""
        decision.refresh_from_db()
        if Decision.objects.filter(replaces=decision).exists():
            return
        due = now.date() + dt.timedelta(days=self.chance.randint(45, 100))
        row = carry_out(
            actor=self.replay.who(now.date()),
            decision=decision,
            kind=InitiativeKind.OPERATING_MODEL,
            title=sheet.get("does") or sheet["title"],
            lead=self.lead(now.date()),
            due_on=due,
            now=now,
        )
        self._surround(row, now)
        self.begin(row, sheet, now + dt.timedelta(days=self.chance.randint(3, 9)))

    def lead(self, day: dt.date) -> Person | None:
        """Who of the cast leads, among those who are there."""
        there = [key for key in LEADS if key in self.company.cast and self.company.cast[key].is_present(day)]
        return Person.objects.get(pk=self.company.cast[self.chance.choice(there)].id) if there else None

    def _surround(self, row: Initiative, now: dt.datetime) -> None:
        """Two teams that build it too, and what may go wrong."""
        actor, day = self.replay.who(now.date()), now.date()
        teams = [
            unit.id
            for unit in self.company.structure.units.values()
            if unit.kind == "team" and unit.is_open(day)
        ]
        some = Unit.objects.filter(pk__in=self.chance.sample(teams, min(2, len(teams)))).order_by("pk")
        if some:
            involve(actor=actor, initiative=row, who=list(some), part=Part.BUILDER, now=now)
        if self.chance.random() < 0.5:
            self.risk(row, self.chance.choice(self.words["risk"]["usual"]), now)

    def risk(self, row: Initiative, words: list[object], now: dt.datetime) -> None:
        """Say what may go wrong; most of it is under control a month later."""
        title, remedy, level = words
        actor = self.replay.who(now.date())
        add_risk(
            actor=actor, initiative=row, title=str(title), remedy=str(remedy), level=int(str(level)),
            language=LANGUAGE, now=now,
        )  # fmt: skip
        if self.chance.random() < 0.6:
            risk = Risk.objects.latest("pk")
            self.replay.plan(now + dt.timedelta(days=33), partial(self._calm, risk))

    def _calm(self, risk: Risk, now: dt.datetime) -> None:
        risk.refresh_from_db()
        actor = self.replay.who(now.date())
        change_risk(actor=actor, risk=risk, changes={"state": RiskState.MITIGATED}, now=now)

    def begin(self, row: Initiative, sheet: Sheet, moment: dt.datetime) -> None:
        """Start it some days later."""
        self.replay.plan(moment, partial(self._begin, row, sheet))

    def _begin(self, row: Initiative, sheet: Sheet, now: dt.datetime) -> None:
        row.refresh_from_db()
        if row.state not in (InitiativeState.IDEA, InitiativeState.PLANNED):
            return
        actor, due = self.replay.who(now.date()), row.due_on or now.date() + dt.timedelta(days=60)
        has_figure = self._aim(row, sheet, due, actor, now)
        reason = "" if has_figure else self.words["close"]["no_baseline"]
        start_initiative(actor=actor, initiative=row, reason=reason, now=now)
        self._spend(row, sheet, "asked", TimeKind.ASKED, now)
        ends = due
        if self.chance.random() < LATE:
            ends = due + dt.timedelta(days=self.chance.randint(14, 40))
            self.replay.plan(at(due - dt.timedelta(days=6), 17), partial(self._move, row, ends))
        self.speak(row, now.date(), ends)
        self.replay.plan(at(ends, 17), partial(self._deliver, row, sheet))

    def _aim(self, row: Initiative, sheet: Sheet, due: dt.date, actor: User, now: dt.datetime) -> bool:
        """Say what it should move, and note where that stands; gives whether there is anything to note."""
        slug = sheet.get("metric", "")
        if self.figures.has(slug):
            metric = self.figures.stand(slug, now.date())
            if metric.latest_value is None:
                return False
            share = abs(sheet["size"]) * HOPED * (-1 if metric.direction == Direction.DOWN else 1)
            wanted = Wanted(
                metric=metric,
                target=round(metric.latest_value * (1 + share), 2),
                effect_from=due + dt.timedelta(days=1),
                effect_until=due + dt.timedelta(days=WINDOW),
            )
            set_key_result(actor=actor, initiative=row, wanted=wanted, now=now)
            capture_baseline(actor=actor, initiative=row, now=now)
            return True
        point = pain_point_of(row)
        if point is None or latest_answers(point) is None:
            return False
        try:
            capture_baseline(actor=actor, initiative=row, now=now)
        except NoFigure:
            return False
        return True

    def _move(self, row: Initiative, due: dt.date, now: dt.datetime) -> None:
        row.refresh_from_db()
        if row.state == InitiativeState.STARTED:
            change_initiative(
                actor=self.replay.who(now.date()), initiative=row, changes={"due_on": due}, now=now
            )

    def speak(self, row: Initiative, first: dt.date, last: dt.date) -> None:
        """A word each month, from the month after its beginning until it is done."""
        day = months_before(first, -1).replace(day=5)
        while day < last:
            self.replay.plan(at(day, 11, self.chance.randint(0, 50)), partial(self._word, row))
            day = months_before(day, -1)

    def _word(self, row: Initiative, now: dt.datetime) -> None:
        row = Initiative.objects.select_related("lead__user").get(pk=row.pk)
        if row.state not in (InitiativeState.STARTED, InitiativeState.PAUSED) or self.chance.random() < 0.12:
            return
        drawn = self.chance.random()
        pace = next(pace for pace, until in PACES if drawn <= until)
        say_word(
            actor=row.lead.user if row.lead else None,
            person=row.lead,
            initiative=row,
            pace=pace,
            line=self.chance.choice(self.words["word"][pace]),
            language=LANGUAGE,
            now=now,
        )

    def _deliver(self, row: Initiative, sheet: Sheet, now: dt.datetime) -> None:
        row.refresh_from_db()
        if row.state != InitiativeState.STARTED:
            return
        actor, day = self.replay.who(now.date()), now.date()
        deliver_initiative(actor=actor, initiative=row, now=now)
        slug = sheet.get("metric", "")
        if self.figures.has(slug) and self.chance.random() < sheet["works"]:
            self.figures.change(slug, day, sheet["size"])
        self._spend(row, sheet, "given", TimeKind.GIVEN_BACK, now)
        point = pain_point_of(row)
        if point is not None and row.key_results.filter(measured_by=MeasuredBy.RE_ASK).exists():
            plan_delivery(actor=actor, pain_point=point, now=now)
            plan_asking(self.replay)
        due = row.key_results.filter(measured_by=MeasuredBy.METRIC).values_list("due_on", flat=True).first()
        closes = due or day + dt.timedelta(days=70)
        self.replay.plan(at(closes + dt.timedelta(days=1), 7), partial(self.measure, row))
        closing = closes + dt.timedelta(days=self.chance.randint(4, 16))
        self.replay.plan(at(closing, 16), partial(self.close, row))

    def _spend(self, row: Initiative, sheet: Sheet, name: str, kind: str, now: dt.datetime) -> None:
        """What it asks of a trade each month, or gives back to it."""
        if name not in sheet:
            return
        function, minutes = sheet[name]
        people = sum(p.seat.function == function and p.is_present(now.date()) for p in self.company.people)
        if not people:
            return
        how = (
            "Demandé à cinq équipes, arrondi."
            if kind == TimeKind.ASKED
            else "Compté sur un mois dans trois équipes, étendu aux autres."
        )
        spent = Spent(
            kind=kind, function=function, minutes=minutes, people=people, how=how, from_on=now.date()
        )
        add_role_time(actor=self.replay.who(now.date()), initiative=row, spent=spent, now=now)

    def measure(self, row: Initiative, now: dt.datetime) -> None:
        """What is due is measured, by the product's own reckoning."""
        for key_result in row.key_results.filter(fixed_at__isnull=False):
            try:
                measure_result(actor=None, key_result=key_result, now=now)
            except Refusal:
                continue

    def close(self, row: Initiative, now: dt.datetime) -> None:
        """Close it with what the result says and what was learnt; a few weeks nobody gets to it."""
        row.refresh_from_db()
        if row.state != InitiativeState.DELIVERED:
            return
        result = (
            Result.objects.filter(key_result__initiative=row, superseded_at=None)
            .select_related("key_result")
            .order_by("pk")
            .first()
        )
        outcome = OUTCOMES[EffectVerdict(result.verdict)] if result else Outcome.ACHIEVED
        if result and result.key_result.measured_by == MeasuredBy.HAND:
            outcome = self._by_hand(result.key_result)
        lessons = self.words["close"][outcome.value]
        close_initiative(
            actor=self.replay.who(now.date()),
            initiative=row,
            outcome=outcome,
            reason="" if result else self.words["close"]["no_figure"],
            lesson=self.chance.choice(lessons),
            now=now,
        )

    @staticmethod
    def _by_hand(key_result: KeyResult) -> Outcome:
        """Two figures noted by hand: whoever closes it looks at whether the target was reached."""
        after, target = key_result.after or 0.0, key_result.target or 0.0
        is_there = after <= target if key_result.is_lower_better else after >= target
        return Outcome.ACHIEVED if is_there else Outcome.MISSED
