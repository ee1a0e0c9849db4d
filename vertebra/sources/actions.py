"""Every audited change of imports and sources: starting, renaming, archiving, removing."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit.files.problems import Problem
from vertebra.sources import uploads
from vertebra.sources.labels import AT_WORK
from vertebra.sources.models import ImportRun, Source
from vertebra.sources.target import Target


class NoRoom(Exception):
    """The files could not be kept."""


class Unreadable(Exception):
    """Some of the files cannot be read, whatever they are; holds what is wrong with each."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__()
        self.problems = problems


class NameTaken(Exception):
    """Another source has this name."""


class WrongName(Exception):
    """The name typed is not the name of the source."""


@transaction.atomic
def start_import(
    *, actor: User, target: Target, source: str, files: Iterable[UploadedFile[Any]], now: dt.datetime
) -> ImportRun:
    """Keep the uploaded files as a draft, under the name of where they come from."""
    known, _made = Source.objects.get_or_create(name=source, defaults={"made_by": actor, "made_at": now})
    run = ImportRun.objects.create(source=known, target=target.code, made_by=actor, made_at=now)
    try:
        run.files = uploads.keep(run, files)
    except OSError as error:
        uploads.forget(run)
        raise NoRoom(
            _(
                "The files could not be kept: the disk of the server is full, or its data folder cannot be written."
            )
        ) from error
    if not target.suffixes:
        _refuse_unreadable(run)
    run.save(update_fields=["files"])
    audit.record(
        actor=actor,
        verb="create",
        kind=Kind.IMPORT,
        object_id=run.pk,
        object_name=source,
        particulars={"files": [file["name"] for file in run.files][:20]},
        now=now,
    )
    return run


def _refuse_unreadable(run: ImportRun) -> None:
    """Refuse what no later step could read, before somebody takes them."""
    from vertebra.kit.files.first_look import hopeless

    problems = [one for path in uploads.files_of(run) for one in hopeless(path, path.name)]
    if problems:
        uploads.forget(run)
        raise Unreadable(problems)


@transaction.atomic
def rename_source(*, actor: User, source: Source, name: str, now: dt.datetime) -> AuditEntry:
    """Give a source another name; what it brought stays its own."""
    tracker = audit.Tracker()
    before = source.name
    try:
        with transaction.atomic():
            tracker.change(source, name=name)
    except IntegrityError as error:
        raise NameTaken(_("Another source is called “%(name)s”.") % {"name": name}) from error
    return audit.record(
        actor=actor,
        verb="change",
        kind=Kind.SOURCE,
        object_id=source.pk,
        object_name=name,
        particulars={"name": [before, name]},
        now=now,
        rows=tracker.changes,
    )


@transaction.atomic
def archive_source(*, actor: User, source: Source, is_archived: bool, now: dt.datetime) -> AuditEntry:
    """Take a source out of the lists, or bring it back; what it brought stays."""
    tracker = audit.Tracker()
    tracker.change(source, archived_at=now if is_archived else None)
    return audit.record(
        actor=actor,
        verb="archive" if is_archived else "restore",
        kind=Kind.SOURCE,
        object_id=source.pk,
        object_name=source.name,
        now=now,
        rows=tracker.changes,
    )


def erase_source(
    *, actor: User, source: Source, typed: str, targets: Iterable[Target], now: dt.datetime
) -> None:
    """Remove a source with everything that only it brought, once its name was typed; nothing brings it back."""
    if typed.strip() != source.name:
        raise WrongName(_("Type the name of the source exactly: %(name)s.") % {"name": source.name})
    with transaction.atomic():
        counts = {kind: count for target in targets for kind, count in target.brought(source).items()}
        for target in targets:
            target.erase(actor, source, now)
        runs = list(ImportRun.objects.filter(source=source))
        ImportRun.objects.filter(source=source).delete()
        name, pk = source.name, source.pk
        source.delete()
        audit.record(
            actor=actor,
            verb="erase",
            kind=Kind.SOURCE,
            object_id=pk,
            object_name=name,
            particulars={"counts": counts},
            now=now,
        )
    for run in runs:
        uploads.forget(run)


def forget_old_files(*, actor: User | None, now: dt.datetime) -> int:
    """Delete uploaded files after thirty days; the imports themselves are kept."""
    limit = now - dt.timedelta(days=uploads.KEPT_DAYS)
    old = list(
        ImportRun.objects.filter(made_at__lt=limit, files_deleted_at=None).exclude(state__in=AT_WORK)[:500]
    )
    for run in old:
        uploads.forget(run)
    with transaction.atomic():
        ImportRun.objects.filter(pk__in=[run.pk for run in old]).update(files_deleted_at=now)
        if old:
            audit.record(
                actor=actor, verb="erase", kind=Kind.IMPORT, particulars={"count": len(old)}, now=now
            )
    return len(old)
