"""Whether the function is warranted, asked every six months, and at which stage it is: both follow from what hurts."""

import datetime as dt
import random
from functools import partial
from typing import Any

from vertebra.demo import content
from vertebra.demo.asked import Say
from vertebra.demo.content import Sheet
from vertebra.demo.heard import OPS
from vertebra.demo.rows import LANGUAGE, at
from vertebra.demo.timeline import months_before
from vertebra.demo.understood import Replay
from vertebra.discovery.actions.diagnoses import (
    NobodyChosen,
    ask_populations,
    conclude_diagnosis,
    start_diagnosis,
)
from vertebra.discovery.actions.stages import Effort, note_stage
from vertebra.discovery.models import Diagnosis
from vertebra.org.models import Field

OPEN_DAYS = 14
# Who answers a test of ten minutes: most where everybody knows who asks, a third where nobody does.
OF_FEW, OF_MANY, FEW = (0.75, 0.9), (0.3, 0.42), 200
UNANSWERED = 0.04
VOICES = ("leadership", "product", "design", "engineering", "sales", "support")
SEATS = ("pm", "senior_pm", "designer", "lead")
# Six months after a reorganisation nobody speaks of it any more; a year in which the company doubles is felt by all.
SETTLED_AFTER, UPHEAVAL, QUIET, DOUBLING = 180, 0.75, 0.3, 0.85
CALM, PER_HURT, PER_COLLEAGUE = 10, 65, 0.88


class Judging:
    """Plans the diagnoses and the stages of three years."""

    def __init__(self, replay: Replay, chance: random.Random) -> None:
        self.replay, self.chance = replay, chance
        self.hurts = {hurt.key: hurt for hurt in replay.hurts}
        self.sheets: dict[str, list[str]] = content.function()["symptoms"]
        self.began_on = months_before(replay.until, content.function()["diagnosis"][0]["ago"])

    def plan(self) -> None:
        """Each diagnosis on its day, and the stage of every field a few days after."""
        for sheet in content.function()["diagnosis"]:
            day = months_before(self.replay.until, sheet["ago"]) + dt.timedelta(days=3)
            self.replay.plan(at(day, 9, 20), partial(self._start, tuple(sheet["populations"])))
            self.replay.plan(at(day + dt.timedelta(days=OPEN_DAYS + 4), 16, 0), self._note_stages)

    def _start(self, populations: tuple[str, ...], now: dt.datetime) -> None:
        """Product Ops answers first, alone; then the symptoms are put to others."""
        actor, day = self.replay.who(now.date()), now.date()
        answers = {}
        for code in self.sheets:
            seen = sum(self._level(code, function, day) for function in VOICES) / len(VOICES)
            answers[code] = self._mark(seen)
        start_diagnosis(actor=actor, answers=answers, language=LANGUAGE, now=now)
        diagnosis = Diagnosis.objects.latest("pk")
        self._know_vacancies(diagnosis, day)
        if populations:
            self.replay.plan(now + dt.timedelta(days=2), partial(self._put, diagnosis, populations))

    def _put(self, diagnosis: Diagnosis, populations: tuple[str, ...], now: dt.datetime) -> None:
        actor, day = self.replay.who(now.date()), now.date()
        closes_on = day + dt.timedelta(days=OPEN_DAYS)
        try:
            ask_populations(
                actor=actor, diagnosis=diagnosis, populations=populations, closes_on=closes_on, now=now
            )
        except NobodyChosen:
            return
        diagnosis.refresh_from_db()
        survey, conclude_at = diagnosis.survey, at(closes_on + dt.timedelta(days=1), 7, 30)
        if survey is not None:
            is_open = conclude_at > at(self.replay.until, 8, 0)
            part = OF_FEW if survey.invited_count < FEW else OF_MANY
            self.replay.answers.answer(survey, self._say(day), is_open=is_open, part=part)
            self.replay.plan(conclude_at, partial(self._conclude, diagnosis))

    def _conclude(self, diagnosis: Diagnosis, now: dt.datetime) -> None:
        conclude_diagnosis(actor=None, diagnosis=diagnosis, now=now)
        self._know_vacancies(diagnosis, now.date())

    def _say(self, day: dt.date) -> Say:
        """What one person answers: how much each symptom shows where they work."""
        levels: dict[str, dict[str, float]] = {}

        def say(function: str) -> dict[str, Any]:
            if function not in levels:
                levels[function] = {code: self._level(code, function, day) for code in self.sheets}
            mood = self.chance.gauss(0, 0.07)
            return {
                code: self._mark(level + mood)
                for code, level in levels[function].items()
                if self.chance.random() >= UNANSWERED
            }

        return say

    def _mark(self, level: float) -> int:
        """An answer from 1 (not at all) to 5 (every week)."""
        return 1 + round(4 * min(1.0, max(0.0, self.chance.gauss(level, 0.12))))

    def _level(self, code: str, function: str, day: dt.date) -> float:
        """How much a symptom shows to somebody of a function: what is behind it and hurts or shows most."""
        return max(self._behind(key, function, day) for key in self.sheets[code])

    def _behind(self, key: str, function: str, day: dt.date) -> float:
        timeline = self.replay.company.timeline
        if key == "growth":
            month = timeline.month_of(day)
            before = timeline.headcounts[max(0, month - 12)]
            return min(1.0, DOUBLING * (timeline.headcounts[month] / before - 1))
        if key == "reorganisations":
            ages = [(day - since).days for since in timeline.reorganisations if since <= day]
            return UPHEAVAL if ages and min(ages) < SETTLED_AFTER else QUIET
        return self.hurts[key].seen(function, day)

    def _know_vacancies(self, diagnosis: Diagnosis, day: dt.date) -> None:
        """Seats that somebody left and nobody took yet: gaps of a past day are no longer to be found in the tables."""
        diagnosis.refresh_from_db()
        seats = [seat for seat in self.replay.company.structure.seats if seat.title in SEATS]
        empty = sum(
            bool(seat.stays)
            and any(stay.starts_on <= day for stay in seat.stays)
            and not any(
                stay.starts_on <= day and (stay.ends_on is None or day < stay.ends_on) for stay in seat.stays
            )
            and (seat.closes_on is None or day < seat.closes_on)
            for seat in seats
        )
        diagnosis.figures["vacancies"] = empty
        diagnosis.save(update_fields=["figures"])

    def _note_stages(self, now: dt.datetime) -> None:
        """Urgencies follow from what hurts in the field and from how many there are to meet them."""
        trades: dict[str, str] = content.function()["trades"]
        cast, day = self.replay.company.cast, now.date()
        present = {trades[key] for key in trades if key in cast and cast[key].joined_on <= day}
        colleagues = sum(key in cast and cast[key].joined_on <= day for key in OPS)
        fields = list(Field.objects.order_by("position"))
        for field, sheet in zip(fields, content.function()["stage"], strict=False):
            effort = self._effort(sheet, present, colleagues, day)
            note_stage(actor=self.replay.who(day), field=field, effort=effort, now=now)

    def _effort(self, sheet: Sheet, present: set[str], colleagues: int, day: dt.date) -> Effort:
        levels = [max(self.hurts[key].level(f, day) for f in self.hurts[key].says) for key in sheet["hurts"]]
        hurting = PER_HURT * sum(levels) / len(levels)
        urgent = CALM + hurting * PER_COLLEAGUE ** max(0, colleagues - 1) + self.chance.gauss(0, 4)
        urgencies = 5 * round(min(90.0, max(5.0, urgent)) / 5)
        years = max(0, (day - self.began_on).days) / 365
        standards = 5 * round((100 - urgencies) * min(0.7, 0.1 + 0.28 * years) / 5)
        wants = sheet["wants"]
        return Effort(
            urgencies=urgencies,
            projects=100 - urgencies - standards,
            standards=standards,
            skills=[trade for trade in wants if trade in present],
            skills_missing=[trade for trade in wants if trade not in present],
        )
