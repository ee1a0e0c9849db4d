"""Briefs: written by those who own them, marked ready by those who check them; questions answered once for all."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit import clock
from vertebra.org.models import Person
from vertebra.releases.actions.prefilling import due_on
from vertebra.releases.actions.standing import locked, written
from vertebra.releases.labels.briefs import BriefState, Trade
from vertebra.releases.labels.releases import ReleaseState
from vertebra.releases.models import Brief, BriefQuestion, Release
from vertebra.releases.queries.brief_ages import body_of, line_of, older_than_release

MOST_WORDS = 50_000
MOST_ASKED = 2000


class NotThatBrief(Refusal):
    """A brief is for one trade, in one language that Vertebra speaks."""


class TooLong(Refusal):
    """Nobody reads a brief of hundreds of pages."""


class NothingWritten(Refusal):
    """A brief that is ready has a sentence and a text."""


class Overtaken(Refusal):
    """Somebody else saved the same brief meanwhile."""


class NoAnswer(Refusal):
    """A question is answered in words."""


@transaction.atomic
def add_brief(
    *, actor: User, release: Release, trade: str, language: str, owner: Person | None = None, now: dt.datetime
) -> AuditEntry:
    """Ask for one brief more than the tier does, pre-filled."""
    row = locked(release)
    if trade not in Trade.values or language not in dict(settings.LANGUAGES):
        raise NotThatBrief(_("Choose a trade and a language."))
    if row.briefs.filter(trade=trade, language=language).exists():
        raise NothingChanges(_("There is a brief for them in that language already."))
    tracker = audit.Tracker()
    tracker.create(
        Brief(
            release=row, trade=trade, language=language, owner=owner or row.lead, line=line_of(row, language),
            body=body_of(row, trade, language), due_on=due_on(row, clock.today(now)), made_by=actor,
            created_at=now, changed_at=now,
        )
    )  # fmt: skip
    return written("write", row, tracker, now, actor=actor, trade=trade, language=language)


@transaction.atomic
def write_brief(
    *,
    actor: User | None,
    brief: Brief,
    line: str,
    body: str,
    version: int | None = None,
    now: dt.datetime,
) -> AuditEntry:
    """Write a brief; if it was ready it is to be checked again, and its text has one version more."""
    row, release = _held(brief)
    line, body = " ".join(line.split())[:300], body.replace("\r\n", "\n").strip()
    if len(body) > MOST_WORDS:
        raise TooLong(
            _("A brief has %(count)s characters at most: link to the rest.") % {"count": MOST_WORDS}
        )
    if (row.line, row.body) == (line, body):
        raise NothingChanges(_("It is written like this already."))
    if version is not None and version != row.version:
        raise Overtaken(_("Somebody saved this brief meanwhile. Read what they wrote, then save again."))
    tracker = audit.Tracker()
    state = BriefState.TO_CHECK if row.state == BriefState.READY else row.state
    state = BriefState.DRAFT if state == BriefState.PREFILLED else state
    tracker.change(
        row, line=line, body=body, state=state, version=row.version + 1, ready_at=None, ready_by=None, changed_at=now
    )  # fmt: skip
    return written("write", release, tracker, now, actor=actor, trade=row.trade, language=row.language)


@transaction.atomic
def move_brief(
    *, actor: User | None, brief: Brief, state: str, person: Person | None, now: dt.datetime
) -> AuditEntry:
    """Say that a brief is being written, to be checked, or ready for those it is for; or that it still is."""
    row, release = _held(brief)
    if state not in (BriefState.DRAFT, BriefState.TO_CHECK, BriefState.READY):
        raise NotThatBrief(_("A brief is being written, to be checked, or ready."))
    if state == row.state and not older_than_release(release, [row]):
        raise NothingChanges(_("It is so already."))
    if state == BriefState.READY and not (row.line and row.body):
        raise NothingWritten(_("Write the sentence and the text first: this is what they will read."))
    is_ready = state == BriefState.READY
    tracker = audit.Tracker()
    # That it still holds is no change of what it says.
    changed_at = row.changed_at if state == row.state else now
    tracker.change(
        row, state=state, ready_at=now if is_ready else None, ready_by=person if is_ready else None, changed_at=changed_at
    )  # fmt: skip
    return written(
        "change", release, tracker, now, actor=actor, trade=row.trade, language=row.language, state=state
    )


@transaction.atomic
def hand_brief(
    *, actor: User | None, brief: Brief, changes: Mapping[str, Any], now: dt.datetime
) -> AuditEntry:
    """Give a brief to somebody else to write, or another day."""
    row, release = _held(brief)
    tracker = audit.Tracker()
    values = {name: value for name, value in changes.items() if name in {"owner", "due_on"}}
    if not tracker.change(row, **values):
        raise NothingChanges(_("It is written like this already."))
    return written("assign", release, tracker, now, actor=actor, trade=row.trade, language=row.language)


@transaction.atomic
def ask_question(
    *, actor: User | None, release: Release, question: str, language: str, person: Person | None, trade: str = "",
    now: dt.datetime,
) -> AuditEntry:  # fmt: skip
    """Ask something about a release; the answer is for all, and nobody reads who asked."""
    row = locked(release)
    text = _question(question)
    if person is not None and _is_asked(row, text, person):
        raise NothingChanges(_("You asked this already: you are told once it is answered."))
    BriefQuestion.objects.create(
        release=row, question=text, language=language, asked_by=person, asked_at=now,
        trade=trade if trade in Trade.values else Trade.EVERYONE,
    )  # fmt: skip
    # Who asked is nobody's business: the entry is Vertebra's own, and keeps nothing of the row.
    return audit.record(
        actor=None, verb="ask", kind=Kind.RELEASE, object_id=row.pk, object_name=row.title, now=now
    )


def _question(written: str) -> str:
    """A question as it is kept: whole, or not at all."""
    # A browser sends two characters for the end of a line, and counts one.
    text = written.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text:
        raise NoAnswer(_("Write your question in one sentence."))
    if len(text) > MOST_ASKED:
        numbers = {
            "most": number_format(MOST_ASKED, force_grouping=True),
            "count": number_format(len(text), force_grouping=True),
        }
        raise TooLong(
            _("A question has %(most)s characters at most; yours has %(count)s: make it shorter.") % numbers
        )
    return text


def _is_asked(release: Release, text: str, person: Person) -> bool:
    """Whether the same question of the same person waits for its answer."""
    rows = release.questions.filter(question=text, asked_by=person, answered_at=None)
    return rows.filter(merged_into__answered_at=None).exists()


@transaction.atomic
def answer_question(
    *, actor: User, question: BriefQuestion, answer: str, person: Person | None, now: dt.datetime
) -> AuditEntry:
    """Answer a question once for all, or better than before."""
    release = locked(question.release)
    row = BriefQuestion.objects.select_for_update(of=("self",)).get(pk=question.pk)
    if not answer.strip():
        raise NoAnswer(_("Write the answer: everybody who reads the release reads it."))
    tracker = audit.Tracker()
    tracker.change(row, answer=answer.strip()[:4000], answered_by=person, answered_at=now)
    return written("answer", release, tracker, now, actor=actor)


def _held(brief: Brief) -> tuple[Brief, Release]:
    """The brief and its release as they are now; the release is held first, as by whatever changes its briefs."""
    release = locked(brief.release)
    row = Brief.objects.select_for_update(of=("self",)).get(pk=brief.pk)
    row.release = release
    if release.state == ReleaseState.WITHDRAWN:
        raise NotThatBrief(_("The release is withdrawn: its briefs stay as they were."))
    return row, release
