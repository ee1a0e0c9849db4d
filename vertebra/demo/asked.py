"""Surveys of three years: what groups answered, drawn person by person from what truly hurts them."""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from django.db import transaction

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.demo.content import Sheet
from vertebra.demo.hurts import PRODUCT_SIDE, Hurt, weight_on
from vertebra.demo.rows import LANGUAGE, at
from vertebra.evidence.actions.surveys import (
    QuestionDraft,
    TooFewPeople,
    close_survey,
    create_survey,
    open_survey,
)
from vertebra.evidence.asks import note_asks, room_for
from vertebra.evidence.labels import Cut, SurveyKind
from vertebra.evidence.models import Cell, Invitation, Question, Response, Survey
from vertebra.evidence.queries.population import Audience
from vertebra.evidence.sets import QuestionSet
from vertebra.kit.bulk import Row, insert_rows, stored

OPEN_DAYS = 12
AT_ONCE = 2000
SOME_ANSWER = (0.5, 0.75)
# How heavy something feels to one person of a function (0 to 1), and what such a person answers.
Feel = Callable[[str], float]
Say = Callable[[str], dict[str, Any]]


@dataclass(frozen=True)
class Pulse:
    """A few questions put to part of the company, asked again and again under the same series."""

    series: str
    title: str
    introduction: str
    questions: Sequence[QuestionDraft]
    audience: Audience
    cut: str
    hurts: Sequence[Hurt]


def shipped(words: QuestionSet, functions: tuple[str, ...], hurts: Sequence[Hurt]) -> Pulse:
    """A set that comes with the product, put to these functions."""
    return Pulse(
        series=words.code,
        title=words.title[LANGUAGE],
        introduction=words.introduction[LANGUAGE],
        questions=[
            QuestionDraft(one.code, one.kind, one.text[LANGUAGE], [(c, w[LANGUAGE]) for c, w in one.choices])
            for one in words.questions
        ],
        audience=Audience(functions=functions),
        cut=words.cut,
        hurts=hurts,
    )


def own(sheet: Sheet, units: Sequence[int], hurts: Sequence[Hurt]) -> Pulse:
    """Questions that the company wrote itself, put to the people of some units."""
    return Pulse(
        series=sheet["key"],
        title=sheet["title"],
        introduction=sheet["introduction"],
        questions=[QuestionDraft(code, kind, text) for code, kind, text in sheet["questions"]],
        audience=Audience(units=tuple(units), functions=tuple(sheet["functions"])),
        cut=Cut.FUNCTION,
        hurts=[hurt for hurt in hurts if hurt.key in sheet["hurts"]],
    )


class Answers:
    """Answers surveys as people would who feel what hurts them on that day."""

    def __init__(self, hurts: list[Hurt], cast: Collection[int], chance: random.Random) -> None:
        self.hurts, self.cast, self.chance = hurts, frozenset(cast), chance

    def wave(self, actor: User, pulse: Pulse, day: dt.date, *, is_open: bool) -> None:
        """Put a pulse to its people on a day, and close it twelve days later unless it is still open."""
        try:
            survey = self._open(actor, pulse, day)
        except TooFewPeople:
            return
        say = self.under(survey, lambda function: weight_on(pulse.hurts, function, day, self.chance))
        self.answer(survey, say, is_open=is_open)
        if not is_open:
            close_survey(actor=actor, survey=survey, now=at(day + dt.timedelta(days=OPEN_DAYS), 18, 0))

    @transaction.atomic
    def _open(self, actor: User, pulse: Pulse, day: dt.date) -> Survey:
        survey = create_survey(
            actor=actor,
            kind=SurveyKind.PULSE,
            title=pulse.title,
            introduction=pulse.introduction,
            language=LANGUAGE,
            questions=pulse.questions,
            audience=pulse.audience,
            cut=pulse.cut,
            series=pulse.series,
            closes_on=day + dt.timedelta(days=OPEN_DAYS),
            now=at(day, 9, 0),
        )
        open_survey(actor=actor, survey=survey, now=at(day, 9, 10))
        survey.refresh_from_db()
        return survey

    def under(self, survey: Survey, feel: Feel) -> Say:
        """What people answer to a survey who feel so much weight."""
        questions = list(survey.questions.all())

        def say(function: str) -> dict[str, Any]:
            weight = feel(function)
            values = {question.code: self._value(question, weight) for question in questions}
            return {code: value for code, value in values.items() if value is not None}

        return say

    def answer(
        self, survey: Survey, say: Say, *, is_open: bool, part: tuple[float, float] = SOME_ANSWER
    ) -> None:
        """Part of those asked answer, each for themselves; which of them did is known, who said what is not.

        While it is open the cast have yet to answer: whoever signs in as one of them finds it waiting.
        """
        share = self.chance.uniform(*part)
        functions = survey.audience.get("functions") or PRODUCT_SIDE
        invited: dict[int, list[int]] = defaultdict(list)
        rows = Invitation.objects.filter(survey=survey).order_by("pk").values_list("cell", "pk", "person_id")
        for number, invitation, person in rows:
            if not (is_open and person in self.cast):
                invited[number].append(invitation)
        came: list[int] = []
        responses: list[Row] = []
        for cell in Cell.objects.filter(survey=survey).order_by("pk"):
            asked = invited[cell.pk]
            some = self.chance.sample(asked, sum(self.chance.random() < share for _ in asked))
            came += some
            for _ in some:
                answers = say(cell.function or self.chance.choice(functions))
                key = self.chance.getrandbits(62)
                responses.append((key, survey.pk, cell.pk, stored(answers)))
        insert_rows(Response, ("id", "survey_id", "cell_id", "answers"), responses)
        for start in range(0, len(came), AT_ONCE):
            Invitation.objects.filter(pk__in=came[start : start + AT_ONCE]).update(is_answered=True)
        Invitation.objects.filter(survey=survey).update(sent_on=survey.opened_at)
        if is_open:
            self._count_asks(survey, [person for _cell, _pk, person in rows])

    def _count_asks(self, survey: Survey, people: list[int]) -> None:
        """Being asked counts for whoever was; those asked twice that week get their link later."""
        if survey.opened_at is None:
            return
        free = room_for(people, survey.opened_at)
        note_asks(sorted(free), Kind.SURVEY, survey.pk, survey.opened_at)
        busy = sorted(set(people) - free)
        for start in range(0, len(busy), AT_ONCE):
            some = busy[start : start + AT_ONCE]
            waiting = Invitation.objects.filter(survey=survey, is_answered=False, person__in=some)
            waiting.update(sent_on=None)

    def _value(self, question: Question, weight: float) -> Any:
        """What somebody under that weight answers to one question; few write a line."""
        felt = min(1.0, max(0.0, self.chance.gauss(weight, 0.14)))
        match question.kind:
            case "scale":
                heavy = question.code == "cost"
                return round(10 * (felt if heavy else 1 - felt))
            case "agreement":
                return 5 - round(4 * min(1.0, max(0.0, felt + _lean(question.code))))
            case "share":
                return 5 * round(20 * min(0.9, 0.12 + 0.75 * felt))
            case "one":
                return self.chance.choice(question.choices)["code"] if question.choices else None
            case "several":
                many = min(len(question.choices), 1 + round(2 * felt))
                return [choice["code"] for choice in self.chance.sample(question.choices, many)]
        return self._line() if self.chance.random() < 0.25 * felt + 0.05 else None

    def _line(self) -> str:
        """One line of free text, about something that hurts somebody."""
        hurt = self.chance.choice(self.hurts)
        return self.chance.choice([words for said in hurt.says.values() for words in said])


def _lean(code: str) -> float:
    """Some sentences are easier to agree with than others, whoever reads them."""
    return (crc32(code.encode()) % 7 - 3) * 0.05
