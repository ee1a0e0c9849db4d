"""The charter, the two audits with their quick wins, what is asked again, stances, and help given."""

import datetime as dt
from decimal import Decimal
from functools import partial

from vertebra.accounts.labels import Kind
from vertebra.demo import content
from vertebra.demo.content import Sheet
from vertebra.demo.heard import OPS
from vertebra.demo.rows import at
from vertebra.demo.timeline import months_before
from vertebra.demo.understood import Replay
from vertebra.discovery.actions.audit_publishing import freeze_audit, publish_audit
from vertebra.discovery.actions.audits import change_audit, create_audit
from vertebra.discovery.actions.charters import publish_charter, start_charter, write_charter
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
from vertebra.discovery.actions.pain_states import confirm_pain_points, put_to_directors
from vertebra.discovery.actions.quick_wins import (
    deliver_quick_win,
    drop_quick_win,
    propose_quick_win,
    start_quick_win,
)
from vertebra.discovery.actions.re_asks import NobodyToAsk, ask_again, plan_delivery, read_answers
from vertebra.discovery.actions.stances import note_stance
from vertebra.discovery.labels import HelpForm
from vertebra.discovery.models import Audit, Campaign, Charter, HelpRequest, PainPoint, QuickWin, ReAsk
from vertebra.evidence.actions.surveys import close_survey
from vertebra.kit.cards import Card
from vertebra.org.models import Person, Unit

CONFIRMED = 9
TO_DIRECTORS = 7
TOWARDS = (-2, -1, -1, 0, 0, 1, 1, 1, 2)


def plan_everything(replay: Replay) -> None:
    """All that is done beside listening: each step plans what follows from it."""
    replay.plan(at(months_before(replay.until, 29), 9, 0), partial(_charter, replay, ""))
    for sheet in content.listening()["campaign"]:
        if sheet["ago"]:
            day = months_before(replay.until, sheet["ago"]) + dt.timedelta(days=31)
            replay.plan(at(day, 10, 0), partial(_audit, replay, sheet))
    sheets = content.listening()["help"]
    for number in range(4 * len(sheets) if replay.company.profile.people > 200 else 2 * len(sheets)):
        day = replay.company.timeline.day_in(replay.chance.randint(11, 36), replay.chance)
        replay.plan(at(day, 11, 0), partial(_help, replay, sheets[number % len(sheets)]))


def _charter(replay: Replay, changed: str, now: dt.datetime) -> None:
    actor = replay.who(now.date())
    start_charter(actor=actor, language="fr", now=now)
    charter = Charter.objects.filter(published_at=None, language="fr").get()
    words = {part: text.strip() for part, text in content.listening()["charter"].items()}
    if changed:
        words["what_changed"] = changed
    write_charter(actor=actor, charter=charter, words=words, now=now)
    publish_charter(actor=actor, charter=charter, now=now + dt.timedelta(days=2))


def _audit(replay: Replay, sheet: Sheet, now: dt.datetime) -> None:
    """Assemble, write, freeze and publish an audit; confirm what it shows, and propose its quick wins."""
    replay.count(now)
    actor = replay.who(now.date())
    campaign = Campaign.objects.get(pk=replay.heard.campaigns[sheet["key"]])
    made = create_audit(actor=actor, title=sheet["audit"], language="fr", campaigns=[campaign], now=now)
    audit = Audit.objects.latest("pk") if not isinstance(made, Audit) else made
    change_audit(actor=actor, audit=audit, changes={"introduction": sheet["introduction"]}, now=now)
    later = now + dt.timedelta(days=6)
    ranked = [item.pain_point for item in audit.items.select_related("pain_point").order_by("rank")]
    confirm_pain_points(actor=actor, pain_points=ranked[:CONFIRMED], now=later)
    _propose(replay, sheet["key"], audit, later)
    freeze_audit(actor=actor, audit=audit, now=later)
    publish_audit(actor=actor, audit=audit, now=later + dt.timedelta(hours=2))
    put_to_directors(actor=actor, pain_points=ranked[:TO_DIRECTORS], now=later + dt.timedelta(days=1))
    _note_stances(replay, ranked[:3], later)
    _plan_asking(replay)
    names = ", ".join(f"« {row.title} »" for row in ranked[:3])
    changed = f"Vous nous avez surtout parlé de {names}. Nous commençons par là."
    replay.plan(later + dt.timedelta(days=9), partial(_charter, replay, changed))


def _propose(replay: Replay, key: str, audit: Audit, now: dt.datetime) -> None:
    for sheet in content.listening()["quick_win"]:
        pain_point = replay.pain_points.get(sheet["hurt"])
        if sheet["campaign"] != key or pain_point is None:
            continue
        owner = replay.company.cast[replay.company.there_on(OPS, now.date()) or "ines"]
        row = propose_quick_win(
            actor=replay.who(now.date()),
            pain_point=pain_point,
            title=sheet["title"],
            days=sheet["days"],
            language="fr",
            owner=Person.objects.get(pk=owner.id),
            audit=audit,
            now=now,
        )
        if sheet["state"] != "proposed":
            replay.plan(now + dt.timedelta(days=12), partial(_start, replay, sheet, row))


def _start(replay: Replay, sheet: Sheet, row: QuickWin, now: dt.datetime) -> None:
    actor = replay.who(now.date())
    if sheet["state"] == "dropped":
        drop_quick_win(actor=actor, quick_win=row, reason=sheet["reason"], now=now)
        return
    start_quick_win(actor=actor, quick_win=row, now=now)
    if sheet["state"] == "delivered":
        replay.plan(now + dt.timedelta(days=20 + row.days), partial(_deliver, replay, row))


def _deliver(replay: Replay, row: QuickWin, now: dt.datetime) -> None:
    actor = replay.who(now.date())
    deliver_quick_win(actor=actor, quick_win=row, now=now)
    plan_delivery(actor=actor, pain_point=PainPoint.objects.get(pk=row.pain_point_id), now=now)
    _plan_asking(replay)


def _plan_asking(replay: Replay) -> None:
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
        replay.answers.answer(survey, lambda function: hurt.felt(function, now.date(), replay.chance))
        replay.plan(now + dt.timedelta(days=14), partial(_read, replay, re_ask))


def _read(replay: Replay, re_ask: ReAsk, now: dt.datetime) -> None:
    re_ask.refresh_from_db()
    if re_ask.survey is not None:
        close_survey(actor=None, survey=re_ask.survey, now=now)
        re_ask.survey.refresh_from_db()
        read_answers(actor=None, re_ask=re_ask, now=now)


def _note_stances(replay: Replay, rows: list[PainPoint], now: dt.datetime) -> None:
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
