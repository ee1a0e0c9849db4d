"""Decisions: what, why, against what, with which dissent, by whom; what came in the middle and what it displaced."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from vertebra.accounts import audit
from vertebra.accounts.actions.thread import tie, untie
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit import clock
from vertebra.kit.jobs import enqueue_once
from vertebra.org.models import Person
from vertebra.roadmap.actions.cycle_steps import in_state, index_decision, record
from vertebra.roadmap.actions.cycles import TOPIC_STATES
from vertebra.roadmap.actions.initiatives import create_initiative
from vertebra.roadmap.actions.voices import index_topics, locked
from vertebra.roadmap.labels.topics import CycleState, TopicState, Verdict
from vertebra.roadmap.models import Cycle, Decision, Initiative, TableTopic, Topic
from vertebra.roadmap.queries.decisions import carried_out_by, held_at_table


class NoReason(Refusal):
    """A decision says what is decided and why."""


class NotOnTable(Refusal):
    """What is decided lies on the table, or comes in the middle of the quarter."""


class NotChosen(Refusal):
    """What was chosen, and published, is carried out."""


class CarriedOut(Refusal):
    """One initiative carries a decision out."""


@transaction.atomic
def decide(
    *,
    actor: User,
    topic: Topic,
    cycle: Cycle | None,
    verdict: str,
    what: str,
    why: str,
    alternatives: str = "",
    dissent: str = "",
    decided_by: Sequence[Person] = (),
    displaces: Sequence[Topic] = (),
    language: str,
    other_words: Mapping[str, Mapping[str, str]] | None = None,
    now: dt.datetime,
) -> Decision:
    """Decide a topic. On a table being decided it is told with all others; in the middle of a quarter at once."""
    row = locked(topic)
    if not what.strip() or not why.strip():
        raise NoReason(_("Say what is decided, and why: those who raised it will read both."))
    held = in_state(cycle, CycleState.ARBITRATING, CycleState.PUBLISHED) if cycle else None
    is_mid = held is None or held.state == CycleState.PUBLISHED
    tracker = audit.Tracker()
    if held is not None and not held.table.filter(topic=row).exists():
        if not is_mid:
            raise NotOnTable(_("“%(title)s” does not lie on this table.") % {"title": row.title})
        tracker.create(TableTopic(cycle=held, topic=row, position=999, added_at=now, is_mid_cycle=True))
    before = Decision.objects.select_for_update(of=("self",)).filter(topic=row, replaced_by=None).first()
    if displaces and not (is_mid and verdict == Verdict.CHOSEN):
        raise NotOnTable(_("Only what is chosen in the middle of a quarter displaces something."))
    decision = Decision(
        topic=row, cycle=held, verdict=verdict, what=what.strip(), why=why.strip(),
        alternatives=alternatives.strip(), dissent=dissent.strip(), language=language,
        other_words=_kept(other_words), decided_on=clock.today(now), is_mid_cycle=is_mid, replaces=before,
        published_at=now if is_mid else None, made_by=actor, created_at=now,
    )  # fmt: skip
    _write(tracker, decision, decided_by, actor, now)
    for other in displaces:
        _displace(tracker, decision, locked(other), decided_by, actor, now)
    _record(actor, "decide", decision, tracker, now)
    return decision


def _kept(words: Mapping[str, Mapping[str, str]] | None) -> dict[str, dict[str, str]]:
    """The other languages in which both what and why are said."""
    found = {}
    for language, said in (words or {}).items():
        kept = {name: said.get(name, "").strip() for name in ("what", "why")}
        if all(kept.values()):
            found[language] = kept
    return found


def _write(
    tracker: audit.Tracker, decision: Decision, people: Sequence[Person], actor: User, now: dt.datetime
) -> None:
    tracker.create(decision)
    tracker.relate(decision, "decided_by", people)
    me, topic = (Kind.DECISION, decision.pk), (Kind.TOPIC, decision.topic_id)
    tie(tracker, me, Relation.DECIDES, topic, by=actor, now=now)
    if decision.replaces_id:
        untie(tracker, (Kind.DECISION, decision.replaces_id), Relation.DECIDES, topic, now=now)
        tie(tracker, me, Relation.REPLACES, (Kind.DECISION, decision.replaces_id), by=actor, now=now)
    if decision.published_at:
        state = TOPIC_STATES[Verdict(decision.verdict)]
        tracker.change(decision.topic, state=state, changed_at=now)
        index_topics([decision.topic], now)
        enqueue_once("vertebra.roadmap.jobs.cycles.answer_everybody")
    index_decision(decision, now)


def _displace(
    tracker: audit.Tracker,
    by: Decision,
    topic: Topic,
    people: Sequence[Person],
    actor: User,
    now: dt.datetime,
) -> None:
    """Note what gives way to something more urgent: those who raised it are told so, with the reason."""
    if topic.pk == by.topic_id or topic.state != TopicState.CHOSEN:
        raise NotOnTable(_("“%(title)s” was not chosen: it gives way to nothing.") % {"title": topic.title})
    words = {}
    for language in {by.language, *by.other_words}:
        with override(language):
            why = by.other_words.get(language, {}).get("why", by.why)
            words[language] = {"what": _("“%(title)s” gives way.") % {"title": topic.title}, "why": why}
    own = words.pop(by.language)
    before = Decision.objects.filter(topic=topic, replaced_by=None).first()
    displaced = Decision(
        topic=topic, cycle=by.cycle, verdict=Verdict.DISPLACED, what=own["what"], why=own["why"],
        language=by.language, other_words=words, decided_on=by.decided_on, is_mid_cycle=True, replaces=before,
        published_at=now, made_by=actor, created_at=now,
    )  # fmt: skip
    _write(tracker, displaced, people, actor, now)
    by.displaces.add(topic)


@transaction.atomic
def decide_rest(*, actor: User, cycle: Cycle, why: str, language: str, now: dt.datetime) -> AuditEntry:
    """Put everything that is not decided on the list of what is not done now, with one reason."""
    held = in_state(cycle, CycleState.ARBITRATING)
    if not why.strip():
        raise NoReason(_("Say why: those who raised them will read it."))
    decided = held_at_table().filter(cycle=held).values("topic")
    rows = held.table.exclude(topic__in=decided).select_related("topic")
    people = [seat.person for seat in held.seats.filter(ended_at=None).select_related("person")]
    tracker = audit.Tracker()
    for lying in rows:
        with override(language):
            what = _("Not this quarter.")
        before = Decision.objects.filter(topic=lying.topic, replaced_by=None).first()
        decision = Decision(
            topic=lying.topic, cycle=held, verdict=Verdict.NOT_NOW, what=what, why=why.strip(), language=language,
            decided_on=clock.today(now), replaces=before, made_by=actor, created_at=now,
        )  # fmt: skip
        _write(tracker, decision, people, actor, now)
    if not tracker.changes:
        raise NothingChanges(_("Everything on this table is decided."))
    return record(actor, "decide", held, now, tracker, count=len(rows))


@transaction.atomic
def carry_out(
    *,
    actor: User,
    decision: Decision,
    kind: str,
    title: str = "",
    lead: Person | None = None,
    due_on: dt.date | None = None,
    now: dt.datetime,
) -> Initiative:
    """Make an initiative of what was chosen: it carries the decision out, and answers the pain point behind it."""
    held = Decision.objects.select_for_update(of=("self",)).select_related("topic").get(pk=decision.pk)
    if held.verdict != Verdict.CHOSEN or held.published_at is None:
        raise NotChosen(_("What was chosen is carried out once the decision is published."))
    if (made := carried_out_by(held).first()) is not None:
        raise CarriedOut(_("“%(title)s” carries it out already.") % {"title": made.title})
    topic = held.topic
    hurts = (Kind.PAIN_POINT, topic.origin_id) if topic.origin_kind == Kind.PAIN_POINT else None
    return create_initiative(
        actor=actor,
        kind=kind,
        title=title or topic.title,
        language=topic.language,
        description=held.what,
        lead=lead,
        objective=topic.objective,
        field=topic.field,
        effort_days=topic.effort_days,
        due_on=due_on,
        carries_out=(Kind.DECISION, held.pk),
        answers=(str(hurts[0]), hurts[1]) if hurts and hurts[1] is not None else None,
        now=now,
    )


def _record(
    actor: User, verb: str, decision: Decision, tracker: audit.Tracker, now: dt.datetime
) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.TOPIC,
        object_id=decision.topic_id,
        object_name=decision.topic.title,
        particulars={"decision": decision.pk},
        now=now,
        # Once told it is not taken back, only followed by another.
        rows=() if decision.published_at else tracker.changes,
    )
