"""Lessons: written, or made from the briefs of a release; published; they expire, and begin anew."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit, search
from vertebra.accounts.actions.thread import tie, untie
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import AuditEntry, User, Watch
from vertebra.learning.actions.standing import locked, written
from vertebra.learning.actions.taking import ask_again, carry_over
from vertebra.learning.labels import Expiry
from vertebra.learning.models import Assignment, Lesson, LessonText, LessonVersion
from vertebra.learning.queries.giving import audiences_to_give
from vertebra.learning.queries.lessons import is_complete, sources_of, versions_of
from vertebra.org.models import Area, Person
from vertebra.releases.models import Brief, Release
from vertebra.roadmap.models import Feature

EDITABLE = frozenset({"title", "minutes", "area", "feature", "owner", "language"})
TEXT = frozenset(
    {"title", "body", "video_address", "image", "image_words", "question", "choices", "right", "explanation"}
)


class NoTitle(Refusal):
    """A lesson says what one learns."""


class CarriesOne(Refusal):
    """A release carries one lesson."""


class NotComplete(Refusal):
    """What is published has something to read, one question and its answers, alike in each language."""


class NothingHolds(Refusal):
    """Only what was published can expire."""


class NoReason(Refusal):
    """Whoever took a lesson that expires reads why."""


class NothingBefore(Refusal):
    """Only what replaces something that holds can be the same, better said."""


class PutAway(Refusal):
    """What is archived is brought back before it is written on."""


@transaction.atomic
def create_lesson(
    *,
    actor: User | None,
    title: str,
    language: str,
    minutes: int = 3,
    release: Release | None = None,
    feature: Feature | None = None,
    area: Area | None = None,
    owner: Person | None = None,
    now: dt.datetime,
) -> Lesson:
    """Begin a lesson; one of a release begins with what its briefs say, in each of their languages."""
    if release is not None and Lesson.objects.filter(release=release, archived_at=None).exists():
        raise CarriesOne(_("This release carries a lesson already: change that one."))
    row = Lesson(
        title=_said(title), language=language, minutes=minutes, release=release, feature=feature, area=area,
        owner=owner, made_by=actor, created_at=now, changed_at=now,
    )  # fmt: skip
    tracker = audit.Tracker()
    tracker.create(row)
    version = _begin(tracker, row, actor, now)
    sources = sources_of(release) if release else {}
    for code, brief in sources.items():
        tracker.create(_from_brief(version, row, code, brief, now))
    if not sources:
        tracker.create(LessonText(version=version, language=language, title=row.title, changed_at=now))
    if row.release_id:
        tie(tracker, _end(row), Relation.RAISED_FROM, (str(Kind.RELEASE), row.release_id), by=actor, now=now)
    if actor:
        tracker.create(Watch(user=actor, kind=Kind.LESSON, object_id=row.pk, since_at=now))
    written("create", row, tracker, now, actor=actor)
    return row


@transaction.atomic
def change_lesson(*, actor: User, lesson: Lesson, changes: Mapping[str, Any], now: dt.datetime) -> AuditEntry:
    """Change what is known of a lesson; what it says has a version of its own."""
    row = _open(lesson)
    values = {name: value for name, value in changes.items() if name in EDITABLE}
    if "title" in values:
        values["title"] = _said(values["title"])
    tracker = audit.Tracker()
    touched = tracker.change(row, **values)
    if not touched:
        raise NothingChanges(_("It is written like this already."))
    return written("change", row, tracker, now, actor=actor, fields=touched)


@transaction.atomic
def write_text(
    *, actor: User, lesson: Lesson, language: str, changes: Mapping[str, Any], now: dt.datetime
) -> AuditEntry:
    """Write what a lesson says in a language: in the version being written, which begins with the one that holds."""
    row = _open(lesson)
    tracker = audit.Tracker()
    version = versions_of(row).draft or _anew(tracker, row, actor, now)
    text = LessonText.objects.filter(version=version, language=language).first()
    if text is None:
        text = LessonText(version=version, language=language, title=row.title, changed_at=now)
        tracker.create(text)
    values = {name: value for name, value in changes.items() if name in TEXT}
    touched = tracker.change(text, **values)
    if not touched and not tracker.changes:
        raise NothingChanges(_("It is written like this already."))
    tracker.change(text, changed_at=now)
    return written("write", row, tracker, now, actor=actor, language=language)


@transaction.atomic
def publish_lesson(*, actor: User, lesson: Lesson, is_same: bool = False, now: dt.datetime) -> AuditEntry:
    """Publish what was written: the version before expires, and the audiences of the release are given the lesson.

    Whoever took the version before takes this one too, unless it says the same in better words.
    """
    row = _open(lesson)
    known = versions_of(row)
    if known.draft is None:
        raise NothingChanges(_("Nothing new is written: what holds is published."))
    if is_same and known.current is None:
        raise NothingBefore(_("Nothing holds that it could say better: publish it to be taken."))
    _refuse_incomplete(known.draft)
    tracker = audit.Tracker()
    if is_same and known.current:
        carry_over(known.current, known.draft)
    else:
        ask_again(row, known.draft, now)
    if known.current:
        tracker.change(known.current, expired_at=now, expired_why=Expiry.REPLACED)
    tracker.change(known.draft, published_at=now)
    if row.release is not None:
        tie(tracker, _end(row), Relation.SERVES, (str(Kind.RELEASE), row.release.pk), by=actor, now=now)
    for audience in audiences_to_give(row):
        tracker.create(Assignment(lesson=row, audience_id=audience, made_by=actor, created_at=now))
    return written("publish", row, tracker, now, actor=actor, number=known.draft.number)


@transaction.atomic
def expire_lesson(
    *,
    actor: User | None,
    lesson: Lesson,
    why: str = Expiry.BY_HAND,
    note: str = "",
    release: Release | None = None,
    now: dt.datetime,
) -> AuditEntry:
    """Say that what a lesson tells holds no more: whoever took it knows, and takes the next version."""
    row = _open(lesson)
    current = versions_of(row).current
    if current is None:
        raise NothingHolds(_("Nothing of it holds: publish it first."))
    if why == Expiry.BY_HAND and not note.strip():
        raise NoReason(_("Say in one sentence what changed: whoever took the lesson reads it."))
    tracker = audit.Tracker()
    tracker.change(
        current,
        expired_at=now,
        expired_why=why,
        expired_note=" ".join(note.split())[:500],
        expired_by=release,
    )
    if row.release_id:
        untie(tracker, _end(row), Relation.SERVES, (str(Kind.RELEASE), row.release_id), now=now)
    return written("expire", row, tracker, now, actor=actor, why=why, note=note)


@transaction.atomic
def say_changed_by(*, actor: User, lesson: Lesson, release: Release, now: dt.datetime) -> AuditEntry:
    """Say that a release to come changes what a lesson tells: once it is out, the lesson expires by itself."""
    row = _open(lesson)
    if row.release_id == release.pk:
        raise NothingChanges(_("It is the lesson of that very release."))
    tracker = audit.Tracker()
    tie(tracker, (str(Kind.RELEASE), release.pk), Relation.REPLACES, _end(row), by=actor, now=now)
    if not tracker.changes:
        raise NothingChanges(_("That is known already."))
    return written("link", row, tracker, now, actor=actor, release=release.title)


@transaction.atomic
def say_unchanged_by(*, actor: User, lesson: Lesson, release: Release, now: dt.datetime) -> AuditEntry:
    """Say that a release does not change what a lesson tells after all."""
    row = locked(lesson)
    tracker = audit.Tracker()
    untie(tracker, (str(Kind.RELEASE), release.pk), Relation.REPLACES, _end(row), now=now)
    if not tracker.changes:
        raise NothingChanges(_("That is so already."))
    return written("unlink", row, tracker, now, actor=actor, release=release.title)


@transaction.atomic
def archive_lesson(*, actor: User, lesson: Lesson, now: dt.datetime) -> AuditEntry:
    """Take a lesson out of the lists; who took it keeps that in their own record."""
    row = locked(lesson)
    if row.archived_at:
        raise NothingChanges(_("It is archived already."))
    tracker = audit.Tracker()
    tracker.change(row, archived_at=now)
    for relation in (Relation.SERVES, Relation.RAISED_FROM) if row.release_id else ():
        untie(tracker, _end(row), relation, (str(Kind.RELEASE), row.release_id or 0), now=now)
    entry = written("archive", row, tracker, now, actor=actor)
    search.unindex(Kind.LESSON, [row.pk])
    return entry


@transaction.atomic
def restore_lesson(*, actor: User, lesson: Lesson, now: dt.datetime) -> AuditEntry:
    """Bring a lesson back that was put away; what held holds again."""
    row = locked(lesson)
    if not row.archived_at:
        raise NothingChanges(_("It is not archived."))
    if row.release_id and Lesson.objects.filter(release=row.release_id, archived_at=None).exists():
        raise CarriesOne(_("Its release carries another lesson since: change that one."))
    tracker = audit.Tracker()
    tracker.change(row, archived_at=None)
    holds = versions_of(row).current is not None
    for relation in (Relation.RAISED_FROM, *([Relation.SERVES] if holds else ())) if row.release_id else ():
        tie(tracker, _end(row), relation, (str(Kind.RELEASE), row.release_id or 0), by=actor, now=now)
    return written("restore", row, tracker, now, actor=actor)


def _open(lesson: Lesson) -> Lesson:
    row = locked(lesson)
    if row.archived_at:
        raise PutAway(_("It is archived: bring it back first."))
    return row


def _end(row: Lesson) -> tuple[str, int]:
    return str(Kind.LESSON), row.pk


def _said(title: str) -> str:
    title = " ".join(title.split())[:200]
    if not title:
        raise NoTitle(_("Say in a few words what one learns."))
    return title


def _begin(tracker: audit.Tracker, row: Lesson, actor: User | None, now: dt.datetime) -> LessonVersion:
    latest = row.versions.first()
    version = LessonVersion(
        lesson=row, number=latest.number + 1 if latest else 1, made_by=actor, created_at=now
    )
    tracker.create(version)
    return version


def _anew(tracker: audit.Tracker, row: Lesson, actor: User | None, now: dt.datetime) -> LessonVersion:
    """A version to write, which begins with what was said last."""
    before = versions_of(row).latest
    version = _begin(tracker, row, actor, now)
    for text in before.texts.all() if before else ():
        kept = {name: getattr(text, name) for name in TEXT}
        number = Brief.objects.filter(pk=text.brief_id or 0).values_list("version", flat=True).first()
        tracker.create(
            LessonText(
                version=version, language=text.language, brief_id=text.brief_id, brief_version=number or 0,
                changed_at=now, **kept,
            )
        )  # fmt: skip
    return version


def _from_brief(
    version: LessonVersion, row: Lesson, language: str, brief: Brief, now: dt.datetime
) -> LessonText:
    return LessonText(
        version=version, language=language, title=(brief.line.strip() or row.title)[:200],
        body=brief.body[:20_000], brief=brief, brief_version=brief.version, changed_at=now,
    )  # fmt: skip


def _refuse_incomplete(version: LessonVersion) -> None:
    texts = list(version.texts.all())
    if not texts or not all(is_complete(text) for text in texts):
        raise NotComplete(
            _("Each language needs something to read or to watch, one question, and two answers at least.")
        )
    if len({(len(text.choices), text.right) for text in texts}) > 1:
        raise NotComplete(
            _(
                "The answers must be as many and in the same order in each language: they are counted together."
            )
        )
