"""Paths: made of steps, changed, put away; the Product Camp that ships is a beginning to change."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from vertebra.accounts import audit, search
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.learning.actions.standing import path_written
from vertebra.learning.labels import Meet, StepKind
from vertebra.learning.models import Path, PathStep

EDITABLE = frozenset({"title", "description", "language", "is_camp", "functions", "roles"})
STEP = frozenset({"kind", "title", "words", "lesson", "meet", "web_address", "day"})


class NoTitle(Refusal):
    """A path says what it leads to, a step what to do."""


class BegunAlready(Refusal):
    """The Product Camp that ships is begun once, then changed."""


class NotThatStep(Refusal):
    """A step of a lesson names it, a step of people says whom, an address leads somewhere."""


@transaction.atomic
def create_path(*, actor: User | None, values: Mapping[str, Any], now: dt.datetime) -> Path:
    """Begin a path."""
    given = {name: value for name, value in values.items() if name in EDITABLE}
    given["title"] = _said(given.get("title", ""))
    row = Path(made_by=actor, created_at=now, changed_at=now, **given)
    tracker = audit.Tracker()
    tracker.create(row)
    path_written("create", row, tracker, now, actor=actor)
    return row


@transaction.atomic
def create_camp(*, actor: User | None, language: str, now: dt.datetime) -> Path:
    """Begin a Product Camp with the steps of a first month, to be changed."""
    with translation.override(language):
        steps = _first_month()
        row = Path(
            title=_("Product Camp"), description=_("The first month of whoever joins product, design or engineering."),
            language=language, is_camp=True, functions=["product", "design", "engineering", "data", "research"],
            made_by=actor, created_at=now, changed_at=now,
        )  # fmt: skip
    if Path.objects.filter(is_camp=True, archived_at=None, title=row.title).exists():
        raise BegunAlready(_("There is one already: change that one, or begin an empty path."))
    tracker = audit.Tracker()
    tracker.create(row)
    for position, values in enumerate(steps):
        tracker.create(PathStep(path=row, position=position, **values))
    path_written("create", row, tracker, now, actor=actor)
    return row


def _first_month() -> list[dict[str, Any]]:
    people, page = StepKind.PEOPLE, StepKind.PAGE
    return [
        {"kind": people, "meet": Meet.MANAGER, "day": 1, "title": _("Meet your manager"), "words": _("What is expected of you in three months?")},
        {"kind": page, "day": 2, "title": _("See how we are organised"), "web_address": "/organisation/", "words": _("Find your team, what it answers for, and who works beside it.")},
        {"kind": people, "meet": Meet.TEAM, "day": 5, "title": _("Meet those who lead your team"), "words": _("Product, design, engineering: one half-hour each.")},
        {"kind": page, "day": 8, "title": _("Read what we want this year"), "web_address": "/roadmap/objectives/", "words": _("Which objective does your team serve?")},
        {"kind": people, "meet": Meet.CHAMPIONS, "day": 12, "title": _("Meet the Product Champions"), "words": _("They meet customers every day: ask what hurts, and what they would show you.")},
        {"kind": page, "day": 15, "title": _("Read what hurts"), "web_address": "/discovery/pain-points/", "words": _("Take one that touches your area, and read what shows it.")},
        {"kind": page, "day": 20, "title": _("Read what came out and what comes"), "web_address": "/releases/", "words": _("Take the brief of one trade: would you have understood it?")},
        {"kind": people, "meet": Meet.PRODUCT_OPS, "day": 25, "title": _("Meet Product Ops"), "words": _("Say what was missing in these weeks: the next ones will find it here.")},
    ]  # fmt: skip


@transaction.atomic
def change_path(*, actor: User, path: Path, changes: Mapping[str, Any], now: dt.datetime) -> AuditEntry:
    """Change what a path says and whom it is for."""
    row = Path.objects.select_for_update().get(pk=path.pk)
    values = {name: value for name, value in changes.items() if name in EDITABLE}
    if "title" in values:
        values["title"] = _said(values["title"])
    tracker = audit.Tracker()
    touched = tracker.change(row, **values)
    if not touched:
        raise NothingChanges(_("It is written like this already."))
    return path_written("change", row, tracker, now, actor=actor, fields=touched)


@transaction.atomic
def write_step(
    *, actor: User, path: Path, step: PathStep | None = None, values: Mapping[str, Any], now: dt.datetime
) -> AuditEntry:
    """Add a step to a path, or change one."""
    row = Path.objects.select_for_update().get(pk=path.pk)
    given = {name: value for name, value in values.items() if name in STEP}
    given["title"] = _said(given.get("title", ""))
    _refuse(given)
    tracker = audit.Tracker()
    if step is None:
        tracker.create(PathStep(path=row, position=row.steps.count(), **given))
    elif not tracker.change(step, **given):
        raise NothingChanges(_("It is written like this already."))
    return path_written("change", row, tracker, now, actor=actor, step=given["title"])


@transaction.atomic
def remove_step(*, actor: User, step: PathStep, now: dt.datetime) -> AuditEntry:
    """Take a step away from the path; who did it keeps that in their own record."""
    row = Path.objects.select_for_update().get(pk=step.path_id)
    held = PathStep.objects.select_for_update().get(pk=step.pk)
    if held.archived_at:
        raise NothingChanges(_("It is archived already."))
    tracker = audit.Tracker()
    tracker.change(held, archived_at=now)
    return path_written("change", row, tracker, now, actor=actor, step=held.title)


@transaction.atomic
def archive_path(*, actor: User, path: Path, now: dt.datetime) -> AuditEntry:
    """Begin a path with nobody more; who is on it finishes it."""
    row = Path.objects.select_for_update().get(pk=path.pk)
    if row.archived_at:
        raise NothingChanges(_("It is archived already."))
    tracker = audit.Tracker()
    tracker.change(row, archived_at=now)
    entry = path_written("archive", row, tracker, now, actor=actor)
    search.unindex(Kind.PATH, [row.pk])
    return entry


@transaction.atomic
def restore_path(*, actor: User, path: Path, now: dt.datetime) -> AuditEntry:
    """Bring a path back that was put away."""
    row = Path.objects.select_for_update().get(pk=path.pk)
    if not row.archived_at:
        raise NothingChanges(_("It is not archived."))
    tracker = audit.Tracker()
    tracker.change(row, archived_at=None)
    return path_written("restore", row, tracker, now, actor=actor)


def _said(title: str) -> str:
    title = " ".join(title.split())[:200]
    if not title:
        raise NoTitle(_("Say it in a few words."))
    return title


def _refuse(given: Mapping[str, Any]) -> None:
    if given["kind"] == StepKind.LESSON and given.get("lesson") is None:
        raise NotThatStep(_("Choose the lesson."))
    if given["kind"] == StepKind.PEOPLE and not given.get("meet"):
        raise NotThatStep(_("Say whom one meets."))
    address = given.get("web_address") or ""
    is_here = address.startswith("/") and not address.startswith("//")
    if address and not is_here and not address.startswith(("https://", "http://")):
        raise NotThatStep(_("An address begins with https://, or with / for a page of Vertebra."))
