"""Connecting a system, choosing what is taken of it, pausing it, and reading it: each time the same gives the same rows."""

import contextlib
import datetime as dt
import json
import time
from collections.abc import Iterator, Mapping, Sequence

import structlog
from django.conf import settings
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
from vertebra.connectors.contract import Session
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.systems import CONNECTORS
from vertebra.connectors.web_json import Reach
from vertebra.kit.seals import BrokenSeal, seal, unseal
from vertebra.sources.faults import told
from vertebra.sources.labels import SyncState
from vertebra.sources.models import Connection, Secret, Source, SyncRun
from vertebra.sources.target import Take

SECRET = "connection"  # noqa: S105 (the name of a secret, not one)
KEPT_RUNS = 60
FIRST_WAIT = dt.timedelta(minutes=15)
# A worker that died is waited for no longer than this.
LONGEST_RUN = dt.timedelta(hours=1)
MOST_CHOSEN = 200
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
    Connection.objects.create(source=row, address=values["address"])
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
    made = {
        one.code: str(values.get(one.code) or "").strip() or one.default for one in CONNECTORS[kind].settings
    }
    try:
        CONNECTORS[kind].open(made, _reach()).close()
    except Trouble as trouble:
        raise CannotOpen(told(trouble.fault, trouble.particulars)) from trouble
    return made


@transaction.atomic
def choose_what_is_taken(
    *, actor: User, source: Source, chosen: Sequence[str], every_hours: int, now: dt.datetime
) -> AuditEntry:
    """Say what of a system is taken and how often it is read; it is read from the beginning, and started if it was not."""
    wanted = list(dict.fromkeys(one.strip() for one in chosen if one.strip()))[:MOST_CHOSEN]
    if not wanted:
        raise NothingChosen(_("Choose at least one: of a system of which nothing is taken, nothing is read."))
    Connection.objects.filter(source=source).update(
        chosen=wanted,
        every_hours=every_hours,
        cursor="",
        next_run_at=now,
        paused_at=None,
        failures=0,
        fault=None,
    )
    return _record(actor, "change", source, now, {"taken": ["", ", ".join(wanted)[:300]]})


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


def _reach(seconds: float = 30) -> Reach:
    return Reach(private=settings.PRIVATE_HOSTS, seconds=seconds)


@contextlib.contextmanager
def opened(source: Source, *, is_waited_for: bool = False) -> Iterator[Session]:
    """The system behind a source; raises Trouble where its secret is gone."""
    secret = Secret.objects.filter(source=source, name=SECRET).first()
    if secret is None or source.kind not in CONNECTORS:
        raise Trouble(Fault.CONNECTION_GONE)
    try:
        values: dict[str, str] = json.loads(unseal(bytes(secret.ciphertext).decode()))
    except (BrokenSeal, ValueError) as error:
        raise Trouble(Fault.CONNECTION_GONE) from error
    session = CONNECTORS[source.kind].open(values, _reach(10 if is_waited_for else 30))
    if is_waited_for:
        session.hurry()
    try:
        yield session
    finally:
        session.close()


def read_source(*, actor: User | None, source: Source, take: Take, now: dt.datetime) -> SyncRun:
    """Read a system once, page by page: each page is kept with the place to go on from, so nothing is lost by a crash."""
    with transaction.atomic():
        free = Q(busy_until=None) | Q(busy_until__lt=now)
        if not Connection.objects.filter(free, source=source).update(busy_until=now + LONGEST_RUN):
            raise AtWork(_("It is being read already."))
        SyncRun.objects.filter(source=source, state=SyncState.RUNNING).update(
            state=SyncState.FAILED, ended_at=now
        )
        run = SyncRun.objects.create(source=source, started_at=now)
    trouble, is_whole, begun = None, True, time.monotonic()
    try:
        is_whole = _read(actor, run, take, now)
    except Trouble as found:
        trouble = found
    except Exception as error:
        log.exception("sync_failed", source=source.pk)
        trouble = Trouble(Fault.UNFORESEEN, detail=type(error).__name__)
    with transaction.atomic():
        _end(run, trouble, _since(now, begun), is_whole=is_whole)
    return run


def _since(now: dt.datetime, begun: float) -> dt.datetime:
    """The moment it is, of work that began now by a steady clock."""
    return now + dt.timedelta(seconds=int(time.monotonic() - begun))


def _read(actor: User | None, run: SyncRun, take: Take, now: dt.datetime) -> bool:
    """Read page by page; stops where something else was chosen meanwhile, and says whether it came to the end."""
    source = run.source
    connector, connection = CONNECTORS[source.kind], Connection.objects.get(source=source)
    stream = connector.streams[0]
    if not connection.chosen:
        raise Trouble(Fault.NOTHING_THERE)
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
    run.state = SyncState.FAILED if trouble else SyncState.DONE
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


def read_due(*, take: Take, now: dt.datetime, most: int = 500) -> dict[str, int]:
    """Read every system that is due; two workers share them, since each is claimed first."""
    done = {"read": 0, "failed": 0}
    begun = time.monotonic()
    for connection in list(due(now)[:most]):
        try:
            run = read_source(actor=None, source=connection.source, take=take, now=_since(now, begun))
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
