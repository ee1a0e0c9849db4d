"""Every audited change of trails: a version more, one without those who were erased, what a status means."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.evidence.models import StatusMeaning, TrailVersion
from vertebra.evidence.trail import places
from vertebra.evidence.trail.pseudonyms import forgotten_of, keep_key
from vertebra.evidence.trail.staged import MovedOn, Staged
from vertebra.sources.labels import ImportState
from vertebra.sources.models import ImportRun, Source


class SourceGone(Exception):
    """Somebody removed the source while its files were read."""


class NoSuchStatus(Refusal):
    """No work item of the source has this status."""


@transaction.atomic
def publish_trail(
    *, actor: User | None, source: str, staged: Staged, run: ImportRun, now: dt.datetime
) -> TrailVersion | None:
    """Point to what an import wrote aside: readers see all of it from now on; nothing new makes no version."""
    if run.pk and not ImportRun.objects.filter(pk=run.pk).exists():
        raise SourceGone
    # On screen the source is chosen before the files are read, and may be called otherwise by now.
    name = Source.objects.get(pk=run.source_id).name if run.source_id else source
    origin = _locked(name, actor, staged, now)
    version, entry = None, None
    if staged.changes_anything:
        version = _point(actor, origin, staged, now)
        entry = audit.record(
            actor=actor, verb="import", kind=Kind.SOURCE, object_id=origin.pk, object_name=origin.name,
            particulars={"summary": staged.summary()}, now=now,
        )  # fmt: skip
    run.source, run.entry, run.state, run.applied_at = origin, entry, ImportState.APPLIED, now
    run.made_by = run.made_by or actor
    run.save()
    return version


@transaction.atomic
def publish_reading(
    *, actor: User | None, source: Source, staged: Staged, now: dt.datetime
) -> TrailVersion | None:
    """Point to what was read of a connected tracker: readers see all of it from now on; nothing new makes no version."""
    held = Source.objects.select_for_update().filter(pk=source.pk).first()
    if held is None:
        raise SourceGone
    origin = _locked(held.name, actor, staged, now)
    if not staged.changes_anything:
        return None
    version = _point(actor, origin, staged, now)
    audit.record(
        actor=actor, verb="import", kind=Kind.SOURCE, object_id=origin.pk, object_name=origin.name,
        particulars={"summary": staged.summary()}, now=now,
    )  # fmt: skip
    return version


@transaction.atomic
def forget_in_trail(*, actor: User | None, source: Source, staged: Staged, now: dt.datetime) -> set[str]:
    """Point to a trail written again without those who were erased; gives the files that named them."""
    origin = _locked(source.name, actor, staged, now)
    version = _point(actor, origin, staged, now)
    audit.record(
        # Not how much named them: beside the erasure of one person it would be what that person did.
        actor=actor, verb="erase", kind=Kind.SOURCE, object_id=origin.pk, object_name=origin.name, now=now,
    )  # fmt: skip
    earlier = TrailVersion.objects.filter(source=origin).exclude(pk=version.pk)
    gone = _names(*earlier.values_list("files", flat=True)) - _names(version.files)
    earlier.update(files={})
    return gone


def _names(*files: dict[str, list[str]]) -> set[str]:
    return {name for one in files for names in one.values() for name in names}


def _locked(source: str, actor: User | None, staged: Staged, now: dt.datetime) -> Source:
    """The source, nobody else's for the moment; raises MovedOn where what was merged is no longer what is stored."""
    Source.objects.get_or_create(name=source, defaults={"made_by": actor, "made_at": now})
    origin = Source.objects.select_for_update().get(name=source)
    current = TrailVersion.objects.filter(source=origin, superseded_at=None).first()
    if current != staged.base or keep_key(origin, staged.key) != staged.key:
        raise MovedOn
    if forgotten_of(origin) != staged.forgotten:
        raise MovedOn
    return origin


def _point(actor: User | None, source: Source, staged: Staged, now: dt.datetime) -> TrailVersion:
    made = {path.stem for path in staged.folder.iterdir()}
    name = places.move_in(staged.folder, source.pk)
    TrailVersion.objects.filter(source=source, superseded_at=None).update(superseded_at=now)
    told = staged.told
    version = TrailVersion(
        source=source, number=(staged.base.number if staged.base else 0) + 1,
        files={
            table: [*staged.kept.get(table, ()), *([f"{name}/{table}.parquet"] if table in made else ())]
            for table in places.TABLES
        },
        counts=told.counts, earliest_at=told.earliest_at, latest_at=told.latest_at, parts=told.parts,
        made_by=actor, made_at=now,
    )  # fmt: skip
    version.save(force_insert=True)
    return version


@transaction.atomic
def say_what_statuses_mean(
    *, actor: User, source: Source, meanings: Mapping[str, str], now: dt.datetime
) -> AuditEntry | None:
    """Say where work items of each status stand; a blank category leaves a status to the tool again."""
    version = TrailVersion.objects.filter(source=source, superseded_at=None).first()
    known = {part["name"] for part in version.parts.get("statuses", [])} if version else set()
    if not meanings.keys() <= known:
        raise NoSuchStatus(_("No work item of this source has that status."))
    held = {row.status: row for row in StatusMeaning.objects.select_for_update().filter(source=source)}
    tracker = audit.Tracker()
    for status, category in meanings.items():
        row = held.get(status)
        before = row.category if row else ""
        if before == category:
            continue
        if row and not category:
            tracker.delete(row)
        elif row:
            tracker.change(row, category=category)
        else:
            tracker.create(StatusMeaning(source=source, status=status, category=category))
    if not tracker.changes:
        return None
    return audit.record(
        actor=actor, verb="change", kind=Kind.SOURCE, object_id=source.pk, object_name=source.name, now=now,
        rows=tracker.changes,
    )  # fmt: skip
