"""The steps of a quarterly table: opened, frozen, ranked, revealed, published, opened again with a reason."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.models import AuditEntry, User
from vertebra.analysis.privacy import in_steps
from vertebra.kit import clock
from vertebra.kit.jobs import enqueue_once
from vertebra.roadmap.actions.cycle_steps import NotNow, in_state, index_cycle, index_decision, locked, record
from vertebra.roadmap.actions.voices import index_topics
from vertebra.roadmap.labels.topics import CycleState, Rule, TopicState, Verdict
from vertebra.roadmap.models import Cycle, Seat, Topic
from vertebra.roadmap.queries.counting import counted_as
from vertebra.roadmap.queries.decisions import held_at_table
from vertebra.roadmap.queries.seats import counted, directors_on, missing_words
from vertebra.roadmap.queries.topics import Side, sides_of

FEWEST_TOPICS = 2
BEFORE = {
    CycleState.PUBLISHED: CycleState.ARBITRATING,
    CycleState.ARBITRATING: CycleState.RANKING,
    CycleState.RANKING: CycleState.COLLECTING,
    CycleState.FROZEN: CycleState.COLLECTING,
}
TOPIC_STATES = {
    Verdict.CHOSEN: TopicState.CHOSEN,
    Verdict.NOT_NOW: TopicState.NOT_NOW,
    Verdict.DECLINED: TopicState.DECLINED,
    Verdict.DISPLACED: TopicState.NOT_NOW,
}


class BadDates(Refusal):
    """A cycle collects, then ranks, and ends after it starts."""


class TooFewTopics(Refusal):
    """There is something to rank from two topics on."""


class NoQuorum(Refusal):
    """Rankings are revealed once enough directors have ranked."""


class Undecided(Refusal):
    """A table is published once each topic on it is decided."""


class NoReason(Refusal):
    """Opening a step again needs a reason that stays visible."""


@dataclass(frozen=True, slots=True)
class CycleValues:
    """What a cycle is set up with."""

    title: str
    language: str
    starts_on: dt.date
    ends_on: dt.date
    freezes_on: dt.date
    ranks_until: dt.date
    rule: str = Rule.BORDA
    picks: int = 5
    lens: str = ""
    criteria: list[dict[str, str]] = field(default_factory=list)
    quorum: int = 3
    capacity_days: int | None = None


@transaction.atomic
def open_cycle(*, actor: User, values: CycleValues, now: dt.datetime) -> Cycle:
    """Open a table for a quarter; the directors of product, design and engineering of the day sit at it."""
    _check(asdict(values))
    cycle = Cycle(**asdict(values), made_by=actor, created_at=now, opened_at=now)
    tracker = audit.Tracker()
    tracker.create(cycle)
    for person, function in directors_on(clock.today(now)):
        tracker.create(Seat(cycle=cycle, person=person, function=function))
    index_cycle(cycle, now)
    record(actor, "open", cycle, now, tracker)
    return cycle


def _check(values: Mapping[str, Any]) -> None:
    if not " ".join(values["title"].split()):
        raise BadDates(_("Give the table a name, such as its quarter."))
    if values["ends_on"] <= values["starts_on"]:
        raise BadDates(_("A quarter ends after it starts."))
    if values["ranks_until"] < values["freezes_on"]:
        raise BadDates(_("Rankings end on the day the topics are frozen, or later."))


@transaction.atomic
def change_cycle(*, actor: User, cycle: Cycle, values: CycleValues, now: dt.datetime) -> AuditEntry:
    """Change the dates, the rule, the quorum; once rankings are shown, only what does not touch them."""
    held = locked(cycle)
    _check(asdict(values))
    wanted = asdict(values)
    if held.revealed_at and any(
        wanted[name] != getattr(held, name) for name in ("rule", "picks", "lens", "criteria", "quorum")
    ):
        raise NotNow(_("The rankings are shown: how they are counted no longer changes."))
    tracker = audit.Tracker()
    if not tracker.change(held, **wanted):
        raise NothingChanges(_("Nothing changes: it is so already."))
    index_cycle(held, now)
    return record(actor, "change", held, now, tracker)


@transaction.atomic
def freeze_table(*, actor: User | None, cycle: Cycle, now: dt.datetime) -> AuditEntry:
    """Freeze the table: each topic stays as it is now, with what shows it, until it is decided."""
    held = in_state(cycle, CycleState.COLLECTING)
    rows = list(held.table.select_related("topic").order_by("position", "pk"))
    if len(rows) < FEWEST_TOPICS:
        raise TooFewTopics(_("Put two topics on the table before you freeze it."))
    sides = sides_of([row.topic for row in rows])
    tracker = audit.Tracker()
    for at, row in enumerate(rows, start=1):
        tracker.change(row, position=at, shown=_shown(row.topic, sides.get(row.topic_id, [])))
    _topics_are(tracker, TopicState.ON_TABLE, [row.topic for row in rows], now)
    _goes_to(tracker, held, CycleState.FROZEN)
    return record(actor, "freeze", held, now, tracker, is_step=True, count=len(rows))


def _shown(topic: Topic, sides: list[Side]) -> dict[str, Any]:
    """A topic as directors will see it: counts in steps, as for any reader."""
    people = in_steps(topic.people_count)
    return {
        "title": topic.title,
        "description": topic.description,
        "people": people,
        "teams": in_steps(topic.team_count) if people else 0,
        "functions": topic.function_count if people else None,
        "severity": topic.severity,
        "sides": [[side.function, side.people] for side in sides],
        "effort_days": topic.effort_days,
        "is_quick_win": topic.is_quick_win,
    }


def _goes_to(tracker: audit.Tracker, cycle: Cycle, state: CycleState, **values: Any) -> None:
    """Go to a step; what the rankings came to is in no row of the audit."""
    tracker.change(cycle, state=state)
    for name, value in values.items():
        setattr(cycle, name, value)
    if values:
        cycle.save(update_fields=list(values))


def _topics_are(tracker: audit.Tracker, state: TopicState, topics: list[Topic], now: dt.datetime) -> None:
    """Note it in the entry, so that no word is taken back to what it was under those who rank it."""
    for topic in topics:
        tracker.change(topic, state=state, changed_at=now)
    index_topics(topics, now)


@transaction.atomic
def open_ranking(*, actor: User, cycle: Cycle, now: dt.datetime) -> AuditEntry:
    """Ask the directors to rank: each gets a link of their own, as soon as they were not asked twice that week."""
    held = in_state(cycle, CycleState.FROZEN)
    if not held.seats.filter(ended_at=None).exists():
        raise NoQuorum(_("Nobody sits at the table yet: add the directors who rank."))
    if held.ranks_until < clock.today(now):
        raise BadDates(_("The last day to rank is over: choose a later one first."))
    tracker = audit.Tracker()
    _goes_to(tracker, held, CycleState.RANKING)
    enqueue_once("vertebra.roadmap.jobs.cycles.look_after_cycles")
    return record(actor, "start", held, now, tracker, is_step=True)


@transaction.atomic
def reveal_rankings(*, actor: User, cycle: Cycle, now: dt.datetime) -> AuditEntry:
    """Show all rankings to everybody at once, and keep the count as it was then.

    Ballots of elsewhere are counted on a frozen table, without asking anybody to rank.
    """
    held = in_state(cycle, CycleState.FROZEN, CycleState.RANKING)
    rankings = list(counted(held))
    if missing := missing_words(held, sum(one.weight for one in rankings)):
        raise NoQuorum(missing)
    count = counted_as(held, rankings, held.rule)
    tracker = audit.Tracker()
    _goes_to(tracker, held, CycleState.ARBITRATING, revealed_at=now, count=count)
    return record(actor, "reveal", held, now, tracker, is_step=True, count=len(rankings))


@transaction.atomic
def publish_cycle(*, actor: User, cycle: Cycle, now: dt.datetime) -> AuditEntry:
    """Publish every decision of the table; within the day whoever raised or relayed a topic is told."""
    held = in_state(cycle, CycleState.ARBITRATING)
    current = held_at_table().filter(cycle=held).select_related("topic").order_by("pk")
    decided = {one.topic_id: one for one in current}
    missing = [row.topic.title for row in held.table.select_related("topic") if row.topic_id not in decided]
    if missing:
        said = ngettext(
            "%(count)d topic is not decided yet: %(first)s",
            "%(count)d topics are not decided yet: %(first)s",
            len(missing),
        )
        raise Undecided(said % {"count": len(missing), "first": missing[0]})
    fresh = [one for one in decided.values() if one.published_at is None]
    tracker = audit.Tracker()
    for one in fresh:
        tracker.change(one, published_at=now)
        tracker.change(one.topic, state=TOPIC_STATES[Verdict(one.verdict)], changed_at=now)
        index_decision(one, now)
    index_topics([one.topic for one in fresh], now)
    _goes_to(tracker, held, CycleState.PUBLISHED, published_at=held.published_at or now)
    enqueue_once("vertebra.roadmap.jobs.cycles.answer_everybody")
    return record(actor, "publish", held, now, tracker, is_step=True, count=len(fresh))


@transaction.atomic
def reopen_cycle(*, actor: User, cycle: Cycle, reason: str, now: dt.datetime) -> AuditEntry:
    """Go one step back, with a reason that stays visible; nothing that was ranked or decided is lost."""
    held = locked(cycle)
    if not reason.strip():
        raise NoReason(_("Say why: the directors and those who wait for an answer read it."))
    if held.state not in BEFORE:
        raise NotNow(_("It is open: topics are still collected."))
    was = held.state
    state = BEFORE[CycleState(was)]
    values: dict[str, Any] = {"reopened_reason": reason.strip()[:2000]}
    if state == CycleState.RANKING:
        # Whoever ranks again has seen the others: the entry says that they were shown before.
        values |= {"revealed_at": None, "count": {}}
    tracker = audit.Tracker()
    if state == CycleState.COLLECTING:
        topics = [row.topic for row in held.table.select_related("topic")]
        _topics_are(tracker, TopicState.RAISED, topics, now)
    _goes_to(tracker, held, state, **values)
    return record(actor, "reopen", held, now, tracker, is_step=True, why=values["reopened_reason"], was=was)


@transaction.atomic
def archive_cycle(*, actor: User, cycle: Cycle, now: dt.datetime) -> AuditEntry:
    """Put away a table that never was: only while its topics are collected."""
    held = in_state(cycle, CycleState.COLLECTING)
    tracker = audit.Tracker()
    tracker.change(held, archived_at=now)
    return record(actor, "archive", held, now, tracker)
