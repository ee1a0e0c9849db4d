"""Incidents: written down in a minute, their timeline, what was learnt, from when they are handled in another way."""

import datetime as dt
from dataclasses import dataclass, field, fields
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit, search
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.evidence.actions.incident_parts import (
    TIMES,
    EndsTooEarly,
    NoTitle,
    NotYet,
    cleaned,
    due_on,
    index,
    mark_anew,
    mark_on_lines,
)
from vertebra.evidence.labels import IncidentSeverity, MomentKind
from vertebra.evidence.models import Incident, IncidentMoment, ProcessRework
from vertebra.kit import clock
from vertebra.measures.actions.marks import mark, unmark
from vertebra.measures.labels.charts import MarkKind
from vertebra.measures.models import Mark
from vertebra.org.models import Area, Market, Person, Unit


class NothingLearnt(Refusal):
    """A post-mortem says what was learnt, or where it is written."""


class ReworkThere(Refusal):
    """The process changes once a day at most."""


@dataclass(frozen=True, slots=True)
class IncidentValues:
    """What is said of an incident."""

    title: str
    started_at: dt.datetime
    language: str = "fr"
    severity: str = IncidentSeverity.MAJOR
    summary: str = ""
    detected_at: dt.datetime | None = None
    told_at: dt.datetime | None = None
    resolved_at: dt.datetime | None = None
    systems: list[str] = field(default_factory=list)
    of_unit: Unit | None = None
    manager: Person | None = None
    areas: tuple[Area, ...] = ()
    markets: tuple[Market, ...] = ()

    def as_fields(self) -> dict[str, Any]:
        """The values by the names of their fields, without the areas and markets."""
        names = (one.name for one in fields(self) if one.name not in {"areas", "markets"})
        return {name: getattr(self, name) for name in names}


@transaction.atomic
def record_incident(*, actor: User | None, values: IncidentValues, now: dt.datetime) -> Incident:
    """Write an incident down; one that hurt owes a post-mortem, a critical one is marked on the lines of metrics."""
    given = cleaned(values.as_fields(), now)
    row = Incident(**given, made_by=actor, created_at=now, changed_at=now)
    row.post_mortem_due_on = due_on(row)
    tracker = audit.Tracker()
    tracker.create(row)
    tracker.relate(row, "areas", values.areas)
    tracker.relate(row, "markets", values.markets)
    if row.severity == IncidentSeverity.CRITICAL:
        mark_on_lines(tracker, row)
    index(row, now)
    _record(actor, "create", row, tracker, now)
    return row


@transaction.atomic
def change_incident(*, actor: User, incident: Incident, now: dt.datetime, **values: Any) -> AuditEntry:
    """Change what is said of an incident: its times, its weight, what it touched."""
    row = Incident.objects.select_for_update().get(pk=incident.pk)
    places = {name: tuple(values.pop(name)) for name in ("areas", "markets") if name in values}
    before = {name: getattr(row, name) for name in ("title", *TIMES)}
    given = cleaned({**before, **values}, now)
    tracker = audit.Tracker()
    touched = tracker.change(row, **given)
    moved = [name for name, chosen in places.items() if tracker.relate(row, name, chosen)]
    if not touched and not moved:
        raise NothingChanges(_("It is written like this already."))
    if {"severity", "resolved_at", "started_at"} & set(touched) and not row.post_mortem_on:
        tracker.change(row, post_mortem_due_on=due_on(row))
    if {"title", "resolved_at", "started_at"} & set(touched):
        mark_anew(tracker, row)
    tracker.change(row, changed_at=now)
    index(row, now)
    return _record(actor, "change", row, tracker, now)


@transaction.atomic
def add_moment(
    *,
    actor: User,
    incident: Incident,
    at: dt.datetime,
    kind: str,
    text: str = "",
    told_whom: str = "",
    now: dt.datetime,
) -> AuditEntry:
    """Add a line to the timeline; the first time of being noticed, told or ended is that of the incident."""
    row = Incident.objects.select_for_update().get(pk=incident.pk)
    if at > now + dt.timedelta(minutes=5):
        raise NotYet(_("This has not happened yet."))
    names = {
        MomentKind.NOTICED: "detected_at", MomentKind.TOLD: "told_at", MomentKind.RESOLVED: "resolved_at",
    }  # fmt: skip
    name = names.get(MomentKind(kind))
    if name and name != "detected_at" and at < row.started_at:
        raise EndsTooEarly(_("Nothing ends, and nobody is told, before it began."))
    tracker = audit.Tracker()
    line = IncidentMoment(
        incident=row, at=at, kind=kind, text=text.strip(), told_whom=told_whom.strip()[:200], made_by=actor
    )
    tracker.create(line)
    if name and getattr(row, name) is None:
        tracker.change(row, **{name: at, "changed_at": now})
        if name == "resolved_at":
            tracker.change(row, post_mortem_due_on=due_on(row))
            mark_anew(tracker, row)
    return _record(actor, "note", row, tracker, now, moment=str(MomentKind(kind).label))


@transaction.atomic
def hold_post_mortem(
    *, actor: User, incident: Incident, held_on: dt.date, text: str = "", url: str = "", now: dt.datetime
) -> AuditEntry:
    """Write down what was learnt, or where it is written."""
    row = Incident.objects.select_for_update().get(pk=incident.pk)
    if not text.strip() and not url:
        raise NothingLearnt(_("Write what was learnt, or give the address where it is written."))
    if held_on > clock.today(now):
        raise NotYet(_("This has not happened yet."))
    tracker = audit.Tracker()
    touched = tracker.change(
        row, post_mortem=text.strip(), post_mortem_url=url, post_mortem_on=held_on, changed_at=now
    )
    if touched == ["changed_at"]:
        raise NothingChanges(_("It is written like this already."))
    index(row, now)
    return _record(actor, "hold", row, tracker, now)


@transaction.atomic
def archive_incident(*, actor: User, incident: Incident, is_archived: bool, now: dt.datetime) -> AuditEntry:
    """Take an incident out of lists and figures, such as one written down twice, or bring it back."""
    row = Incident.objects.select_for_update().get(pk=incident.pk)
    if bool(row.archived_at) == is_archived:
        raise NothingChanges(_("It is so already."))
    tracker = audit.Tracker()
    tracker.change(row, archived_at=now if is_archived else None, changed_at=now)
    if is_archived:
        unmark(tracker, Kind.INCIDENT, row.pk)
        search.unindex(Kind.INCIDENT, [row.pk])
    else:
        index(row, now)
    return _record(actor, "archive" if is_archived else "restore", row, tracker, now)


@transaction.atomic
def mark_incident(*, actor: User, incident: Incident, now: dt.datetime) -> AuditEntry:
    """Mark an incident on the lines of metrics, so that whoever reads them sees it."""
    tracker = audit.Tracker()
    mark_on_lines(tracker, incident)
    if not tracker.changes:
        raise NothingChanges(_("It is marked already."))
    return _record(actor, "mark", incident, tracker, now)


@transaction.atomic
def note_rework(
    *,
    actor: User,
    title: str,
    language: str,
    starts_on: dt.date,
    initiative_id: int | None = None,
    now: dt.datetime,
) -> AuditEntry:
    """Say from when incidents are handled in another way, and by which initiative; it is marked on the lines."""
    title = " ".join(title.split())[:200]
    if not title:
        raise NoTitle(_("Say in a few words what changed."))
    if ProcessRework.objects.filter(starts_on=starts_on).exists():
        raise ReworkThere(_("A change of that day is noted already."))
    kind = Kind.INITIATIVE if initiative_id else ""
    row = ProcessRework(
        title=title, language=language, starts_on=starts_on, object_kind=kind, object_id=initiative_id,
        made_by=actor, created_at=now,
    )  # fmt: skip
    tracker = audit.Tracker()
    tracker.create(row)
    what = MarkKind.INITIATIVE if kind else MarkKind.NOTE
    mark(tracker, what, title, starts_on, object_kind=kind, object_id=initiative_id)
    return audit.record(
        actor=actor, verb="note", kind=Kind.INCIDENT, object_name=title,
        particulars={"from": str(starts_on)}, now=now, rows=tracker.changes,
    )  # fmt: skip


@transaction.atomic
def remove_rework(*, actor: User, rework: ProcessRework, now: dt.datetime) -> AuditEntry:
    """Take back that the process changed on a day, and what marks it on the lines."""
    tracker = audit.Tracker()
    title, said = rework.title, {"from": str(rework.starts_on)}
    marks = Mark.objects.filter(title=title, starts_on=rework.starts_on, metrics=None)
    for row in marks.filter(object_kind=rework.object_kind, object_id=rework.object_id):
        tracker.delete(row)
    tracker.delete(rework)
    return audit.record(
        actor=actor, verb="withdraw", kind=Kind.INCIDENT, object_name=title, particulars=said, now=now,
        rows=tracker.changes,
    )  # fmt: skip


def _record(
    actor: User | None, verb: str, row: Incident, tracker: audit.Tracker, now: dt.datetime, **said: object
) -> AuditEntry:
    return audit.record(
        actor=actor, verb=verb, kind=Kind.INCIDENT, object_id=row.pk, object_name=row.title,
        particulars=said, now=now, rows=tracker.changes,
    )  # fmt: skip


__all__ = ["EndsTooEarly", "NoTitle", "NotYet"]
