"""Connecting a system, choosing what is taken of it, pausing it, and reading it: each time the same gives the same rows."""

import datetime as dt
import json
import time
from collections.abc import Collection, Mapping, Sequence

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.accounts.outbox import queue_message
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.systems import CONNECTORS, TRACKERS, settings_of
from vertebra.kit.seals import seal
from vertebra.sources.faults import told
from vertebra.sources.labels import RELEASES, WORK, SyncState
from vertebra.sources.models import Connection, Secret, Source, SyncRun
from vertebra.sources.opening import SECRET, opened, opened_tracker, reach_of
from vertebra.sources.target import Take, TakesWork
from vertebra.sources.work import LONGEST_RUN, WorkReading

KEPT_RUNS = 60
FIRST_WAIT = dt.timedelta(minutes=15)
MOST_CHOSEN = 200
MOST_MAPPED = 30
log = structlog.get_logger("vertebra.sources")


class NameTaken(Refusal):
    """Another source has this name."""


class NothingChosen(Refusal):
    """A system of which nothing is taken is not read."""


class AtWork(Refusal):
    """The system is being read already."""


class CannotOpen(Refusal):
    """The address is none that a token may be sent to."""


@transaction.atomic
def connect_system(
    *, actor: User, name: str, kind: str, values: Mapping[str, str], now: dt.datetime
) -> AuditEntry:
    """Keep what opens a system, sealed with the instance's key; nothing is read before something is chosen."""
    name = " ".join(name.split())[:100]
    if not name or Source.objects.filter(name=name).exists():
        raise NameTaken(_("Give the source a name that no other source has."))
    values = _complete(kind, values)
    tracker = audit.Tracker()
    row = Source(name=name, kind=kind, made_by=actor, made_at=now)
    tracker.create(row)
    Connection.objects.create(
        source=row,
        address=values["address"],
        takes_releases=kind in CONNECTORS,
        takes_work=kind not in CONNECTORS,
    )
    # The audit keeps no secret: the row of it is not noted.
    Secret.objects.create(source=row, name=SECRET, ciphertext=seal(json.dumps(values)).encode())
    return _record(actor, "create", row, now)


@transaction.atomic
def replace_opening(
    *, actor: User, source: Source, values: Mapping[str, str], now: dt.datetime
) -> AuditEntry:
    """Put another address or token in place of those that are kept."""
    values = _complete(source.kind, values)
    sealed = seal(json.dumps(values)).encode()
    Secret.objects.update_or_create(source=source, name=SECRET, defaults={"ciphertext": sealed})
    Connection.objects.filter(source=source).update(address=values["address"], account="", fault=None)
    return _record(actor, "change", source, now)


def _complete(kind: str, values: Mapping[str, str]) -> dict[str, str]:
    """The values of all settings, if the system could be opened with them."""
    made = {one.code: str(values.get(one.code) or "").strip() or one.default for one in settings_of(kind)}
    try:
        (CONNECTORS.get(kind) or TRACKERS[kind]).open(made, reach_of()).close()
    except Trouble as trouble:
        raise CannotOpen(told(trouble.fault, trouble.particulars)) from trouble
    return made


@transaction.atomic
def choose_what_is_taken(
    *,
    actor: User,
    source: Source,
    chosen: Sequence[str],
    every_hours: int,
    now: dt.datetime,
    takes: Collection[str] | None = None,
) -> AuditEntry:
    """Say what of a system is taken and how often it is read; it is read from the beginning, and started if it was not.

    `takes` says whether releases, work items or both are taken; as it was unless it says something.
    """
    wanted = list(dict.fromkeys(one.strip() for one in chosen if one.strip()))[:MOST_CHOSEN]
    if not wanted:
        raise NothingChosen(_("Choose at least one: of a system of which nothing is taken, nothing is read."))
    given: dict[str, object] = {"chosen": wanted, "every_hours": every_hours}
    if takes is not None:
        given |= {"takes_releases": RELEASES in takes, "takes_work": WORK in takes}
        if not (given["takes_releases"] or given["takes_work"]):
            raise NothingChosen(_("Choose at least one: releases, work items or both."))
    _start_anew(source, now, **given)
    return _record(actor, "change", source, now, {"taken": ["", ", ".join(wanted)[:300]]})


@transaction.atomic
def map_fields(
    *, actor: User, source: Source, mapping: Mapping[str, str], now: dt.datetime
) -> AuditEntry | None:
    """Say which field of a tracker plays which part, and which of its own are kept; everything is then read anew."""
    given = {
        part.strip()[:60]: field.strip()[:100]
        for part, field in mapping.items()
        if part.strip() and field.strip()
    }
    wanted = dict(list(given.items())[:MOST_MAPPED])
    connection = Connection.objects.select_for_update().get(source=source)
    if wanted == connection.mapping:
        return None
    _start_anew(source, now, mapping=wanted, paused_at=connection.paused_at)
    return _record(actor, "change", source, now, {"fields": ["", ", ".join(wanted)[:300]]})


@transaction.atomic
def read_from_beginning(*, actor: User, source: Source, now: dt.datetime) -> AuditEntry:
    """Read everything that a system has once more: what is the same changes nothing, what was deleted is found."""
    if not Connection.objects.select_for_update().get(source=source).chosen:
        raise NothingChosen(_("Choose first what is taken."))
    _start_anew(source, now)
    return _record(actor, "resume", source, now)


def _start_anew(source: Source, now: dt.datetime, **changed: object) -> None:
    """Have a system read from its beginning, with something of its connection changed."""
    given = {
        "cursor": "", "work_cursor": "", "listed_at": None, "next_run_at": now, "paused_at": None, "failures": 0,
        "fault": None, **changed,
    }  # fmt: skip
    if given["paused_at"] is not None:
        given["next_run_at"] = None
    Connection.objects.filter(source=source).update(**given)


@transaction.atomic
def pause_source(*, actor: User | None, source: Source, is_paused: bool, now: dt.datetime) -> AuditEntry:
    """Read a system no longer, or again; what it brought stays."""
    connection = Connection.objects.select_for_update().get(source=source)
    if not is_paused and not connection.chosen:
        raise NothingChosen(_("Choose first what is taken."))
    connection.paused_at = now if is_paused else None
    connection.next_run_at = None if is_paused else now
    connection.failures, connection.fault = 0, None
    connection.save(update_fields=["paused_at", "next_run_at", "failures", "fault"])
    return _record(actor, "pause" if is_paused else "resume", source, now)


def _record(
    actor: User | None,
    verb: str,
    row: Source,
    now: dt.datetime,
    particulars: Mapping[str, object] | None = None,
) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.SOURCE,
        object_id=row.pk,
        object_name=row.name,
        particulars=dict(particulars or {}),
        now=now,
    )


def read_source(
    *,
    actor: User | None,
    source: Source,
    take: Take | None,
    now: dt.datetime,
    takes_work: TakesWork | None = None,
    is_one_go: bool = False,
) -> SyncRun:
    """Read a system once, page by page: each page is kept with the place to go on from, so nothing is lost by a crash.

    In one go, a tracker with much to read is read for a minute: the run then goes on the next time.
    """
    with transaction.atomic():
        free = Q(busy_until=None) | Q(busy_until__lt=now)
        if not Connection.objects.filter(free, source=source).update(busy_until=now + LONGEST_RUN):
            raise AtWork(_("It is being read already."))
        run = _begun(source, now)
    trouble, is_whole, begun = None, True, time.monotonic()
    try:
        is_whole = _read(actor, run, take, takes_work, now, is_one_go=is_one_go)
    except Trouble as found:
        trouble = found
    except Exception as error:
        log.exception("sync_failed", source=source.pk)
        trouble = Trouble(Fault.UNFORESEEN, detail=type(error).__name__)
    with transaction.atomic():
        if SyncRun.objects.filter(pk=run.pk).exists():  # the source may have been removed meanwhile
            _end(run, trouble, _since(now, begun), is_whole=is_whole)
    return run


def _begun(source: Source, now: dt.datetime) -> SyncRun:
    """The run that goes on, or a new one; one that nobody ended has failed."""
    runs = SyncRun.objects.filter(source=source)
    runs.filter(state=SyncState.RUNNING).update(state=SyncState.FAILED, ended_at=now)
    held = runs.filter(state=SyncState.GOING).first()
    if held is None:
        return SyncRun.objects.create(source=source, started_at=now)
    runs.filter(pk=held.pk).update(state=SyncState.RUNNING)
    held.state = SyncState.RUNNING
    return held


def _since(now: dt.datetime, begun: float) -> dt.datetime:
    """The moment it is, of work that began now by a steady clock."""
    return now + dt.timedelta(seconds=int(time.monotonic() - begun))


def _read(
    actor: User | None,
    run: SyncRun,
    take: Take | None,
    takes_work: TakesWork | None,
    now: dt.datetime,
    *,
    is_one_go: bool,
) -> bool:
    """Read what is taken of a system; says whether it came to the end."""
    source, begun = run.source, time.monotonic()
    connection = Connection.objects.get(source=source)
    if not connection.chosen:
        raise Trouble(Fault.NOTHING_THERE)
    # Work items first: while there are more of them to read, releases are not read again each time.
    if connection.takes_work and takes_work is not None and source.kind in TRACKERS:
        reading = WorkReading(run, takes_work, actor, lambda: _since(now, begun))
        with opened_tracker(source) as session:
            if not reading.read(session, is_one_go=is_one_go):
                return False
    if connection.takes_releases and take is not None and source.kind in CONNECTORS:
        return _read_releases(actor, run, take, now)
    return True


def _read_releases(actor: User | None, run: SyncRun, take: Take, now: dt.datetime) -> bool:
    """Read page by page; stops where something else was chosen meanwhile, and says whether it came to the end."""
    source = run.source
    connector, connection = CONNECTORS[source.kind], Connection.objects.get(source=source)
    stream = connector.streams[0]
    with opened(source) as session:
        for page in session.read(stream.code, connection.cursor, connection.chosen):
            records = [made for one in page.records if (made := connector.normalise(stream.code, one))]
            with transaction.atomic():
                held = Connection.objects.select_for_update().get(pk=connection.pk)
                if (held.chosen, held.cursor) != (connection.chosen, connection.cursor):
                    return False
                done = take(actor, source, records, now)
                connection.cursor = page.cursor[:500]
                connection.save(update_fields=["cursor"])
                SyncRun.objects.filter(pk=run.pk).update(
                    read_count=F("read_count") + len(records),
                    created_count=F("created_count") + done.get("created", 0),
                    changed_count=F("changed_count") + done.get("changed", 0),
                )
    same = Connection.objects.filter(pk=connection.pk, cursor=connection.cursor)
    if not stream.is_incremental:
        same.update(cursor="")
    return True


def _end(run: SyncRun, trouble: Trouble | None, now: dt.datetime, *, is_whole: bool) -> None:
    """When a system is read again: in its time, later after each failure, never by itself when that would not help."""
    connection = Connection.objects.select_for_update().get(source=run.source)
    said = {"code": str(trouble.fault), "particulars": dict(trouble.particulars)} if trouble else None
    every = dt.timedelta(hours=connection.every_hours)
    connection.failures = min(connection.failures + 1, 30) if trouble else 0
    wait = min(every, FIRST_WAIT * 4 ** min(connection.failures - 1, 8)) if trouble else every
    if trouble and (seconds := trouble.particulars.get("seconds")) and trouble.fault == Fault.THROTTLED:
        wait = max(wait, dt.timedelta(seconds=int(seconds)))
    connection.busy_until, connection.fault = None, said
    connection.next_run_at = None if connection.paused_at else now
    if is_whole and not connection.paused_at:
        connection.next_run_at = (now if trouble else run.started_at) + wait
    if trouble and trouble.is_permanent and not connection.paused_at:
        connection.paused_at, connection.next_run_at = now, None
        _tell(run.source, connection, now)
    connection.save(update_fields=["busy_until", "fault", "failures", "next_run_at", "paused_at"])
    run.refresh_from_db()
    run.state = SyncState.FAILED if trouble else SyncState.DONE if is_whole else SyncState.GOING
    run.ended_at, run.fault = now, said
    run.save(update_fields=["state", "ended_at", "fault"])
    old = SyncRun.objects.filter(source=run.source_id).values_list("pk", flat=True)[KEPT_RUNS:]
    SyncRun.objects.filter(pk__in=list(old)).delete()


def _tell(source: Source, connection: Connection, now: dt.datetime) -> None:
    """Tell whoever connected the system why it is no longer read, and what to do."""
    _record(None, "pause", source, now)
    user = source.made_by
    if user is None or not user.is_active:
        return
    with translation.override(user.language):
        particulars = {"name": source.name, "reason": connection.words}
    queue_message(
        key=f"source-paused:{source.pk}:{now.isoformat()}",
        to_user=user,
        template="source_paused",
        particulars=particulars,
        language=user.language,
        address=reverse("sources:source-show", args=(source.pk,)),
        now=now,
    )


def read_due(
    *, take: Take | None, now: dt.datetime, takes_work: TakesWork | None = None, most: int = 500
) -> dict[str, int]:
    """Read every system that is due; two workers share them, since each is claimed first."""
    done = {"read": 0, "failed": 0}
    begun = time.monotonic()
    for connection in list(due(now)[:most]):
        try:
            run = read_source(
                actor=None, source=connection.source, take=take, now=_since(now, begun), takes_work=takes_work,
                is_one_go=True,
            )  # fmt: skip
        except AtWork:
            continue
        done["failed" if run.state == SyncState.FAILED else "read"] += 1
    return done


def due(now: dt.datetime) -> QuerySet[Connection]:
    """The systems whose turn has come."""
    rows = Connection.objects.filter(next_run_at__lte=now, paused_at=None, source__archived_at=None)
    return (
        rows.filter(Q(busy_until=None) | Q(busy_until__lt=now))
        .select_related("source__made_by")
        .order_by("next_run_at")
    )
