"""Looking back: figures are frozen, people answer, somebody decides with a reason, findings come back as evidence."""

import datetime as dt
from contextlib import suppress
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, Message, User
from vertebra.accounts.outbox import queue_messages
from vertebra.analysis.privacy import FEWEST
from vertebra.discovery.actions.pain_points import EvidenceDraft, raise_pain_point, tie_evidence
from vertebra.discovery.models import PainPoint
from vertebra.evidence.actions.surveys import QuestionDraft, create_survey, open_survey
from vertebra.evidence.labels import Cut, SurveyKind
from vertebra.evidence.models import Invitation, Survey
from vertebra.evidence.sets import review as questions_of
from vertebra.evidence.sets import sets
from vertebra.kit import clock
from vertebra.org.models import Person
from vertebra.org.queries.people import language_for
from vertebra.reviews.actions.practice_verdicts import act_on_practice
from vertebra.reviews.actions.standing import locked, written
from vertebra.reviews.labels import OPEN, ReviewState, Verdict
from vertebra.reviews.models import Cadence, Finding, Review
from vertebra.reviews.queries.practices import lead_of
from vertebra.reviews.queries.reviews import answered, due_cadences, how_many, months_after, whom_to_ask
from vertebra.reviews.queries.usage import figures_of

OPEN_FOR = dt.timedelta(days=14)


class UnderWay(Refusal):
    """A thing is looked back at once at a time."""


class StillAnswered(Refusal):
    """What people say is read before it is decided."""


class NoReason(Refusal):
    """A decision, or skipping a review, has a reason: those who answered read it."""


class Over(Refusal):
    """What was decided is not decided again: the next review does."""


class NoLine(Refusal):
    """A finding says in a sentence what was found."""


@transaction.atomic
def open_review(*, actor: User | None, cadence: Cadence, now: dt.datetime) -> Review:
    """Look back at something: what it was used for and cost is frozen today, and four questions are asked, unsigned."""
    row = Cadence.objects.select_for_update(of=("self",)).select_related("lead").get(pk=cadence.pk)
    if row.reviews.filter(state__in=OPEN).exists():
        raise UnderWay(_("It is being looked back at now."))
    day = clock.today(now)
    since = months_after(day, -row.every_months)
    review = Review(
        cadence=row, title=row.title, since_on=since, frozen_on=day, figures=figures_of(row, since, day),
        lead=lead_of(row), language=row.language, made_by=actor, created_at=now,
    )  # fmt: skip
    tracker = audit.Tracker()
    tracker.create(review)
    survey = _ask(review, row, actor, day, now)
    state = ReviewState.ASKING if survey else ReviewState.TO_DECIDE
    tracker.change(review, survey=survey, state=state)
    asked = survey.invited_count if survey else 0
    written("open", review, tracker, now, actor=actor, asked=asked, mailed=asked)
    return review


def _ask(
    review: Review, cadence: Cadence, actor: User | None, day: dt.date, now: dt.datetime
) -> Survey | None:
    """Ask four questions of those concerned; of fewer than five nobody is asked, and the figures speak alone."""
    audience = whom_to_ask(cadence, day)
    if how_many(audience, day) < FEWEST:
        return None
    survey = create_survey(
        actor=actor,
        kind=SurveyKind.REVIEW,
        title=review.title,
        introduction=sets()["review"].introduction[review.language],
        language=review.language,
        questions=[
            QuestionDraft(code, kind, text, choices, is_needed)
            for code, kind, text, choices, is_needed in questions_of(review.language)
        ],
        audience=audience,
        cut=Cut.FUNCTION,
        series=f"review-{cadence.pk}",
        closes_on=day + OPEN_FOR,
        subject_kind=Kind.REVIEW,
        subject_id=review.pk,
        now=now,
    )
    open_survey(actor=actor, survey=survey, now=now)
    survey.refresh_from_db()
    return survey


@transaction.atomic
def open_due_reviews(*, actor: User | None, now: dt.datetime) -> list[Review]:
    """Look back at everything whose day has come; what cannot be is left for the next day, and keeps back nothing."""
    found = []
    for row in due_cadences(clock.today(now)):
        with suppress(Refusal), transaction.atomic():
            found.append(open_review(actor=actor, cadence=row, now=now))
    return found


@transaction.atomic
def gather_answers(*, actor: User | None, now: dt.datetime) -> int:
    """Put to be decided the reviews whose answers are in."""
    found = list(answered(clock.today(now)))
    for one in found:
        row = locked(one)
        tracker = audit.Tracker()
        tracker.change(row, state=ReviewState.TO_DECIDE)
        written("close", row, tracker, now, actor=actor)
    return len(found)


@transaction.atomic
def decide_review(
    *, actor: User, review: Review, verdict: str, reason: str, person: Person | None, now: dt.datetime
) -> AuditEntry:
    """Decide what becomes of it, with a reason; those who were asked are told, and the next review has its day."""
    row = locked(review)
    reason = reason.strip()
    if row.state == ReviewState.ASKING:
        raise StillAnswered(_("People are still answering: decide once their answers are in."))
    if row.state != ReviewState.TO_DECIDE:
        raise Over(_("This review is over: the next one decides again."))
    if verdict not in Verdict.values or not reason:
        raise NoReason(_("Choose what becomes of it, and say why: those who answered read it."))
    tracker = audit.Tracker()
    tracker.change(
        row,
        state=ReviewState.DECIDED,
        verdict=verdict,
        reason=reason[:4000],
        decided_by=person,
        decided_at=now,
    )
    _plan_next(tracker, row.cadence, verdict == Verdict.RETIRE, now)
    act_on_practice(row, actor=actor, now=now)
    return written("decide", row, tracker, now, actor=actor, verdict=verdict, mailed=_tell(row, now))


@transaction.atomic
def skip_review(*, actor: User, review: Review, reason: str, now: dt.datetime) -> AuditEntry:
    """Let a review be this time, with a reason."""
    row = locked(review)
    if row.state not in OPEN:
        raise NothingChanges(_("This review is over."))
    if row.state == ReviewState.ASKING:
        raise StillAnswered(_("People are still answering: decide once their answers are in."))
    if not reason.strip():
        raise NoReason(_("Say in one sentence why it is let be."))
    tracker = audit.Tracker()
    tracker.change(row, state=ReviewState.SKIPPED, reason=reason.strip()[:4000])
    _plan_next(tracker, row.cadence, False, now)
    return written("skip", row, tracker, now, actor=actor, reason=reason)


def _plan_next(tracker: audit.Tracker, cadence: Cadence, is_retired: bool, now: dt.datetime) -> None:
    if is_retired:
        tracker.change(cadence, ended_at=now)
    elif cadence.ended_at is None:
        tracker.change(cadence, next_on=months_after(clock.today(now), cadence.every_months))


def _tell(row: Review, now: dt.datetime) -> int:
    """Tell those who were asked what was decided, whether they answered or not; how many they are."""
    if row.survey_id is None:
        return 0
    asked = Invitation.objects.filter(survey=row.survey_id, sent_on__isnull=False).select_related(
        "person__user"
    )
    told = [one for one in asked.order_by("pk") if one.person.user_id or one.person.email]
    address = reverse("reviews:review-show", args=(row.pk,))
    letters = [
        Message(
            key=f"review_decided:{row.pk}:{one.person_id}", template="review_decided",
            particulars={"title": row.title, "verdict": row.verdict, "reason": row.reason},
            language=language_for(one.person, row.language), to_user=one.person.user,
            to_email="" if one.person.user else one.person.email, address=address,
        )
        for one in told
    ]  # fmt: skip
    queue_messages(letters, now)
    return len(told)


@transaction.atomic
def add_finding(
    *, actor: User, review: Review, line: str, pain_point: PainPoint | None = None, now: dt.datetime
) -> AuditEntry:
    """Note what a review found: new evidence of a pain point that is known, or of one that is raised from it."""
    row = locked(review)
    line = " ".join(line.split())[:500]
    if not line:
        raise NoLine(_("Say in one sentence what was found."))
    tracker = audit.Tracker()
    finding = Finding(review=row, line=line, language=row.language, made_by=actor, created_at=now)
    tracker.create(finding)
    shown: dict[str, Any] = {"kind": Kind.FINDING, "object_id": finding.pk, "why": line}
    draft = EvidenceDraft(seen_on=row.frozen_on, **shown)
    if pain_point is None:
        pain_point = raise_pain_point(
            actor=actor, title=line[:200], language=row.language, evidence=[draft], now=now
        )
    else:
        tie_evidence(actor=actor, pain_point=pain_point, draft=draft, now=now)
    tracker.change(finding, pain_point=pain_point)
    return written("note", row, tracker, now, actor=actor, line=line)
