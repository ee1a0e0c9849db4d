"""Bringing in topics that another tool collected: one entry for all, and the same again changes nothing."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from vertebra.accounts import audit
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit.text import fold
from vertebra.org.empty_spaces import person_of
from vertebra.org.models import Field, Person
from vertebra.roadmap.actions.topic_rows import write_topic
from vertebra.roadmap.actions.voices import index_topics, locked, speak
from vertebra.roadmap.models import Objective, Topic


@dataclass(frozen=True, slots=True)
class ToldTopic:
    """One topic as another tool tells it, and who raised it there."""

    title: str
    description: str = ""
    origin: tuple[str, int] | None = None
    person: Person | None = None
    field: Field | None = None
    objective: Objective | None = None
    effort_days: int | None = None
    is_quick_win: bool = False


@dataclass(slots=True)
class Brought:
    """How many topics are new, got a voice, are as they were; the entry unless nothing had to change."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    entry: AuditEntry | None = None


@transaction.atomic
def bring_topics(
    *, actor: User, told: Iterable[ToldTopic], source: str, language: str, now: dt.datetime
) -> Brought:
    """Raise topics told apart by what they are raised from, else by their title; who raised one stands behind it."""
    rows = list(told)
    known = _known(rows)
    tracker, brought, new = audit.Tracker(), Brought(), []
    me = person_of(actor)
    for one in rows:
        topic = known.get(_key(one))
        is_new = topic is None
        if topic is None:
            topic = write_topic(
                tracker, actor=actor, title=one.title, description=one.description, language=language,
                origin=one.origin, field=one.field, objective=one.objective, effort_days=one.effort_days,
                is_quick_win=one.is_quick_win, now=now,
            )  # fmt: skip
            known[_key(one)] = topic
            new.append(topic)
            brought.created += 1
        elif topic.merged_into_id:
            known[_key(one)] = topic = locked(topic)
        voice = speak(
            tracker, topic, actor=actor, person=one.person or me, address="" if one.person or me else actor.email,
            is_relayed=one.person is None, language=actor.language if one.person is None else language, now=now,
        )  # fmt: skip
        if not is_new:
            brought.changed += voice is not None
            brought.unchanged += voice is None
    index_topics(new, now)
    if tracker.changes:
        brought.entry = audit.record(
            actor=actor, verb="import", kind=Kind.TOPIC, object_name=source, now=now, rows=tracker.changes,
            particulars={"new": brought.created, "changed": brought.changed},
        )  # fmt: skip
    return brought


def _key(one: ToldTopic) -> tuple[str, int | str]:
    return one.origin or ("", fold(one.title))


def _known(rows: list[ToldTopic]) -> dict[tuple[str, int | str], Topic]:
    """The topics that are told, as far as they are there: put away ones are not."""
    wanted = {_key(one) for one in rows}
    found: dict[tuple[str, int | str], Topic] = {}
    for topic in Topic.objects.filter(archived_at=None).order_by("pk"):
        for key in ((topic.origin_kind, topic.origin_id or 0), ("", fold(topic.title))):
            if key in wanted and key != ("", 0):
                found.setdefault(key, topic)
    return found
