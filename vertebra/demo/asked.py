"""Surveys of three years: what groups answered, drawn person by person from what truly hurts them."""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from vertebra.accounts.models import User
from vertebra.demo.hurts import PRODUCT_SIDE, Hurt, weight_on
from vertebra.demo.rows import at
from vertebra.evidence.actions.surveys import QuestionDraft, close_survey, create_survey, open_survey
from vertebra.evidence.labels import SurveyKind
from vertebra.evidence.models import Cell, Invitation, Question, Response, Survey
from vertebra.evidence.queries.population import Audience
from vertebra.evidence.sets import QuestionSet

OPEN_DAYS = 12
AT_ONCE = 2000
Feel = Callable[[str], float]


class Answers:
    """Answers surveys as people would who feel what hurts them on that day."""

    def __init__(self, hurts: list[Hurt], chance: random.Random) -> None:
        self.hurts, self.chance = hurts, chance

    def wave(
        self, actor: User, words: QuestionSet, functions: tuple[str, ...], day: dt.date, *, is_open: bool
    ) -> None:
        """Ask a shipped set of these functions on a day, and close it twelve days later unless it is still open."""
        survey = create_survey(
            actor=actor,
            kind=SurveyKind.PULSE,
            title=words.title["fr"],
            introduction=words.introduction["fr"],
            language="fr",
            questions=[
                QuestionDraft(one.code, one.kind, one.text["fr"], [(c, w["fr"]) for c, w in one.choices])
                for one in words.questions
            ],
            audience=Audience(functions=functions),
            cut=words.cut,
            series=words.code,
            closes_on=day + dt.timedelta(days=OPEN_DAYS),
            now=at(day, 9, 0),
        )
        open_survey(actor=actor, survey=survey, now=at(day, 9, 10))
        survey.refresh_from_db()
        self.answer(survey, lambda function: weight_on(self.hurts, function, day, self.chance))
        if not is_open:
            close_survey(actor=actor, survey=survey, now=at(day + dt.timedelta(days=OPEN_DAYS), 18, 0))

    def answer(self, survey: Survey, feel: Feel) -> None:
        """Part of those asked answer, each for themselves; which of them did is known, who said what is not."""
        questions = list(survey.questions.all())
        part = self.chance.uniform(0.5, 0.75)
        invited: dict[int, list[int]] = defaultdict(list)
        rows = Invitation.objects.filter(survey=survey).order_by("pk").values_list("cell", "pk")
        for number, invitation in rows:
            invited[number].append(invitation)
        came: list[int] = []
        responses: list[Response] = []
        for cell in Cell.objects.filter(survey=survey).order_by("pk"):
            asked = invited[cell.pk]
            some = self.chance.sample(asked, sum(self.chance.random() < part for _ in asked))
            came += some
            responses += [self._response(survey, cell, questions, feel) for _ in some]
        Response.objects.bulk_create(responses, batch_size=AT_ONCE)
        for start in range(0, len(came), AT_ONCE):
            Invitation.objects.filter(pk__in=came[start : start + AT_ONCE]).update(is_answered=True)
        Invitation.objects.filter(survey=survey).update(sent_on=survey.opened_at)

    def _response(self, survey: Survey, cell: Cell, questions: list[Question], feel: Feel) -> Response:
        weight = feel(cell.function or self.chance.choice(PRODUCT_SIDE))
        answers = {}
        for question in questions:
            if (value := self._value(question, weight)) is not None:
                answers[question.code] = value
        return Response(id=self.chance.getrandbits(62), survey=survey, cell=cell, answers=answers)

    def _value(self, question: Question, weight: float) -> Any:
        """What somebody under that weight answers to one question; few write a line."""
        felt = min(1.0, max(0.0, self.chance.gauss(weight, 0.14)))
        match question.kind:
            case "scale":
                heavy = question.code == "cost"
                return round(10 * (felt if heavy else 1 - felt))
            case "agreement":
                return 5 - round(4 * felt)
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
