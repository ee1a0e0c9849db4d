"""What several actions on topics share: who stands behind one, its counts, what search knows, its entry."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from vertebra.accounts import audit, search
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit.seals import BrokenSeal, seal, unseal
from vertebra.org.empty_spaces import person_of
from vertebra.org.models import Person
from vertebra.org.queries.people import language_for
from vertebra.roadmap.labels.topics import VoiceKind
from vertebra.roadmap.models import Topic, Voice


def locked(topic: Topic) -> Topic:
    """The topic, or the one it was joined to, held until the change is written."""
    found = Topic.objects.select_for_update(of=("self",)).get(pk=topic.pk)
    seen = {found.pk}
    while found.merged_into_id and found.merged_into_id not in seen:
        seen.add(found.merged_into_id)
        found = Topic.objects.select_for_update(of=("self",)).get(pk=found.merged_into_id)
    return found


def speak(
    tracker: audit.Tracker,
    topic: Topic,
    *,
    actor: User | None,
    person: Person | None = None,
    address: str = "",
    is_relayed: bool = False,
    language: str,
    now: dt.datetime,
) -> Voice | None:
    """Put somebody behind a topic, once: a person, an address, or else whoever does it; None when they are there."""
    if person is None and not address and actor is not None:
        person = person_of(actor)
        address = "" if person else actor.email
        language = actor.language or language
    if person is not None:
        if topic.voices.filter(person=person).exists():
            return None
        language = language_for(person, language)
    elif not address or address.casefold() in _addresses(topic):
        return None
    voice = Voice(
        topic=topic, kind=VoiceKind.RELAYED if is_relayed else VoiceKind.RAISED, person=person,
        sealed_address="" if person else seal(address), language=language, since_at=now,
    )  # fmt: skip
    tracker.create(voice)
    return voice


def _addresses(topic: Topic) -> set[str]:
    sealed = topic.voices.filter(person=None).values_list("sealed_address", flat=True)
    return {address.casefold() for one in sealed if (address := address_in(one))}


def address_in(sealed: str) -> str:
    """The address that a voice can be answered at; nothing where the seal no longer opens."""
    try:
        return unseal(sealed) if sealed else ""
    except BrokenSeal:
        return ""


def index_topics(topics: Iterable[Topic], now: dt.datetime) -> None:
    """Bring what search knows of these topics up to date."""
    entries = [
        search.Entry(Kind.TOPIC, row.pk, row.title, "", row.description, row.language) for row in topics
    ]
    search.index_many(entries, now=now)


def reindex(kind: str, ids: Iterable[int], now: dt.datetime) -> None:
    """Bring what search knows of topics up to date, and forget those put away (list SEARCH)."""
    if kind == Kind.TOPIC:
        wanted = set(ids)
        found = list(Topic.objects.filter(pk__in=wanted, archived_at=None, merged_into=None))
        index_topics(found, now)
        search.unindex(kind, wanted - {row.pk for row in found})


def record(
    actor: User | None, verb: str, topic: Topic, tracker: audit.Tracker, now: dt.datetime, **told: Any
) -> AuditEntry:
    """Write the entry of what was done to a topic."""
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.TOPIC,
        object_id=topic.pk,
        object_name=topic.title,
        particulars={name: value for name, value in told.items() if value},
        now=now,
        rows=tracker.changes,
    )
