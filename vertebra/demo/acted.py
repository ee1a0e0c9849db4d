"""What follows from what was understood: what is asked again, stances, and help given."""

import datetime as dt
from decimal import Decimal
from functools import partial

from vertebra.accounts.labels import Kind
from vertebra.demo import content
from vertebra.demo.content import Sheet
from vertebra.demo.heard import OPS
from vertebra.demo.rows import at
from vertebra.demo.understood import Replay
from vertebra.discovery.actions.help_requests import (
    Outcome,
    ask_for_help,
    decline_request,
    hand_back,
    plan_help,
    record_outcome,
    take_over,
    take_request,
)
from vertebra.discovery.actions.re_asks import NobodyToAsk, ask_again, read_answers
from vertebra.discovery.actions.stances import note_stance
from vertebra.discovery.labels import HelpForm
from vertebra.discovery.models import HelpRequest, PainPoint, ReAsk
from vertebra.evidence.actions.surveys import close_survey
from vertebra.kit.cards import Card
from vertebra.org.models import Person, Unit

TOWARDS = (-2, -1, -1, 0, 0, 1, 1, 1, 2)


def plan_requests(replay: Replay) -> None:
    """Help asked for and given over the years."""
    sheets = content.listening()["help"]
    for number in range(4 * len(sheets) if replay.company.profile.people > 200 else 2 * len(sheets)):
        day = replay.company.timeline.day_in(replay.chance.randint(11, 36), replay.chance)
        replay.plan(at(day, 11, 0), partial(_help, replay, sheets[number % len(sheets)]))


def plan_asking(replay: Replay) -> None:
    """Put each question on the day it is due."""
    for re_ask in ReAsk.objects.filter(survey=None, cancelled_at=None, reason="").order_by("due_on", "pk"):
        replay.plan(at(re_ask.due_on + dt.timedelta(days=2), 9, 0), partial(_ask, replay, re_ask))


def _ask(replay: Replay, re_ask: ReAsk, now: dt.datetime) -> None:
    re_ask.refresh_from_db()
    if re_ask.survey_id or re_ask.cancelled_at:
        return
    try:
        ask_again(actor=None, re_ask=re_ask, now=now)
    except NobodyToAsk:
        return
    re_ask.refresh_from_db()
    survey, hurt = re_ask.survey, replay.hurt_of[re_ask.pain_point_id]
    if survey is not None:
        hurt_most = sorted(hurt.says)

        def feel(function: str) -> float:
            """Those asked are those it hurts, also where several functions answer together."""
            one = function if function in hurt.says else replay.chance.choice(hurt_most)
            return hurt.felt(one, now.date(), replay.chance)

        say = replay.answers.under(survey, feel)
        read_at = now + dt.timedelta(days=14)
        replay.answers.answer(survey, say, is_open=read_at > at(replay.until, 8, 0))
        replay.plan(read_at, partial(_read, replay, re_ask))


def _read(replay: Replay, re_ask: ReAsk, now: dt.datetime) -> None:
    re_ask.refresh_from_db()
    if re_ask.survey is not None:
        close_survey(actor=None, survey=re_ask.survey, now=now)
        re_ask.survey.refresh_from_db()
        read_answers(actor=None, re_ask=re_ask, now=now)


def note_stances(replay: Replay, rows: list[PainPoint], now: dt.datetime) -> None:
    """How a few teams stand towards what was put first."""
    units = [unit for unit in replay.company.structure.units.values() if unit.kind == "team"]
    for row in rows:
        card = Card(Kind.PAIN_POINT, row.pk, row.title, f"/discovery/pain-points/{row.pk}/")
        for unit in replay.chance.sample(units, min(6, len(units))):
            note_stance(
                actor=replay.who(now.date()),
                subject=card,
                level=replay.chance.choice(TOWARDS),
                unit=Unit.objects.get(pk=unit.id),
                now=now,
            )


def _help(replay: Replay, sheet: Sheet, now: dt.datetime) -> None:
    """Somebody of the cast asks for help; Product Ops answers within days."""
    there = [
        key
        for key, person in replay.company.cast.items()
        if key not in OPS and person.joined_on <= now.date()
    ]
    if not there:
        return
    asking = replay.company.cast[replay.chance.choice(there)]
    ask_for_help(
        actor=replay.users[asking.email],
        sentence=sheet["sentence"],
        language="fr",
        unit=Unit.objects.filter(pk=asking.seat.home.id).first(),
        now=now,
    )
    request = HelpRequest.objects.latest("pk")
    replay.plan(
        now + dt.timedelta(days=replay.chance.randint(1, 6)), partial(_answer, replay, sheet, request)
    )


def _answer(replay: Replay, sheet: Sheet, request: HelpRequest, now: dt.datetime) -> None:
    actor, day = replay.who(now.date()), now.date() + dt.timedelta(days=replay.chance.randint(4, 15))
    if sheet.get("reason"):
        decline_request(actor=actor, request=request, reason=sheet["reason"], now=now)
        return
    take_request(actor=actor, request=request, now=now)
    request.refresh_from_db()
    if sheet["form"] == HelpForm.TAKEN_OVER:
        day += dt.timedelta(days=42)
        take_over(actor=actor, request=request, hand_back_on=day, now=now)
    else:
        plan_help(actor=actor, request=request, form=HelpForm(sheet["form"]), held_on=day, now=now)
    replay.plan(at(day, 17, 0), partial(_finish, replay, sheet, request))


def _finish(replay: Replay, sheet: Sheet, request: HelpRequest, now: dt.datetime) -> None:
    request.refresh_from_db()
    person = Person.objects.filter(user=request.asked_by).first()
    outcome = Outcome(sheet["outcome"], now.date(), Decimal(str(sheet["hours"])), person)
    finish = hand_back if sheet["form"] == HelpForm.TAKEN_OVER else record_outcome
    finish(actor=replay.who(now.date()), request=request, outcome=outcome, now=now)
