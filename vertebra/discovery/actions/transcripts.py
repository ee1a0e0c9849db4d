"""Transcripts of conversations: taken in, read at once when small, by a job when large."""

import datetime as dt
import hashlib
import os

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.discovery.labels import Consent, TranscriptState
from vertebra.discovery.models import Interview, Transcript, TranscriptPage, Verbatim
from vertebra.discovery.queries.transcripts import paged, path_of, said
from vertebra.kit.files.problems import Refused
from vertebra.kit.files.transcripts import LIMITS, Line, read_transcript

READ_AT_ONCE = 512 * 1024


class NotATranscript(Refusal):
    """The file cannot be read as a transcript; the words say why, where, and what to do."""


class ReadBefore(Refusal):
    """The same file belongs to this conversation already."""


class NotAgreed(Refusal):
    """Whoever took their agreement back is not written down again."""


@transaction.atomic
def add_transcript(
    *, actor: User, interview: Interview, name: str, content: bytes, now: dt.datetime
) -> Transcript:
    """Take in a file; a small one is read at once, a large one when its job comes (see `read_later`)."""
    if interview.consent == Consent.WITHDRAWN:
        raise NotAgreed(_("They took back their agreement: no transcript of this conversation is kept."))
    name = name[-200:]
    digest = hashlib.sha256(content).hexdigest()
    if Transcript.objects.filter(interview=interview, digest=digest).exists():
        raise ReadBefore(_("This file is here already: nothing was added."))
    transcript = Transcript(
        interview=interview, name=name, digest=digest, size=len(content), uploaded_by=actor, uploaded_at=now
    )
    is_large = READ_AT_ONCE < len(content) <= LIMITS.max_bytes
    lines = [] if is_large else _read(content, name)
    tracker = audit.Tracker()
    try:
        with transaction.atomic():
            tracker.create(transcript)
    except IntegrityError as error:
        raise ReadBefore(_("This file is here already: nothing was added.")) from error
    if is_large:
        _put_away(transcript, content)
    else:
        _write(transcript, lines)
    _record(actor, "create", transcript, tracker, now)
    return transcript


def _read(content: bytes, name: str) -> list[Line]:
    try:
        return read_transcript(content, name)
    except Refused as refused:
        raise NotATranscript(said(refused)) from refused


def _put_away(transcript: Transcript, content: bytes) -> None:
    path = path_of(transcript)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(content)


@transaction.atomic
def read_put_away(*, actor: User | None, transcript: Transcript, now: dt.datetime) -> Transcript:
    """Read a large file that was put away; a file that is no transcript says why on the page of the conversation."""
    transcript = Transcript.objects.select_for_update(of=("self",)).get(pk=transcript.pk)
    path = path_of(transcript)
    if transcript.state != TranscriptState.READING:
        return transcript
    try:
        lines = read_transcript(path, transcript.name)
    except Refused as refused:
        problem = refused.problem
        transcript.problems = [
            {"code": str(problem.code), "line": problem.line, "particulars": dict(problem.particulars)}
        ]
        transcript.state = TranscriptState.FAILED
        transcript.save(update_fields=["problems", "state"])
    else:
        _write(transcript, lines)
    _record(actor, "import", transcript, audit.Tracker(), now)
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
    return transcript


def _write(transcript: Transcript, lines: list[Line]) -> None:
    TranscriptPage.objects.bulk_create(
        [
            TranscriptPage(
                transcript=transcript,
                number=number,
                first_line=first,
                lines=[{"at": line.at, "who": line.who, "text": line.text} for line in page],
            )
            for number, (first, page) in enumerate(paged(lines), 1)
        ],
        batch_size=50,
    )
    transcript.line_count = len(lines)
    transcript.page_count = transcript.pages.count()
    transcript.state = TranscriptState.READY
    transcript.save(update_fields=["line_count", "page_count", "state"])


@transaction.atomic
def remove_transcript(*, actor: User, transcript: Transcript, now: dt.datetime) -> AuditEntry:
    """Take a transcript away for good; what was marked in it stays marked."""
    path = path_of(transcript)
    Verbatim.objects.filter(transcript=transcript).update(transcript=None, position=None)
    entry = _record(actor, "erase", transcript, audit.Tracker(), now)
    transcript.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
    return entry


def _record(
    actor: User | None, verb: str, transcript: Transcript, tracker: audit.Tracker, now: dt.datetime
) -> AuditEntry:
    # The name of the file may name who was heard: it stays out of the audit.
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.INTERVIEW,
        object_id=transcript.interview_id,
        particulars={"what": "transcript"},
        now=now,
        rows=tracker.changes,
    )
