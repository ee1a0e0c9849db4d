"""Interview guides: those that ship, and those that Product Ops writes for itself."""

import datetime as dt
from collections.abc import Sequence
from typing import TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.discovery.models import Guide
from vertebra.discovery.shipped.guides import shipped_guides

Questions = Sequence[dict[str, str]]


class ShippedAsIs(Refusal):
    """A guide that ships is copied before it is changed."""


class NoQuestion(Refusal):
    """A guide asks something."""


class GuideChanges(TypedDict, total=False):
    """What may change of a guide."""

    title: str
    function: str
    language: str
    questions: Questions


@transaction.atomic
def ensure_shipped_guides(*, actor: User | None, now: dt.datetime) -> AuditEntry | None:
    """Bring the guides that ship into the database, or up to date; nothing is recorded when all are there."""
    tracker = audit.Tracker()
    known = {(row.code, row.language): row for row in Guide.objects.exclude(code="")}
    for one in shipped_guides():
        values = {"title": one.title, "function": one.function, "questions": one.as_kept()}
        row = known.get((one.code, one.language))
        if row is None:
            tracker.create(
                Guide(
                    code=one.code,
                    language=one.language,
                    is_shipped=True,
                    created_at=now,
                    changed_at=now,
                    **values,
                )
            )
        elif any(getattr(row, name) != value for name, value in values.items()):
            tracker.change(row, changed_at=now, **values)
    if not tracker.changes:
        return None
    # What ships is not a change that somebody made: it is told, and not undone.
    return audit.record(actor=actor, verb="refresh", kind=Kind.GUIDE, now=now, rows=tracker.changes)


@transaction.atomic
def create_guide(
    *, actor: User, title: str, function: str, language: str, questions: Questions, now: dt.datetime
) -> AuditEntry:
    """Write a guide of one's own."""
    if not questions:
        raise NoQuestion(_("Write one question at least."))
    tracker = audit.Tracker()
    guide = Guide(
        title=title,
        function=function,
        language=language,
        questions=list(questions),
        created_at=now,
        changed_at=now,
    )
    tracker.create(guide)
    return _record(actor, "create", guide, tracker, now)


@transaction.atomic
def copy_guide(*, actor: User, guide: Guide, now: dt.datetime) -> AuditEntry:
    """Make a copy of a guide that one may change."""
    tracker = audit.Tracker()
    copy = Guide(
        title=_("%(title)s (our version)") % {"title": guide.title[:180]},
        function=guide.function,
        language=guide.language,
        questions=guide.questions,
        created_at=now,
        changed_at=now,
    )
    tracker.create(copy)
    return _record(actor, "create", copy, tracker, now)


@transaction.atomic
def change_guide(*, actor: User, guide: Guide, changes: GuideChanges, now: dt.datetime) -> AuditEntry:
    """Change a guide of one's own."""
    guide = Guide.objects.select_for_update().get(pk=guide.pk)
    if guide.is_shipped:
        raise ShippedAsIs(_("This guide ships with Vertebra: copy it, and change the copy."))
    if "questions" in changes and not changes["questions"]:
        raise NoQuestion(_("Write one question at least."))
    tracker = audit.Tracker()
    if not tracker.change(guide, **changes):
        raise NothingChanges(_("Nothing differs from what is kept."))
    tracker.change(guide, changed_at=now)
    return _record(actor, "change", guide, tracker, now)


@transaction.atomic
def archive_guide(*, actor: User, guide: Guide, now: dt.datetime) -> AuditEntry:
    """Take a guide out of the lists; the conversations held with it keep it."""
    tracker = audit.Tracker()
    tracker.change(guide, archived_at=guide.archived_at or now)
    return _record(actor, "archive", guide, tracker, now)


@transaction.atomic
def restore_guide(*, actor: User, guide: Guide, now: dt.datetime) -> AuditEntry:
    """Bring an archived guide back into the lists."""
    tracker = audit.Tracker()
    tracker.change(guide, archived_at=None)
    return _record(actor, "restore", guide, tracker, now)


def _record(actor: User, verb: str, guide: Guide, tracker: audit.Tracker, now: dt.datetime) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.GUIDE,
        object_id=guide.pk,
        object_name=guide.title,
        now=now,
        rows=tracker.changes,
    )
