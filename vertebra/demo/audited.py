"""The charter, the two audits as they were read and published, and the quick wins that they proposed."""

import datetime as dt
import random
from functools import partial

from vertebra.demo import content
from vertebra.demo.acted import note_stances, plan_asking
from vertebra.demo.content import Sheet
from vertebra.demo.heard import OPS
from vertebra.demo.hurts import Hurt
from vertebra.demo.rows import LANGUAGE, at
from vertebra.demo.timeline import months_before
from vertebra.demo.understood import Replay
from vertebra.discovery.actions.audit_parts import record
from vertebra.discovery.actions.audit_publishing import freeze_audit, publish_audit
from vertebra.discovery.actions.audit_readings import add_missing
from vertebra.discovery.actions.audits import change_audit, create_audit
from vertebra.discovery.actions.charters import publish_charter, start_charter, write_charter
from vertebra.discovery.actions.pain_states import confirm_pain_points, put_to_directors
from vertebra.discovery.actions.quick_wins import propose_quick_win
from vertebra.discovery.actions.re_asks import plan_delivery
from vertebra.discovery.labels import AuditState, Verdict
from vertebra.discovery.models import (
    Audit,
    AuditOpinion,
    AuditReading,
    Campaign,
    Charter,
    PainPoint,
    QuickWin,
)
from vertebra.discovery.queries.audit_figures import Scope
from vertebra.org.models import Membership, Person
from vertebra.roadmap.actions.proposals import undertake_quick_win
from vertebra.roadmap.actions.results import measure_result
from vertebra.roadmap.actions.states import close_initiative, deliver_initiative, start_initiative
from vertebra.roadmap.labels.initiatives import Outcome
from vertebra.roadmap.labels.results import EffectVerdict
from vertebra.roadmap.models import Initiative
from vertebra.roadmap.queries.baselines import latest_answers

CONFIRMED = 9
TO_DIRECTORS = 7
READ_FOR, WRITE_FOR = dt.timedelta(days=8), dt.timedelta(days=12)
# Of those who get the draft; something is missing to whoever did not tell what hurts them, and thinks of it now.
SILENT, REMEMBERS, WRITES, HURTS = 0.2, 0.6, 0.3, 0.42
# Those relieved are asked at delivery and answer within weeks.
ANSWERED_AFTER = dt.timedelta(days=48)


def plan_audits(replay: Replay, chance: random.Random) -> None:
    """The charter, then an audit at the end of each campaign that is over: each step plans what follows from it."""
    replay.plan(at(months_before(replay.until, 29), 9, 0), partial(_charter, replay, ""))
    for sheet in content.listening()["campaign"]:
        if sheet["ago"]:
            day = months_before(replay.until, sheet["ago"]) + dt.timedelta(days=31)
            replay.plan(at(day, 10, 0), _Auditing(replay, sheet, chance).write)


def _charter(replay: Replay, changed: str, now: dt.datetime) -> None:
    actor = replay.who(now.date())
    start_charter(actor=actor, language=LANGUAGE, now=now)
    charter = Charter.objects.filter(published_at=None, language=LANGUAGE).get()
    words = {part: text.strip() for part, text in content.listening()["charter"].items()}
    if changed:
        words["what_changed"] = changed
    write_charter(actor=actor, charter=charter, words=words, now=now)
    publish_charter(actor=actor, charter=charter, now=now + dt.timedelta(days=2))


class _Auditing:
    """One audit, from its assembly to what is done next."""

    def __init__(self, replay: Replay, sheet: Sheet, chance: random.Random) -> None:
        self.replay, self.sheet, self.chance = replay, sheet, chance

    def write(self, now: dt.datetime) -> None:
        """Assemble the audit and introduce it; those heard are asked to read it the day after."""
        replay, actor = self.replay, self.replay.who(now.date())
        replay.count(now)
        campaign = Campaign.objects.get(pk=replay.heard.campaigns[self.sheet["key"]])
        audit = create_audit(
            actor=actor, title=self.sheet["audit"], language=LANGUAGE, campaigns=[campaign], now=now
        )
        introduction = {"introduction": self.sheet["introduction"]}
        change_audit(actor=actor, audit=audit, changes=introduction, now=now + dt.timedelta(hours=3))
        replay.plan(now + dt.timedelta(days=1), partial(self._let_read, audit))
        replay.plan(now + WRITE_FOR, partial(self._publish, audit))

    def _let_read(self, audit: Audit, now: dt.datetime) -> None:
        """Those heard who are still here get the draft; each answers on a day of their own, or never."""
        audit.state, audit.reading_until = AuditState.READING, (now + READ_FOR).date()
        audit.save(update_fields=["state", "reading_until"])
        heard = Scope.of(audit).interviews().filter(person__isnull=False).values("person")
        people = list(Person.objects.present_on(now.date()).filter(pk__in=heard).order_by("pk"))
        self.chance.shuffle(people)
        # Not through the action, whose links and order are of chance: here the same day gives the same rows.
        made = [AuditReading(audit=audit, person=person, invited_at=now) for person in people]
        AuditReading.objects.bulk_create(made)
        asked = len(made)
        record(self.replay.who(now.date()), "invite", audit, now, mailed=True, count=asked, sent=asked)
        functions = dict(Membership.objects.as_of(now.date()).values_list("person_id", "function"))
        for reading in audit.readings.order_by("pk"):
            if self.chance.random() >= SILENT:
                day = now.date() + dt.timedelta(days=self.chance.randint(1, READ_FOR.days - 1))
                function = functions.get(reading.person_id, "")
                self.replay.plan(at(day, 18, 0), partial(self._answer, audit, reading, function))

    def _answer(self, audit: Audit, reading: AuditReading, function: str, now: dt.datetime) -> None:
        """Kept as a link would keep it: that somebody answered, and apart from it what was said."""
        left = self._untold(reading.person_id, function, now.date())
        if left and self.chance.random() < REMEMBERS:
            words = self.chance.choice(left[0].says[function])
            line = self.chance.choice(content.listening()["reading"]["missing"])
            comment, verdict = line.format(words=words), Verdict.MISSING
        else:
            kind = content.listening()["reading"]["kind"]
            comment = self.chance.choice(kind) if self.chance.random() < WRITES else ""
            verdict = Verdict.THATS_IT
        AuditReading.objects.filter(pk=reading.pk).update(has_answered=True)
        number, key = self.chance.getrandbits(62), f"{self.chance.getrandbits(256):064x}"
        opinion = AuditOpinion.objects.create(
            id=number, audit=audit, key=key, verdict=verdict, comment=comment
        )
        if verdict == Verdict.MISSING:
            self.replay.plan(now + dt.timedelta(hours=16), partial(self._add, opinion, left[0]))

    def _untold(self, person: int, function: str, day: dt.date) -> list[Hurt]:
        """What hurts somebody who did not speak of it, most first."""
        told = {said.hurt.key for said in self.replay.heard.said if said.work.person.id == person}
        felt = [
            (hurt.felt(function, day, self.chance), hurt)
            for hurt in self.replay.hurts
            if function in hurt.says and hurt.key not in told
        ]
        return [hurt for level, hurt in sorted(felt, key=lambda pair: -pair[0]) if level > HURTS]

    def _add(self, opinion: AuditOpinion, hurt: Hurt, now: dt.datetime) -> None:
        """What a reader misses becomes an item, unless the audit speaks of it already."""
        known = self.replay.pain_points.get(hurt.key)
        if known is None or opinion.audit.items.filter(pain_point=known).exists():
            return
        add_missing(actor=self.replay.who(now.date()), opinion=opinion, pain_point=known, now=now)

    def _publish(self, audit: Audit, now: dt.datetime) -> None:
        """Freeze and publish; confirm what the audit shows, propose its quick wins, and begin to ask again."""
        replay, actor = self.replay, self.replay.who(now.date())
        audit.refresh_from_db()
        ranked = [item.pain_point for item in audit.items.select_related("pain_point").order_by("rank")]
        confirm_pain_points(actor=actor, pain_points=ranked[:CONFIRMED], now=now)
        _propose(replay, self.sheet["key"], audit, now)
        freeze_audit(actor=actor, audit=audit, now=now)
        publish_audit(actor=actor, audit=audit, now=now + dt.timedelta(hours=2))
        put_to_directors(actor=actor, pain_points=ranked[:TO_DIRECTORS], now=now + dt.timedelta(days=1))
        note_stances(replay, ranked[:3], now)
        plan_asking(replay)
        names = ", ".join(f"« {row.title} »" for row in ranked[:3])
        changed = f"Vous nous avez surtout parlé de {names}. Nous commençons par là."
        replay.plan(now + dt.timedelta(days=9), partial(_charter, replay, changed))


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
            language=LANGUAGE,
            owner=Person.objects.get(pk=owner.id),
            audit=audit,
            now=now,
        )
        if sheet["state"] != "proposed":
            replay.plan(now + dt.timedelta(days=12), partial(_start, replay, sheet, row))


def _start(replay: Replay, sheet: Sheet, quick_win: QuickWin, now: dt.datetime) -> None:
    """Undertake it, from the latest answers of those it relieves; where nobody was asked yet, that is said."""
    actor = replay.who(now.date())
    row = undertake_quick_win(actor=actor, quick_win=quick_win, now=now)
    later = now + dt.timedelta(hours=1)
    if sheet["state"] == "dropped":
        reason = sheet["reason"]
        close_initiative(actor=actor, initiative=row, outcome=Outcome.STOPPED, reason=reason, now=later)
        return
    answers = latest_answers(quick_win.pain_point)
    reason = "" if answers else content.acting()["close"]["no_baseline"]
    start_initiative(actor=actor, initiative=row, reason=reason, now=later)
    if sheet["state"] == "delivered":
        replay.plan(now + dt.timedelta(days=20 + quick_win.days), partial(_deliver, replay, row, quick_win))


def _deliver(replay: Replay, row: Initiative, quick_win: QuickWin, now: dt.datetime) -> None:
    actor = replay.who(now.date())
    deliver_initiative(actor=actor, initiative=row, now=now)
    plan_delivery(actor=actor, pain_point=PainPoint.objects.get(pk=quick_win.pain_point_id), now=now)
    plan_asking(replay)
    replay.plan(now + ANSWERED_AFTER, partial(_close, replay, row))


def _close(replay: Replay, row: Initiative, now: dt.datetime) -> None:
    """What those it relieves answered says what came of it; where nobody was asked before, nothing can."""
    words, actor = content.acting()["close"], replay.who(now.date())
    verdict = ""
    for key_result in row.key_results.filter(fixed_at__isnull=False):
        measure_result(actor=None, key_result=key_result, now=now)
        verdict = key_result.results.get(superseded_at=None).verdict
    outcome = Outcome.ACHIEVED if verdict in ("", EffectVerdict.BETTER) else Outcome.MISSED
    outcome = Outcome.CANNOT_TELL if verdict == EffectVerdict.CANNOT_TELL else outcome
    close_initiative(
        actor=actor,
        initiative=row,
        outcome=outcome,
        reason="" if verdict else words["no_figure"],
        lesson=words[outcome.value][0],
        now=now + dt.timedelta(hours=2),
    )
