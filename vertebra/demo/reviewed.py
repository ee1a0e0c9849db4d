"""The role of champions looked back at: figures as they were, what people answered, what was decided and found."""

import datetime as dt
import random

from django.db import transaction

from vertebra.accounts.labels import Kind
from vertebra.analysis.privacy import FEWEST
from vertebra.demo import content
from vertebra.demo.content import Sheet
from vertebra.demo.rows import LANGUAGE, at
from vertebra.demo.timeline import months_before
from vertebra.demo.understood import Replay
from vertebra.evidence.actions.surveys import (
    QuestionDraft,
    TooFewPeople,
    close_survey,
    create_survey,
    open_survey,
)
from vertebra.evidence.labels import Cut, SurveyKind
from vertebra.evidence.models import Survey
from vertebra.evidence.sets import review as questions_of
from vertebra.evidence.sets import sets
from vertebra.org.labels import MandateRole
from vertebra.org.models import Mandate, Person
from vertebra.reviews.labels import ReviewState
from vertebra.reviews.models import Cadence, Finding, Review
from vertebra.reviews.queries.reviews import months_after, whom_to_ask
from vertebra.reviews.queries.usage import figures_of

EVERY, OPEN_DAYS, DECIDED_AFTER = 6, 14, 19
# How heavy the role feels: to those who hold it, and a little less to whom they work with.
WEIGHTS = {"lighten": 0.55, "keep": 0.3}


class Retros:
    """Holds the two reviews of the role so far; the next one has its day."""

    def __init__(self, replay: Replay, chance: random.Random) -> None:
        self.replay, self.chance, self.until = replay, chance, replay.until

    def hold(self) -> None:
        """Both reviews, once there are champions enough to ask."""
        sheets = content.telling()["retro"]
        first = months_before(self.until, sheets[0]["ago"])
        title = "Le rôle de Product Champion"
        lead = self._lead(first)
        cadence = Cadence.objects.create(
            title=title, language=LANGUAGE, role=MandateRole.CHAMPION, every_months=EVERY, lead=lead,
            next_on=months_after(self.until, EVERY), made_by=self.replay.who(first), created_at=at(first, 9),
        )  # fmt: skip
        for sheet in sheets:
            day = months_before(self.until, sheet["ago"])
            held = Mandate.objects.as_of(day).filter(role=MandateRole.CHAMPION, person__isnull=False)
            if held.values("person").distinct().count() >= FEWEST:
                self._review(cadence, sheet, day)

    def _lead(self, day: dt.date) -> Person | None:
        key = self.replay.company.there_on(("tomas", "ines"), day)
        return Person.objects.get(pk=self.replay.company.cast[key].id) if key else None

    def _review(self, cadence: Cadence, sheet: Sheet, day: dt.date) -> None:
        since, decided = months_after(day, -EVERY), day + dt.timedelta(days=DECIDED_AFTER)
        actor = self.replay.who(day)
        review = Review.objects.create(
            cadence=cadence, title=cadence.title, state=ReviewState.DECIDED, since_on=since, frozen_on=day,
            figures=figures_of(cadence, since, day), lead=cadence.lead, verdict=sheet["verdict"],
            reason=sheet["reason"], language=LANGUAGE, decided_by=cadence.lead, decided_at=at(decided, 15),
            made_by=actor, created_at=at(day, 9),
        )  # fmt: skip
        try:
            review.survey = self._ask(cadence, review, sheet, day)
            review.save(update_fields=["survey"])
        except TooFewPeople:  # the figures speak alone
            review.survey = None
        cadence.next_on = months_after(decided, EVERY)
        cadence.save(update_fields=["next_on"])
        for line, key in sheet["findings"]:
            point = self.replay.pain_points.get(key) if key else None
            Finding.objects.create(
                review=review, line=line, language=LANGUAGE, pain_point=point, made_by=actor, created_at=at(decided, 16)
            )  # fmt: skip

    @transaction.atomic
    def _ask(self, cadence: Cadence, review: Review, sheet: Sheet, day: dt.date) -> Survey:
        """Four questions, unsigned, answered by part of those asked."""
        actor = self.replay.who(day)
        survey = create_survey(
            actor=actor,
            kind=SurveyKind.REVIEW,
            title=review.title,
            introduction=sets()["review"].introduction[LANGUAGE],
            language=LANGUAGE,
            questions=[QuestionDraft(*row) for row in questions_of(LANGUAGE)],
            audience=whom_to_ask(cadence, day),
            cut=Cut.FUNCTION,
            series=f"review-{cadence.pk}",
            closes_on=day + dt.timedelta(days=OPEN_DAYS),
            subject_kind=Kind.REVIEW,
            subject_id=review.pk,
            now=at(day, 9, 5),
        )
        open_survey(actor=actor, survey=survey, now=at(day, 9, 10))
        survey.refresh_from_db()
        weight = WEIGHTS[sheet["verdict"]]
        say = self.replay.answers.under(survey, lambda function: weight * (1.0 if function else 0.8))
        self.replay.answers.answer(survey, say, is_open=False)
        close_survey(actor=actor, survey=survey, now=at(day + dt.timedelta(days=OPEN_DAYS), 18))
        return survey
