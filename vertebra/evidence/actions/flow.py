"""Every audited change around flow: whose work is where, for whom flow is looked at, which hand-overs are asked about."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.evidence.actions.flow_endings import end_openings
from vertebra.evidence.models import FlowOpening, HandOverQuestion, WorkPlace
from vertebra.org.models import Area, Unit
from vertebra.org.queries.structure import Structure
from vertebra.sources.models import Source


class NoReason(Refusal):
    """Flow is looked at because a practice asks for it, and says why."""


class OpenAlready(Refusal):
    """The same practice asks for the flow of the same unit once."""


class UnknownField(Refusal):
    """The source tells of no such field."""


@transaction.atomic
def map_places(
    *, actor: User, places: Iterable[WorkPlace], unit: Unit | None, area: Area | None, now: dt.datetime
) -> AuditEntry:
    """Say to which unit, and to which area, the work of some places belongs; neither takes the mapping back."""
    return _map(actor, [(place, unit, area) for place in places], now)


@transaction.atomic
def map_each_place(
    *, actor: User, wanted: Mapping[WorkPlace, tuple[Unit | None, Area | None]], now: dt.datetime
) -> AuditEntry:
    """Say of each place to which unit and area its work belongs, as a file does."""
    return _map(actor, [(place, unit, area) for place, (unit, area) in wanted.items()], now)


def _map(
    actor: User, wanted: Sequence[tuple[WorkPlace, Unit | None, Area | None]], now: dt.datetime
) -> AuditEntry:
    held = WorkPlace.objects.select_for_update().in_bulk([place.pk for place, _unit, _area in wanted])
    tracker = audit.Tracker()
    count = 0
    for place, unit, area in wanted:
        row = held.get(place.pk)
        if row is not None and tracker.change(row, unit=unit, area=area, is_mapped=bool(unit or area)):
            count += 1
    if not count:
        raise NothingChanges(_("They belong there already."))
    sources = {row.source_id for row in held.values()}
    one = Source.objects.filter(pk=min(sources)).first() if len(sources) == 1 else None
    return audit.record(
        actor=actor, verb="change", kind=Kind.SOURCE, object_id=one.pk if one else None,
        object_name=one.name if one else _("places of work"), particulars={"places": count}, now=now,
        rows=tracker.changes,
    )  # fmt: skip


@transaction.atomic
def open_flow(
    *, actor: User | None, unit: Unit | None, kind: str, object_id: int, why: str, now: dt.datetime
) -> FlowOpening:
    """Have flow looked at for a unit with all inside it (None: the company), because a practice with co-authors asks."""
    why = " ".join(why.split())[:500]
    if not why:
        raise NoReason(_("Say what flow is looked at for: what a practice wants to learn from it."))
    tracker = audit.Tracker()
    row = FlowOpening(unit=unit, kind=kind, object_id=object_id, why=why, opened_at=now)
    # Two who ask at the same moment: the database knows which one came first.
    try:
        with transaction.atomic():
            tracker.create(row)
    except IntegrityError as error:
        raise OpenAlready(_("It asks for this already.")) from error
    _note_opening(actor, "look_at_flow", row, tracker, now)
    return row


@transaction.atomic
def close_flow(*, actor: User | None, opening: FlowOpening, now: dt.datetime) -> AuditEntry:
    """Flow is no longer looked at because of this; figures that nothing else asks for go at once."""
    row = FlowOpening.objects.select_for_update().get(pk=opening.pk)
    if row.closed_at:
        raise NothingChanges(_("It is closed already."))
    tracker = audit.Tracker()
    end_openings(tracker, [row], now)
    return _note_opening(actor, "leave_flow", row, tracker, now)


def _note_opening(
    actor: User | None, verb: str, row: FlowOpening, tracker: audit.Tracker, now: dt.datetime
) -> AuditEntry:
    node = Structure.as_of(now.date(), with_members=False).get(row.unit_id)
    return audit.record(
        actor=actor, verb=verb, kind=Kind.UNIT, object_id=row.unit_id,
        object_name=node.name if node else _("the whole company"),
        particulars={"flow": row.why, "for_kind": row.kind, "for_id": row.object_id}, now=now, rows=tracker.changes,
    )  # fmt: skip


@transaction.atomic
def ask_about_hand_overs(
    *, actor: User, source: Source, field: str, steps: str, known: Iterable[str], now: dt.datetime
) -> HandOverQuestion:
    """Ask who hands work to whom in a source, by a field that names groups, and where it stands meanwhile."""
    if not {field, steps} <= set(known) or field == steps:
        raise UnknownField(_("Choose two different fields of this source."))
    # Two who ask the same at once: the second one is told that it is asked already.
    Source.objects.select_for_update(no_key=True).get(pk=source.pk)
    if HandOverQuestion.objects.filter(source=source, field=field, steps=steps).exists():
        raise NothingChanges(_("It is asked already."))
    tracker = audit.Tracker()
    row = HandOverQuestion(source=source, field=field, steps=steps)
    tracker.create(row)
    audit.record(
        actor=actor, verb="ask", kind=Kind.SOURCE, object_id=source.pk, object_name=source.name,
        particulars={"field": field, "steps": steps}, now=now, rows=tracker.changes,
    )  # fmt: skip
    return row


@transaction.atomic
def drop_hand_overs(*, actor: User, question: HandOverQuestion, now: dt.datetime) -> AuditEntry:
    """Ask it no more; what it told is gone."""
    tracker = audit.Tracker()
    source = question.source
    tracker.delete(question)
    return audit.record(
        actor=actor, verb="change", kind=Kind.SOURCE, object_id=source.pk, object_name=source.name, now=now,
        rows=tracker.changes,
    )  # fmt: skip
