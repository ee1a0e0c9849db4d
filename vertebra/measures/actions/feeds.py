"""Feeds: where the values of a metric come from; seen before they are started, paused, read at once."""

import datetime as dt
import hashlib
import os
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.measures.labels.feeds import FeedKind
from vertebra.measures.models import Feed, Metric
from vertebra.measures.readers.feeds import folder_of
from vertebra.sources.models import Source

# What is read again by itself.
BY_ITSELF = (FeedKind.HTTP, FeedKind.SQL, FeedKind.PROVIDER)


class NotSeen(Refusal):
    """A feed is started once somebody has seen what it reads."""


class NoRoom(Refusal):
    """The file could not be kept."""


@transaction.atomic
def set_feed(
    *,
    actor: User | None,
    metric: Metric,
    kind: str,
    settings: dict[str, Any],
    source: Source | None = None,
    every_hours: int = 24,
    now: dt.datetime,
) -> Feed:
    """Say where the values of a metric come from; nothing is recorded before somebody has seen what it reads."""
    tracker = audit.Tracker()
    row = Feed.objects.select_for_update().filter(metric=metric).first()
    if row is None:
        row = Feed(
            metric=metric, kind=kind, source=source, settings=settings, every_hours=every_hours,
            made_by=actor, created_at=now,
        )  # fmt: skip
        tracker.create(row)
        _record(actor, "set_feed", row, tracker, now)
        return row
    is_same_place = (row.kind, row.source, row.settings) == (kind, source, settings)
    started_at = row.started_at if is_same_place else None
    touched = tracker.change(
        row, kind=kind, source=source, settings=settings, every_hours=every_hours, started_at=started_at,
        next_run_at=row.next_run_at if is_same_place else None,
    )  # fmt: skip
    if not touched:
        raise NothingChanges(_("It is read like this already."))
    tracker.change(row, failures=0, paused_at=None, pause_reason="", made_by=actor or row.made_by)
    _record(actor, "set_feed", row, tracker, now)
    return row


@transaction.atomic
def set_file(
    *, actor: User, metric: Metric, upload: UploadedFile[Any], column: str, now: dt.datetime
) -> Feed:
    """Keep a file of values of a metric, to be looked at before they are recorded."""
    row = Feed.objects.filter(metric=metric).first()
    if row is None:
        row = Feed.objects.create(
            metric=metric, kind=FeedKind.FILE, settings={}, made_by=actor, created_at=now
        )
    name = " ".join(str(upload.name or "file").split())[-120:]
    settings = {"file": _keep(row, upload), "name": name, "column": column.strip(), "at": now.isoformat()}
    tracker = audit.Tracker()
    tracker.change(
        row, kind=FeedKind.FILE, source=None, settings=settings, started_at=None, next_run_at=None,
        failures=0, paused_at=None, pause_reason="", made_by=actor,
    )  # fmt: skip
    _record(actor, "set_feed", row, tracker, now)
    return row


def _keep(row: Feed, upload: UploadedFile[Any]) -> str:
    """Write the file where only Vertebra reads it, under a name made of its content."""
    folder = folder_of(row.pk)
    digest = hashlib.sha256()
    suffix = os.path.splitext(str(upload.name or ""))[1].lower()[:8]
    suffix = suffix if suffix.lstrip(".").isalnum() else ".csv"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        with open(folder / "new", "wb", opener=_private) as file:
            for chunk in upload.chunks():
                digest.update(chunk)
                file.write(chunk)
        name = f"values-{digest.hexdigest()[:12]}{suffix}"
        (folder / "new").replace(folder / name)
    except OSError as error:
        raise NoRoom(
            _("The file could not be kept: the disk is full, or the data folder cannot be written.")
        ) from error
    return name


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@transaction.atomic
def start_feed(*, actor: User, feed: Feed, now: dt.datetime) -> AuditEntry:
    """Record what a feed reads from now on, once somebody has seen it."""
    row = Feed.objects.select_for_update().get(pk=feed.pk)
    seen = row.runs.filter(is_preview=True).first()
    if seen is None or not seen.sample or (row.started_at and not row.paused_at):
        raise NotSeen(_("Look first at what it reads: nothing is recorded before somebody has seen it."))
    tracker = audit.Tracker()
    tracker.change(
        row, started_at=row.started_at or now, next_run_at=now, failures=0, paused_at=None, pause_reason=""
    )
    return _record(actor, "start_feed", row, tracker, now)


@transaction.atomic
def pause_feed(*, actor: User, feed: Feed, now: dt.datetime) -> AuditEntry:
    """Stop reading for a while; what was read stays."""
    row = Feed.objects.select_for_update().get(pk=feed.pk)
    if row.paused_at:
        raise NothingChanges(_("It is paused already."))
    tracker = audit.Tracker()
    tracker.change(row, paused_at=now, pause_reason="")
    return _record(actor, "pause_feed", row, tracker, now)


@transaction.atomic
def resume_feed(*, actor: User, feed: Feed, now: dt.datetime) -> AuditEntry:
    """Read again, from now on."""
    row = Feed.objects.select_for_update().get(pk=feed.pk)
    if not row.paused_at:
        raise NothingChanges(_("It is not paused."))
    tracker = audit.Tracker()
    tracker.change(row, paused_at=None, pause_reason="", failures=0, next_run_at=now)
    return _record(actor, "resume_feed", row, tracker, now)


@transaction.atomic
def ask_feed_now(*, actor: User, feed: Feed, now: dt.datetime) -> AuditEntry:
    """Read a feed at once, whenever it is due."""
    row = Feed.objects.select_for_update().get(pk=feed.pk)
    if row.started_at is None:
        raise NotSeen(_("Look first at what it reads: nothing is recorded before somebody has seen it."))
    tracker = audit.Tracker()
    tracker.change(row, next_run_at=now, paused_at=None, pause_reason="")
    return _record(actor, "refresh", row, tracker, now)


def _record(actor: User | None, verb: str, row: Feed, tracker: audit.Tracker, now: dt.datetime) -> AuditEntry:
    return audit.record(
        actor=actor, verb=verb, kind=Kind.METRIC, object_id=row.metric_id, object_name=row.metric.name,
        particulars={"kind": row.kind}, now=now, rows=tracker.changes,
    )  # fmt: skip
