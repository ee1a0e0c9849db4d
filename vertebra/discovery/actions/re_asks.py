"""The one question of a pain point: asked of those it hurts before, at delivery and six months later, and read."""

import datetime as dt

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from vertebra.accounts.audit import NothingChanges, Refusal, Tracker
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.analysis.re_ask import still_hurts
from vertebra.discovery.actions.follow_up import index_pain_points, plan_asking, record, tell_followers
from vertebra.discovery.labels import PAIN_SETTLED, Moment, PainState
from vertebra.discovery.models import PainPoint, ReAsk
from vertebra.discovery.queries.hurting import groups_of, people_of
from vertebra.discovery.queries.re_asks import COST, MORE, before_of, question_of, reading_of
from vertebra.evidence.actions.surveys import (
    QuestionDraft,
    TooFewPeople,
    close_survey,
    create_survey,
    open_survey,
)
from vertebra.evidence.labels import Cut, QuestionKind, SurveyKind, SurveyState
from vertebra.evidence.queries.results import results_of
from vertebra.kit import clock

OPEN_FOR = dt.timedelta(days=14)


class NobodyToAsk(Refusal):
    """Fewer than five people would be asked: what they answer could not be shown."""


class AskedAlready(Refusal):
    """The question is being answered, or was asked before."""


class NoReason(Refusal):
    """Skipping an asking needs a reason."""


@transaction.atomic
def ask_again(*, actor: User | None, re_ask: ReAsk, now: dt.datetime) -> AuditEntry:
    """Put the question of a pain point to those it hurts now, for two weeks."""
    re_ask = ReAsk.objects.select_for_update(of=("self",)).select_related("pain_point").get(pk=re_ask.pk)
    pain_point = re_ask.pain_point
    if re_ask.survey_id or re_ask.cancelled_at:
        raise AskedAlready(_("This was asked or skipped before."))
    if pain_point.re_asks.filter(survey__state=SurveyState.OPEN).exists():
        raise AskedAlready(_("The question is being answered now: wait until that is over."))
    day = clock.today(now)
    people = list(people_of(groups_of(pain_point.groups.all()), day)) if pain_point.groups.exists() else []
    with translation.override(pain_point.language):
        question, more = question_of(pain_point), _("One line, if you like: what would help?")
        introduction = _("About: %(title)s") % {"title": pain_point.title}
    try:
        survey = create_survey(
            actor=actor,
            kind=SurveyKind.RE_ASK,
            title=pain_point.title,
            introduction=introduction,
            language=pain_point.language,
            questions=[
                QuestionDraft(COST, QuestionKind.SCALE, question, is_required=True),
                QuestionDraft(MORE, QuestionKind.TEXT, more),
            ],
            people=people,
            cut=Cut.FUNCTION,
            closes_on=day + OPEN_FOR,
            subject_kind=Kind.PAIN_POINT,
            subject_id=pain_point.pk,
            now=now,
        )
        open_survey(actor=actor, survey=survey, now=now)
    except TooFewPeople as refusal:
        raise NobodyToAsk(
            _("Fewer than five people could be asked: say first whom it hurts, more widely.")
        ) from refusal
    tracker = Tracker()
    tracker.change(re_ask, survey=survey)
    return record(actor, "ask_cost", pain_point, tracker, now, moment=re_ask.moment)


@transaction.atomic
def ask_now(*, actor: User, pain_point: PainPoint, now: dt.datetime) -> AuditEntry:
    """Ask without waiting for the day: what is due next, else once more."""
    waiting = pain_point.re_asks.filter(survey__isnull=True, cancelled_at__isnull=True)
    re_ask = waiting.order_by("due_on", "pk").first()
    if re_ask is None:
        asked = pain_point.re_asks.filter(survey__isnull=False)
        is_delivered = pain_point.state == PainState.SETTLED or asked.filter(moment=Moment.DELIVERY).exists()
        moment = Moment.DELIVERY if is_delivered else Moment.BEFORE
        re_ask, is_new = ReAsk.objects.get_or_create(
            pain_point=pain_point, moment=moment, due_on=clock.today(now)
        )
        if not is_new and re_ask.survey_id:
            raise AskedAlready(_("This was asked or skipped before."))
        ReAsk.objects.filter(pk=re_ask.pk).update(cancelled_at=None)
    return ask_again(actor=actor, re_ask=re_ask, now=now)


@transaction.atomic
def plan_delivery(*, actor: User | None, pain_point: PainPoint, now: dt.datetime) -> AuditEntry:
    """Something that relieves a pain point was delivered: ask what it still costs, now and in six months."""
    tracker = Tracker()
    plan_asking(tracker, pain_point, Moment.DELIVERY, clock.today(now))
    return record(actor, "change", pain_point, tracker, now)


@transaction.atomic
def skip_re_ask(*, actor: User, re_ask: ReAsk, reason: str, now: dt.datetime) -> AuditEntry:
    """Do not ask this time, and say why."""
    if not reason.strip():
        raise NoReason(_("Say why it is not asked this time: the figure will be missing."))
    re_ask = ReAsk.objects.select_for_update(of=("self",)).select_related("pain_point").get(pk=re_ask.pk)
    if re_ask.survey_id or re_ask.cancelled_at:
        raise AskedAlready(_("This was asked or skipped before."))
    tracker = Tracker()
    tracker.change(re_ask, cancelled_at=now, reason=reason.strip())
    return record(
        actor, "skip", re_ask.pain_point, tracker, now, to_name=reason.strip(), moment=re_ask.moment
    )


@transaction.atomic
def change_question(*, actor: User, pain_point: PainPoint, question: str, now: dt.datetime) -> AuditEntry:
    """Word the question of a pain point, before it is asked for the first time: after, answers could not be compared."""
    row = PainPoint.objects.select_for_update().get(pk=pain_point.pk)
    if row.re_asks.filter(survey__isnull=False).exists():
        raise AskedAlready(
            _("The question was asked already: it stays the same, so that answers can be compared.")
        )
    tracker = Tracker()
    before = question_of(row)
    if not tracker.change(row, question=" ".join(question.split())):
        raise NothingChanges(_("It is said like this already."))
    return record(actor, "change", row, tracker, now, changes={"question": [before, question_of(row)]})


@transaction.atomic
def read_answers(*, actor: User | None, re_ask: ReAsk, now: dt.datetime) -> AuditEntry:
    """Keep what those it hurts answered; an answer as bad as before opens a settled pain point again."""
    re_ask = (
        ReAsk.objects.select_for_update(of=("self",)).select_related("pain_point", "survey").get(pk=re_ask.pk)
    )
    if re_ask.survey is None or re_ask.read_at:
        raise AskedAlready(_("There is nothing to read: it was not asked, or was read before."))
    if re_ask.survey.state == SurveyState.OPEN:
        close_survey(actor=actor, survey=re_ask.survey, now=now)
        re_ask.survey.refresh_from_db()
    figure = results_of(re_ask.survey).whole.figure(COST)
    tracker = Tracker()
    tracker.change(
        re_ask, answered=figure.answered, mean=figure.mean, low=figure.low, high=figure.high, read_at=now
    )
    pain_point = PainPoint.objects.select_for_update().get(pk=re_ask.pain_point_id)
    is_later = re_ask.moment != Moment.BEFORE
    is_back = is_later and still_hurts(reading_of(re_ask), reading_of(before_of(pain_point)))
    is_back = is_back and pain_point.state in PAIN_SETTLED
    if is_back:
        tracker.change(pain_point, state=PainState.CONFIRMED, reason="", changed_at=now)
    verb, why = ("reopen", "re_ask") if is_back else ("read_cost", "")
    entry = record(actor, verb, pain_point, tracker, now, why=why, moment=re_ask.moment)
    if is_back:
        tell_followers(pain_point, entry=entry, actor=actor, now=now, is_back=True)
        index_pain_points([pain_point.pk], now)
    return entry
