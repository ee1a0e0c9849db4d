"""Countries opened one after the other, each by the playbook that the one before made better."""

import datetime as dt
import random
from functools import partial

from vertebra.demo import content
from vertebra.demo.holdings import MarketPlan
from vertebra.demo.rows import LANGUAGE, at
from vertebra.demo.timeline import months_before
from vertebra.demo.understood import Replay
from vertebra.demo.undertaken import Undertakings
from vertebra.org.models import Market, Unit
from vertebra.roadmap.actions.launches import change_step, complete_stage, note_launch, start_launch
from vertebra.roadmap.actions.parity import set_many
from vertebra.roadmap.actions.playbooks import create_playbook, draft_version, publish_version, take_lesson
from vertebra.roadmap.actions.states import close_initiative, start_initiative
from vertebra.roadmap.labels.initiatives import Outcome
from vertebra.roadmap.labels.projects import Parity
from vertebra.roadmap.models import Launch, LaunchStep, Playbook
from vertebra.roadmap.queries.parity import Given

SHIPPED = "open-country"
COUNTRIES = ("de", "it", "es")
# How much of the features of home each country has; what it lacks is planned or absent.
HAS = {"FR": 1.0, "DE": 0.8, "IT": 0.62, "ES": 0.5}


class Launches:
    """Plans the opening of each country that this company has opened."""

    def __init__(self, replay: Replay, doing: Undertakings, chance: random.Random) -> None:
        self.replay, self.doing, self.chance = replay, doing, chance
        self.sheet = content.acting()["launch"]
        self.book: Playbook | None = None
        self.until = replay.until

    def plan(self) -> None:
        """The playbook first; then each launch on the day on which its market opened, or soon after Product Ops came."""
        began = months_before(self.until, 28) + dt.timedelta(days=20)
        self.replay.plan(at(began, 10), self._take)
        for number, key in enumerate(COUNTRIES):
            market = next((m for m in self.replay.company.holdings.markets if m.code.lower() == key), None)
            if market is not None:
                written = max(
                    market.starts_on + dt.timedelta(days=60), began + dt.timedelta(days=30 + number)
                )
                self.replay.plan(at(written, 11), partial(self._open, key, market))
        self.replay.plan(at(self.until - dt.timedelta(days=16), 15), self._compare)

    def _take(self, now: dt.datetime) -> None:
        self.book = create_playbook(
            actor=self.replay.who(now.date()), title="", language=LANGUAGE, shipped=SHIPPED, now=now
        )

    def _open(self, key: str, plan: MarketPlan, now: dt.datetime) -> None:
        """The opening as it was, written down once it was over: when each stage began and ended, and its lessons."""
        if self.book is None:
            return
        actor = self.replay.who(now.date())
        decided = plan.starts_on - dt.timedelta(days=self.sheet["decided"][key])
        planned = self._planned(key, decided, plan.starts_on)
        launch = start_launch(
            actor=actor,
            version=self.book.versions.filter(published_at__isnull=False).order_by("-number")[0],
            market=Market.objects.get(pk=plan.id),
            target_on=planned,
            decided_on=decided,
            title=f"Ouvrir : {plan.name}",
            lead=self.doing.lead(now.date()),
            owner_unit=Unit.objects.filter(pk=self._division(key)).first(),
            language=LANGUAGE,
            now=now,
        )
        moment = now + dt.timedelta(hours=1)
        reason = "L’ouverture était finie quand elle a été écrite ici."
        start_initiative(actor=actor, initiative=launch.initiative, reason=reason, now=moment)
        self._stages(key, launch, plan.starts_on, moment)
        note_launch(actor=actor, launch=launch, launched_on=plan.starts_on, now=moment)
        self._lessons(key, launch, moment)
        close_initiative(
            actor=actor,
            initiative=launch.initiative,
            outcome=Outcome.ACHIEVED,
            reason="Le pays est ouvert ; le déroulé compare les étapes.",
            lesson=self.sheet["lessons"][key][0],
            now=moment + dt.timedelta(hours=2),
        )

    def _planned(self, key: str, decided: dt.date, launched: dt.date) -> dt.date:
        """The day first thought of: the longer the stages took, the earlier it was."""
        stages: list[float] = self.sheet["stages"][key]
        late = sum(stages) / len(stages)
        return decided + (launched - decided) / late

    def _division(self, key: str) -> int:
        unit = self.replay.company.structure.units.get(f"country:{key}")
        return unit.id if unit else 0

    def _stages(self, key: str, launch: Launch, launched: dt.date, now: dt.datetime) -> None:
        names = list(dict.fromkeys(launch.steps.order_by("position").values_list("stage", flat=True)))
        actor, today = self.replay.who(now.date()), now.date()
        total = (launched - launch.decided_on).days
        before = names[:-2]
        weights = [w * self.chance.uniform(0.92, 1.08) for w in self.sheet["stages"][key][: len(before)]]
        spent, days = 0.0, []
        for weight in weights:
            spent += weight
            days.append(launch.decided_on + dt.timedelta(days=round(total * spent / sum(weights))))
        starts = [launch.decided_on, *(day - dt.timedelta(days=6) for day in days[:-1])]
        spans = list(zip(before, starts, days, strict=True))
        after = launched + dt.timedelta(days=14)
        spans += [(names[-2], launched, after), (names[-1], after, launched + dt.timedelta(days=45))]
        for stage, first, last in spans:
            first, last = max(first, launch.decided_on), min(last, today)
            complete_stage(
                actor=actor, launch=launch, stage=stage, started_on=min(first, last), ended_on=last, now=now
            )

    def _lessons(self, key: str, launch: Launch, now: dt.datetime) -> None:
        """What the country learnt goes into the next version of the playbook."""
        actor = self.replay.who(now.date())
        steps = list(launch.steps.order_by("position"))
        taught: list[LaunchStep] = []
        for lesson, step in zip(self.sheet["lessons"][key], self.chance.sample(steps, 4), strict=False):
            change_step(actor=actor, step=step, changes={"lesson": lesson}, now=now)
            taught.append(step)
        if self.book is not None:
            draft = draft_version(actor=actor, playbook=self.book, now=now)
            for step in taught:
                take_lesson(actor=actor, version=draft, launch_step=step, now=now)
            publish_version(actor=actor, version=draft, now=now + dt.timedelta(hours=1))

    def _compare(self, now: dt.datetime) -> None:
        """What each country has of what home has."""
        cells, rows = [], Market.objects.in_bulk()
        for name in self.sheet["features"]:
            for market in self.replay.company.holdings.markets:
                if market.code in HAS:
                    cells.append(Given(name, rows[market.id], self._state(HAS[market.code])))
        set_many(actor=self.replay.who(now.date()), cells=cells, now=now)

    def _state(self, share: float) -> str:
        if self.chance.random() < share:
            return Parity.FULL
        return self.chance.choice((Parity.PARTIAL, Parity.PLANNED, Parity.ABSENT, Parity.ABSENT))
