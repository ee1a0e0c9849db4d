"""Topics: raised by anybody from whatever shows them, said better, joined when they say the same."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit, search
from vertebra.accounts.actions.thread import carry_over, steps_at, tie, untie
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import AuditEntry, User, Watch
from vertebra.accounts.permissions import Right, may
from vertebra.org.empty_spaces import person_of
from vertebra.org.models import Field, Person
from vertebra.roadmap.actions.topic_rows import said, write_topic
from vertebra.roadmap.actions.voices import index_topics, locked, record, speak
from vertebra.roadmap.labels.topics import ORIGINS, CycleState, TopicState
from vertebra.roadmap.models import Cycle, Objective, TableTopic, Topic
from vertebra.roadmap.queries.topics import counts_of, held_for, is_frozen

WORDS = ("title", "description")
EDITABLE = frozenset({"title", "description", "field", "objective", "effort_days", "is_quick_win"})


class NoOrigin(Refusal):
    """A topic is raised from something that can show it."""


class OnTable(Refusal):
    """What lies on a frozen table stays as the directors see it."""


class NotOnTable(Refusal):
    """Topics are put on a table while it is collected."""


class SameTopic(Refusal):
    """A topic is not joined to itself."""


@transaction.atomic
def raise_topic(
    *,
    actor: User | None,
    title: str,
    language: str,
    description: str = "",
    origin: tuple[str, int] | None = None,
    person: Person | None = None,
    address: str = "",
    relay: bool = False,
    field: Field | None = None,
    objective: Objective | None = None,
    effort_days: int | None = None,
    is_quick_win: bool = False,
    now: dt.datetime,
) -> Topic:
    """Raise a topic in one sentence; from an object that is a topic already, this adds a voice to it."""
    kind, object_id = origin or ("", None)
    if origin and kind not in ORIGINS:
        raise NoOrigin(_("A topic cannot be raised from this."))
    known = Topic.objects.filter(origin_kind=kind, origin_id=object_id, archived_at=None) if origin else None
    tracker = audit.Tracker()
    if known is not None and (before := known.first()) is not None:
        topic = locked(before)
    else:
        topic = write_topic(
            tracker, actor=actor, title=title, description=description, language=language, origin=origin,
            field=field, objective=objective, effort_days=effort_days, is_quick_win=is_quick_win, now=now,
        )  # fmt: skip
    given = {"actor": actor, "person": person, "address": address, "is_relayed": relay, "language": language}
    speak(tracker, topic, **given, now=now)  # type: ignore[arg-type]
    _follow(tracker, topic, actor, now)
    index_topics([topic], now)
    record(actor, "raise", topic, tracker, now)
    return topic


def _follow(tracker: audit.Tracker, topic: Topic, actor: User | None, now: dt.datetime) -> None:
    if actor and not Watch.objects.filter(user=actor, kind=Kind.TOPIC, object_id=topic.pk).exists():
        tracker.create(Watch(user=actor, kind=Kind.TOPIC, object_id=topic.pk, since_at=now))


@transaction.atomic
def add_voice(
    *, actor: User, topic: Topic, relay: bool = False, person: Person | None = None, now: dt.datetime
) -> AuditEntry:
    """Stand behind a topic, for oneself or for others: whoever does hears what is decided."""
    row = locked(topic)
    tracker = audit.Tracker()
    said = speak(tracker, row, actor=actor, person=person, is_relayed=relay, language=row.language, now=now)
    if said is None:
        raise NothingChanges(_("You stand behind it already: you will hear what is decided."))
    _follow(tracker, row, actor, now)
    return record(actor, "watch", row, tracker, now)


@transaction.atomic
def take_back_voice(*, actor: User, topic: Topic, now: dt.datetime) -> AuditEntry:
    """Stand behind a topic no more."""
    row = locked(topic)
    person = person_of(actor)
    voice = row.voices.filter(person=person, answers=None).first() if person else None
    if voice is None:
        raise NothingChanges(_("You do not stand behind it, or were answered already."))
    tracker = audit.Tracker()
    tracker.delete(voice)
    return record(actor, "unwatch", row, tracker, now)


@transaction.atomic
def change_topic(*, actor: User, topic: Topic, changes: Mapping[str, Any], now: dt.datetime) -> AuditEntry:
    """Say a topic better: its words, its field, the objective it serves, the days it would take.

    What the directors rank keeps its words from the freeze on; then only Product Ops sizes it and says what it serves.
    """
    row = locked(topic)
    words_stay = _("“%(title)s” went to the directors: its words stay those they rank.")
    if not may(actor, Right.PRODUCT_OPS) and is_frozen(row):
        raise OnTable(words_stay % {"title": row.title})
    values = {name: value for name, value in changes.items() if name in EDITABLE}
    if "title" in values:
        values["title"] = said(values["title"])
    if held_for(row) and any(values.get(name, getattr(row, name)) != getattr(row, name) for name in WORDS):
        raise OnTable(words_stay % {"title": row.title})
    was = row.objective_id
    tracker = audit.Tracker()
    touched = tracker.change(row, **values)
    if not touched:
        raise NothingChanges(_("It is written like this already."))
    tracker.change(row, changed_at=now)
    if "objective" in touched:
        me = (Kind.TOPIC, row.pk)
        if was:
            untie(tracker, me, Relation.SERVES, (Kind.OBJECTIVE, was), now=now)
        if row.objective_id:
            tie(tracker, me, Relation.SERVES, (Kind.OBJECTIVE, row.objective_id), by=actor, now=now)
    index_topics([row], now)
    return record(actor, "change", row, tracker, now, fields=touched)


@transaction.atomic
def join_topics(*, actor: User, kept: Topic, duplicate: Topic, now: dt.datetime) -> AuditEntry:
    """Join a topic to another that says the same: its voices and its steps of the thread come along."""
    row, gone = locked(kept), Topic.objects.select_for_update(of=("self",)).get(pk=duplicate.pk)
    if gone.merged_into_id or row.pk == gone.pk:
        raise SameTopic(_("These are one topic already."))
    if is_frozen(gone):
        raise OnTable(_("“%(title)s” lies on a frozen table: join the other to it.") % {"title": gone.title})
    tracker = audit.Tracker()
    there = set(row.voices.filter(person__isnull=False).values_list("person_id", flat=True))
    for voice in gone.voices.all():
        if voice.person_id is None or voice.person_id not in there:
            tracker.change(voice, topic=row)
    for lying in TableTopic.objects.filter(topic=gone):
        tracker.delete(lying)
    old, new = (Kind.TOPIC, gone.pk), (Kind.TOPIC, row.pk)
    carry_over(tracker, steps_at(old), old, new, by=actor, now=now)
    counts = {
        name: max(getattr(row, name), getattr(gone, name))
        for name in ("people_count", "team_count", "function_count", "severity")
    }
    tracker.change(row, changed_at=now, **counts)
    tracker.change(gone, merged_into=row, state=TopicState.MERGED, changed_at=now)
    search.unindex(Kind.TOPIC, [gone.pk])
    return record(actor, "merge", row, tracker, now, other=gone.title)


@transaction.atomic
def archive_topic(*, actor: User, topic: Topic, now: dt.datetime) -> AuditEntry:
    """Put away what is no topic; what people raised in earnest is declined with a reason instead."""
    row = locked(topic)
    if row.state != TopicState.RAISED or is_frozen(row):
        raise OnTable(_("Only what no table holds can be put away: decide it with a reason instead."))
    tracker = audit.Tracker()
    for lying in TableTopic.objects.filter(topic=row):
        tracker.delete(lying)
    tracker.change(row, archived_at=now, changed_at=now)
    search.unindex(Kind.TOPIC, [row.pk])
    return record(actor, "archive", row, tracker, now)


@transaction.atomic
def put_on_table(*, actor: User, cycle: Cycle, topics: Sequence[Topic], now: dt.datetime) -> AuditEntry:
    """Lay topics on the table that is being collected."""
    held = Cycle.objects.select_for_update().get(pk=cycle.pk)
    if held.state != CycleState.COLLECTING:
        raise NotOnTable(_("This table is frozen: what comes now is decided as a mid-quarter arrival."))
    tracker = audit.Tracker()
    there = set(held.table.values_list("topic_id", flat=True))
    for at, topic in enumerate(topics, start=len(there) + 1):
        row = locked(topic)
        if row.pk not in there and row.archived_at is None:
            there.add(row.pk)
            tracker.create(TableTopic(cycle=held, topic=row, position=at, added_at=now))
            if row.state != TopicState.RAISED:
                tracker.change(row, state=TopicState.RAISED, changed_at=now)
    if not tracker.changes:
        raise NothingChanges(_("These lie on the table already."))
    return audit.record(
        actor=actor, verb="put", kind=Kind.CYCLE, object_id=held.pk, object_name=held.title, now=now,
        particulars={"count": len(tracker.changes)}, rows=tracker.changes,
    )  # fmt: skip


@transaction.atomic
def take_off_table(*, actor: User, cycle: Cycle, topic: Topic, now: dt.datetime) -> AuditEntry:
    """Take a topic off the table that is being collected; it waits for the next one."""
    held = Cycle.objects.select_for_update().get(pk=cycle.pk)
    lying = held.table.filter(topic=topic).first()
    if held.state != CycleState.COLLECTING or lying is None:
        raise NotOnTable(_("It does not lie on a table that is being collected."))
    tracker = audit.Tracker()
    tracker.delete(lying)
    return audit.record(
        actor=actor, verb="withdraw", kind=Kind.CYCLE, object_id=held.pk, object_name=held.title, now=now,
        particulars={"title": topic.title}, rows=tracker.changes,
    )  # fmt: skip


@transaction.atomic
def recount_topics(*, actor: User | None, now: dt.datetime) -> AuditEntry | None:
    """Read again what shows each topic that waits, from the object it was raised from."""
    tracker = audit.Tracker()
    waiting = Topic.objects.filter(archived_at=None, merged_into=None, state=TopicState.RAISED)
    for topic in waiting.exclude(origin_kind=""):
        tracker.change(topic, **counts_of(topic.origin_kind, topic.origin_id))
    if not tracker.changes:
        return None
    return audit.record(
        actor=actor, verb="refresh", kind=Kind.TOPIC, now=now, particulars={"count": len(tracker.changes)}
    )
