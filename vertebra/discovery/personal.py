"""What discovery holds of somebody: conversations, words of theirs, stances, what they were asked to read."""

import datetime as dt
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from vertebra.accounts.models import AuditRow, Message
from vertebra.accounts.personal import forget_changes, rows_of
from vertebra.discovery.models import (
    AuditReading,
    Evidence,
    FollowUp,
    HelpRequest,
    Interview,
    NotesCopy,
    Stance,
    ToHear,
    Transcript,
    Verbatim,
)
from vertebra.discovery.queries.transcripts import path_of
from vertebra.kit.personal import Holding, Kept, Sections, Subject


def _export(subject: Subject) -> Sections:
    """Everything, the notes that Product Ops keeps to itself included: it is about them."""
    person, user = subject.person_id, subject.user_id
    answered = ["has_answered"] if subject.is_asking else []
    mine = {"person": person}
    return {
        "interviews": rows_of(
            Interview.objects.filter(**mine),
            "held_on",
            "starts_at",
            "state",
            "consent",
            "notes",
            "most_painful",
            "next_step",
        ),
        "transcripts": rows_of(Transcript.objects.filter(interview__person=person), "name", "pages__lines"),
        "verbatims": rows_of(Verbatim.objects.filter(**mine), "said_on", "text", "withdrawn_at"),
        "to_hear": rows_of(
            ToHear.objects.filter(**mine), "campaign__title", "state", "invited_at", "answered_at", "proposal"
        ),
        "readings": rows_of(AuditReading.objects.filter(**mine), "audit__title", "invited_at", *answered),
        "stances": rows_of(Stance.objects.filter(**mine), "kind", "object_id", "level", "note", "noted_on"),
        "help_requests": rows_of(
            HelpRequest.objects.filter(asked_by=user, asked_by__isnull=False), "sentence", "state", "asked_at"
        ),
    }


def _erase(subject: Subject, now: dt.datetime) -> None:
    """Private text goes; that somebody was heard, and that something was said of a pain point, stays counted."""
    mine = {"person": subject.person_id}
    if subject.user_id is not None:
        HelpRequest.objects.filter(asked_by=subject.user_id).update(asked_by=None)
    if subject.person_id is None:
        return
    heard = Interview.objects.filter(**mine)
    _forget_messages(subject.person_id, heard)
    # Before the rows lose their name: the audit keeps what they were for whoever takes a change back.
    forget_changes(subject.person_id, Interview, Verbatim, Evidence, ToHear, AuditReading, Stance)
    _forget_transcripts(heard)
    NotesCopy.objects.filter(interview__in=heard).delete()
    Verbatim.objects.filter(**mine).update(text="", person=None, withdrawn_at=now)
    heard.update(person=None, notes="", most_painful="", next_step="", place="", follow_up_digest="")
    Evidence.objects.filter(**mine).update(person=None)
    ToHear.objects.filter(**mine).delete()
    FollowUp.objects.filter(**mine).delete()
    AuditReading.objects.filter(**mine).delete()
    Stance.objects.filter(**mine).delete()


def _forget_messages(person_id: int, heard: "QuerySet[Interview]") -> None:
    """What others were told of them: the moments they chose or proposed in their words, that they took words back."""
    removed = AuditRow.objects.filter(model="discovery.tohear", before__person_id=person_id)
    rows = {*ToHear.objects.filter(person=person_id).values_list("pk", flat=True)}
    rows.update(removed.values_list("row_id", flat=True))
    keys = [f"{about}:{row}:" for row in rows for about in ("to-hear", "to-hear-answer")]
    talks = heard.values_list("pk", flat=True)
    keys += [f"{about}:{talk}:" for talk in talks for about in ("interview", "consent-withdrawn")]
    for key in keys:
        Message.objects.filter(key__startswith=key).delete()


def _forget_transcripts(heard: "QuerySet[Interview]") -> None:
    """The words of a conversation, and the file of one that still waits to be read."""
    rows = Transcript.objects.filter(interview__in=heard)
    for row in rows:
        transaction.on_commit(partial(path_of(row).unlink, missing_ok=True))
    rows.delete()


HOLDING = Holding(
    export=_export,
    erase=_erase,
    models={
        "discovery.audit": Kept.PSEUDONYM,
        "discovery.auditreading": Kept.DELETED,
        "discovery.auditroom": Kept.PSEUDONYM,
        "discovery.followup": Kept.DELETED,
        "discovery.charter": Kept.PSEUDONYM,
        "discovery.helprequest": Kept.PSEUDONYM,
        "discovery.diagnosis": Kept.PSEUDONYM,
        "discovery.stageoffunction": Kept.PSEUDONYM,
        "discovery.campaign": Kept.PSEUDONYM,
        "discovery.tohear": Kept.DELETED,
        "discovery.interview": Kept.EMPTIED,
        "discovery.notescopy": Kept.DELETED,
        "discovery.transcript": Kept.DELETED,
        "discovery.verbatim": Kept.EMPTIED,
        "discovery.painpoint": Kept.PSEUDONYM,
        "discovery.evidence": Kept.EMPTIED,
        "discovery.quickwin": Kept.PSEUDONYM,
        "discovery.stance": Kept.DELETED,
    },
)
