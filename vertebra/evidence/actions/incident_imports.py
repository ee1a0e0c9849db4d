"""Bringing in incidents of other tools: one entry for all, and the same files again change nothing."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from vertebra.accounts import audit
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.connectors.status_pages import FoundFollowUp, FoundIncident
from vertebra.evidence.actions.incident_parts import due_on, index, mark_anew, mark_on_lines
from vertebra.evidence.labels import IncidentSeverity
from vertebra.evidence.models import FollowUpAction, Incident, IncidentMoment
from vertebra.kit.files.problems import Code, Problem
from vertebra.kit.text import fold
from vertebra.org.models import Person
from vertebra.sources.labels import SourceKind
from vertebra.sources.models import Source

_FIELDS = ("title", "summary", "severity", "started_at", "detected_at", "told_at", "resolved_at", "systems")


@dataclass(slots=True)
class Brought:
    """What an import did."""

    new: int = 0
    changed: int = 0
    same: int = 0
    follow_ups: int = 0
    unknown_owners: list[str] = field(default_factory=list)
    # What was refused, as it does not go with what a hand corrected.
    problems: list[Problem] = field(default_factory=list)


@transaction.atomic
def import_incidents(
    *, actor: User | None, found: Iterable[FoundIncident], source: str, language: str, now: dt.datetime
) -> Brought:
    """Write down incidents as their tool tells them; what a hand corrected stays until the tool says otherwise."""
    origin, _is_new = Source.objects.get_or_create(
        name=source, defaults={"kind": SourceKind.FILE, "made_by": actor, "made_at": now}
    )
    known = {row.external_id: row for row in Incident.objects.filter(source=origin)}
    brought, tracker = Brought(), audit.Tracker()
    owners = _Owners()
    for told in found:
        row = known.get(told.external_id)
        if row is None:
            row = _new(told, origin, language, actor, tracker, now)
            index(row, now)
            brought.new += 1
        elif problem := _fault(row, told):
            brought.problems.append(problem)
            continue
        else:
            is_touched = _changed(row, told, tracker, now)
            brought.changed += is_touched
            brought.same += not is_touched
            if is_touched:
                index(row, now)
        brought.follow_ups += _follow_ups(row, told.follow_ups, owners, tracker, now)
    brought.unknown_owners = sorted(owners.unknown)
    if tracker.changes:
        audit.record(
            actor=actor, verb="import", kind=Kind.INCIDENT, object_name=source, now=now, rows=tracker.changes,
            particulars={"new": brought.new, "changed": brought.changed, "follow_ups": brought.follow_ups},
        )  # fmt: skip
    return brought


def _plain(told: FoundIncident) -> dict[str, Any]:
    """The values as they are kept to be compared with the next ones."""
    found = {name: getattr(told, name) for name in _FIELDS}
    return {name: one.isoformat() if isinstance(one, dt.datetime) else one for name, one in found.items()}


def _new(
    told: FoundIncident,
    origin: Source,
    language: str,
    actor: User | None,
    tracker: audit.Tracker,
    now: dt.datetime,
) -> Incident:
    row = Incident(
        **{name: getattr(told, name) for name in _FIELDS}, source=origin, external_id=told.external_id[:300],
        imported=_plain(told), language=language, made_by=actor, created_at=now, changed_at=now,
    )  # fmt: skip
    row.post_mortem_due_on = _due_on(row, now)
    tracker.create(row)
    for moment in told.moments:
        tracker.create(IncidentMoment(incident=row, at=moment.at, kind=moment.kind, text=moment.text))
    if row.severity == IncidentSeverity.CRITICAL:
        mark_on_lines(tracker, row)
    return row


def _due_on(row: Incident, now: dt.datetime) -> dt.date | None:
    """What is imported from the past owes nothing to anybody: only what is fresh does."""
    return due_on(row) if (now - (row.resolved_at or row.started_at)).days < 30 else row.post_mortem_due_on


def _moved(row: Incident, told: FoundIncident) -> dict[str, Any]:
    """What the tool says otherwise than last time."""
    before, after = row.imported or {}, _plain(told)
    return {name: getattr(told, name) for name in _FIELDS if before.get(name) != after[name]}


def _fault(row: Incident, told: FoundIncident) -> Problem | None:
    """Why what the tool says now cannot be: with what a hand corrected, the incident would end before it began."""
    moved = _moved(row, told)
    started = moved.get("started_at", row.started_at)
    for name in ("told_at", "resolved_at") if {"started_at", "told_at", "resolved_at"} & set(moved) else ():
        moment = moved.get(name, getattr(row, name))
        if moment and moment < started:
            said = {"end": f"{moment:%Y-%m-%d %H:%M}", "start": f"{started:%Y-%m-%d %H:%M}"}
            return Problem(told.file, told.line, name, Code.ENDS_BEFORE_START, said)
    return None


def _changed(row: Incident, told: FoundIncident, tracker: audit.Tracker, now: dt.datetime) -> bool:
    """Take over what the tool says otherwise than last time."""
    moved, after = _moved(row, told), _plain(told)
    there = set(row.moments.values_list("at", flat=True)) if told.moments else set()
    added = [one for one in told.moments if one.at not in there]
    for moment in added:
        tracker.create(IncidentMoment(incident=row, at=moment.at, kind=moment.kind, text=moment.text))
    if moved:
        tracker.change(row, **moved, imported=after, changed_at=now)
    if {"severity", "started_at", "resolved_at"} & set(moved) and not row.post_mortem_on:
        tracker.change(row, post_mortem_due_on=_due_on(row, now))
    if {"title", "started_at", "resolved_at"} & set(moved):
        mark_anew(tracker, row)
    if "severity" in moved and row.severity == IncidentSeverity.CRITICAL:
        mark_on_lines(tracker, row)
    return bool(moved or added)


class _Owners:
    """People by address, login or name, looked up once each."""

    def __init__(self) -> None:
        self.known: dict[str, Person | None] = {}
        self.unknown: set[str] = set()

    def find(self, text: str) -> Person | None:
        """The one person that a text names, or nobody."""
        if text and text not in self.known:
            people = Person.objects.filter(archived_at__isnull=True)
            for found in (
                people.filter(email__iexact=text), people.filter(handle=text), people.filter(name_folded=fold(text)),
            ):  # fmt: skip
                rows = list(found[:2])
                if rows:
                    break
            self.known[text] = rows[0] if len(rows) == 1 else None
            if self.known[text] is None:
                self.unknown.add(text)
        return self.known.get(text)


def _follow_ups(
    row: Incident,
    told: Iterable[FoundFollowUp],
    owners: _Owners,
    tracker: audit.Tracker,
    now: dt.datetime,
) -> int:
    """Add the follow-ups that are new, and note those that the tool says are done."""
    found = list(told)
    known = {one.external_id: one for one in row.follow_ups.all()} if found else {}
    count = 0
    for one in found:
        there = known.get(one.external_id[:300])
        if there is None:
            tracker.create(
                FollowUpAction(
                    incident=row, external_id=one.external_id[:300], title=one.title, due_on=one.due_on,
                    done_on=one.done_on, owner=owners.find(one.owner), created_at=min(now, row.started_at),
                )
            )  # fmt: skip
            count += 1
        elif one.done_on and not there.done_on and not there.dropped_on:
            tracker.change(there, done_on=one.done_on)
            count += 1
    return count
