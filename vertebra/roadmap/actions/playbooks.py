"""Playbooks: written or taken from what ships, changed in a draft, published for good, improved by lessons."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit, search
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.roadmap.models import LaunchStep, Playbook, PlaybookStep, PlaybookVersion
from vertebra.roadmap.shipped.playbooks import playbooks

EDITABLE = (
    "domain", "stage", "title", "details", "role", "function", "starts_day", "ends_day", "is_gate",
)  # fmt: skip
MOST_STEPS = 400


class Published(Refusal):
    """A version that was published is kept as it is."""


class NotReady(Refusal):
    """A version is published once it has steps."""


class WrongDays(Refusal):
    """A step ends on the day it starts, or later."""


class NoWords(Refusal):
    """A playbook, a step, a domain and a stage have names."""


@transaction.atomic
def create_playbook(
    *,
    actor: User | None,
    title: str,
    language: str,
    description: str = "",
    shipped: str = "",
    now: dt.datetime,
) -> Playbook:
    """Write a playbook from nothing or, published at once, from one that ships with Vertebra."""
    model = playbooks(language).get(shipped)
    title = " ".join(title.split())[:200] or (model.title if model else "")
    if not title:
        raise NoWords(_("Give the playbook a name."))
    book = Playbook(
        title=title, description=(description.strip() or (model.description if model else "")),
        language=language, made_by=actor, created_at=now,
    )  # fmt: skip
    tracker = audit.Tracker()
    tracker.create(book)
    version = PlaybookVersion(
        playbook=book, number=1, made_by=actor, created_at=now, published_at=now if model else None
    )
    tracker.create(version)
    for position, step in enumerate(model.steps if model else ()):
        values = {name: getattr(step, name) for name in EDITABLE}
        tracker.create(PlaybookStep(version=version, position=position, **values))
    _written("create", book, tracker, now, actor)
    return book


@transaction.atomic
def change_playbook(
    *, actor: User | None, playbook: Playbook, changes: Mapping[str, Any], now: dt.datetime
) -> AuditEntry:
    """Call a playbook something else, say better what it is for."""
    values = {name: changes[name] for name in ("title", "description") if name in changes}
    if "title" in values and not values["title"].strip():
        raise NoWords(_("Give the playbook a name."))
    tracker = audit.Tracker()
    if not tracker.change(playbook, **values):
        raise NothingChanges(_("It is written like this already."))
    return _written("change", playbook, tracker, now, actor)


@transaction.atomic
def draft_version(*, actor: User | None, playbook: Playbook, now: dt.datetime) -> PlaybookVersion:
    """Open a draft that copies the latest version; one draft at a time."""
    Playbook.objects.select_for_update().get(pk=playbook.pk)
    latest = playbook.versions.first()
    if latest is not None and latest.published_at is None:
        return latest
    tracker = audit.Tracker()
    draft = PlaybookVersion(
        playbook=playbook, number=(latest.number if latest else 0) + 1, made_by=actor, created_at=now
    )
    tracker.create(draft)
    for step in latest.steps.all() if latest else ():
        values = {name: getattr(step, name) for name in EDITABLE}
        tracker.create(PlaybookStep(version=draft, position=step.position, **values))
    _written("change", playbook, tracker, now, actor, version=draft.number)
    return draft


@transaction.atomic
def set_step(
    *,
    actor: User | None,
    version: PlaybookVersion,
    values: Mapping[str, Any],
    step: PlaybookStep | None = None,
    now: dt.datetime,
) -> AuditEntry:
    """Add a step to a draft, or change one of its steps."""
    draft = _draft(version)
    given = {name: values[name] for name in EDITABLE if name in values}
    for name in ("domain", "stage", "title"):
        if name in given:
            given[name] = " ".join(given[name].split())
            if not given[name]:
                raise NoWords(_("A step has a name, a domain and a stage."))
    tracker = audit.Tracker()
    row = step or PlaybookStep(version=draft, position=_after(draft))
    starts, ends = given.get("starts_day", row.starts_day), given.get("ends_day", row.ends_day)
    if ends < starts:
        raise WrongDays(_("A step ends on the day it starts, or later."))
    if step is None:
        if draft.steps.count() >= MOST_STEPS:
            raise NotReady(_("A playbook has %(count)d steps at most.") % {"count": MOST_STEPS})
        for name, value in given.items():
            setattr(row, name, value)
        tracker.create(row)
    elif not tracker.change(row, **given):
        raise NothingChanges(_("It is written like this already."))
    return _written("change", draft.playbook, tracker, now, actor, step=row.title)


@transaction.atomic
def remove_step(*, actor: User | None, step: PlaybookStep, now: dt.datetime) -> AuditEntry:
    """Take a step out of a draft."""
    draft = _draft(step.version)
    tracker = audit.Tracker()
    title = step.title
    tracker.delete(step)
    return _written("change", draft.playbook, tracker, now, actor, step=title)


@transaction.atomic
def move_step(*, actor: User | None, step: PlaybookStep, is_up: bool, now: dt.datetime) -> AuditEntry:
    """Move a step of a draft up or down by one."""
    draft = _draft(step.version)
    steps = list(draft.steps.all())
    at = next(number for number, one in enumerate(steps) if one.pk == step.pk)
    to = at - 1 if is_up else at + 1
    if not 0 <= to < len(steps):
        raise NothingChanges(_("It stands there already."))
    steps[at], steps[to] = steps[to], steps[at]
    tracker = audit.Tracker()
    for position, one in enumerate(steps):
        tracker.change(one, position=position)
    return _written("change", draft.playbook, tracker, now, actor, step=step.title)


@transaction.atomic
def take_lesson(
    *, actor: User | None, version: PlaybookVersion, launch_step: LaunchStep, now: dt.datetime
) -> AuditEntry:
    """Say that a draft takes in what a launch learnt: the lesson stands with the version that it made."""
    draft = _draft(version)
    row = LaunchStep.objects.select_for_update().get(pk=launch_step.pk)
    if not row.lesson or row.lesson_taken_in_id:
        raise NothingChanges(_("This lesson was taken in before."))
    tracker = audit.Tracker()
    tracker.change(row, lesson_taken_in=draft)
    line = f"· {row.title} : {row.lesson}"
    said = f"{draft.what_changed}\n{line}".strip()[:4000]
    tracker.change(draft, what_changed=said)
    return _written("change", draft.playbook, tracker, now, actor, lesson=row.lesson[:200])


@transaction.atomic
def publish_version(
    *, actor: User | None, version: PlaybookVersion, what_changed: str | None = None, now: dt.datetime
) -> AuditEntry:
    """Publish a draft: from now on its steps no longer change, and launches begin with it."""
    draft = _draft(version)
    if not draft.steps.exists():
        raise NotReady(_("A playbook without steps cannot be published: add the first one."))
    tracker = audit.Tracker()
    said = draft.what_changed if what_changed is None else what_changed.strip()
    tracker.change(draft, published_at=now, what_changed=said)
    return _written("publish", draft.playbook, tracker, now, actor, version=draft.number)


@transaction.atomic
def archive_playbook(*, actor: User | None, playbook: Playbook, now: dt.datetime) -> AuditEntry:
    """Put a playbook away; launches that follow it keep it."""
    if playbook.archived_at:
        raise NothingChanges(_("It is archived already."))
    tracker = audit.Tracker()
    tracker.change(playbook, archived_at=now)
    search.unindex(Kind.PLAYBOOK, [playbook.pk])
    return _record("archive", playbook, tracker, now, actor)


def _draft(version: PlaybookVersion) -> PlaybookVersion:
    found = (
        PlaybookVersion.objects.select_for_update(of=("self",)).select_related("playbook").get(pk=version.pk)
    )
    if found.published_at:
        raise Published(_("This version is published and stays as it is: open a new draft."))
    return found


def _after(draft: PlaybookVersion) -> int:
    last = draft.steps.last()
    return last.position + 1 if last else 0


def _written(
    verb: str, book: Playbook, tracker: audit.Tracker, now: dt.datetime, actor: User | None, **told: Any
) -> AuditEntry:
    entry = search.Entry(Kind.PLAYBOOK, book.pk, book.title, "", book.description, book.language)
    search.index(entry, now=now)
    return _record(verb, book, tracker, now, actor, **told)


def _record(
    verb: str, book: Playbook, tracker: audit.Tracker, now: dt.datetime, actor: User | None, **told: Any
) -> AuditEntry:
    return audit.record(
        actor=actor, verb=verb, kind=Kind.PLAYBOOK, object_id=book.pk, object_name=book.title, now=now,
        particulars={name: value for name, value in told.items() if value}, rows=tracker.changes,
    )  # fmt: skip
