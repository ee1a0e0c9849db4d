"""What releases hold of somebody: what they lead and wrote, what they were asked and told, what they said of it."""

import datetime as dt

from vertebra.accounts.personal import forget_changes, rows_of
from vertebra.kit.personal import Holding, Kept, Sections, Subject
from vertebra.releases.models import (
    Brief,
    BriefQuestion,
    Consultation,
    ConsultationAsk,
    GoDecision,
    HeadsUp,
    HeadsUpTo,
    Readiness,
    Receipt,
    Recipient,
    Relay,
    Release,
    Validation,
)


def _export(subject: Subject) -> Sections:
    """What somebody said they understood, or asked, is in the export of whoever asks for their own only."""
    person = subject.person_id or 0
    sections = {
        "releases_led": rows_of(Release.objects.filter(lead=person), "title", "state", "planned_on"),
        "briefs_owned": rows_of(
            Brief.objects.filter(owner=person), "release__title", "trade", "language", "state", "due_on"
        ),
        "releases_validated": rows_of(
            Validation.objects.filter(said_by=person),
            "release__title",
            "part",
            "is_agreed",
            "note",
            "said_at",
        ),
        "release_readiness_said": rows_of(
            Readiness.objects.filter(said_by=person), "release__title", "function", "state", "note", "said_at"
        ),
        "go_decided": rows_of(
            GoDecision.objects.filter(decided_by=person), "release__title", "verdict", "why", "decided_at"
        ),
        **_as_champion(person, is_asking=subject.is_asking),
        "heads_ups_sent": rows_of(HeadsUp.objects.filter(sent_by=person), "words", "sent_at"),
        "heads_ups_received": rows_of(HeadsUpTo.objects.filter(person=person), "heads_up__words", "reasons"),
        "releases_told": rows_of(
            Recipient.objects.filter(person=person), "announcement__release__title", "trade", "queued_at"
        ),
    }
    if subject.is_asking:
        sections["receipts"] = rows_of(
            Receipt.objects.filter(person=person), "release__title", "state", "first_at", "checked__question"
        )
        sections["questions_asked"] = rows_of(
            BriefQuestion.objects.filter(asked_by=person), "release__title", "question", "asked_at"
        )
    return sections


def _as_champion(person: int, *, is_asking: bool) -> Sections:
    """Minutes are for the champion alone: whoever else hands the data over does not read them."""
    of_answer, of_relay = (["answer__minutes"], ["minutes"]) if is_asking else ([], [])
    return {
        "consultations_asked": rows_of(Consultation.objects.filter(asked_by=person), "title", "due_on"),
        "consulted": rows_of(
            ConsultationAsk.objects.filter(person=person),
            "consultation__title",
            "state",
            "asked_at",
            "answer__impact",
            "answer__readiness",
            "answer__words",
            *of_answer,
        ),
        "passed_on": rows_of(Relay.objects.filter(person=person), "line", "became", "passed_at", *of_relay),
    }


def _erase(subject: Subject, now: dt.datetime) -> None:
    """Official acts (validations, go, answers of a champion) stay under a pseudonym; what was told and read goes."""
    if subject.person_id is None:
        return
    mine = {"person": subject.person_id}
    forget_changes(subject.person_id, HeadsUpTo, Recipient, Receipt)
    for model in (HeadsUpTo, Recipient, Receipt):
        model._default_manager.filter(**mine).delete()
    BriefQuestion.objects.filter(asked_by=subject.person_id).update(asked_by=None)


HOLDING = Holding(
    export=_export,
    erase=_erase,
    models={
        "releases.release": Kept.PSEUDONYM,
        "releases.moveddate": Kept.PSEUDONYM,
        "releases.freezewindow": Kept.PSEUDONYM,
        "releases.validation": Kept.PSEUDONYM,
        "releases.readiness": Kept.PSEUDONYM,
        "releases.godecision": Kept.PSEUDONYM,
        "releases.brief": Kept.PSEUDONYM,
        "releases.briefquestion": Kept.PSEUDONYM,
        "releases.audience": Kept.PSEUDONYM,
        "releases.consultation": Kept.PSEUDONYM,
        "releases.consultationask": Kept.PSEUDONYM,
        "releases.relay": Kept.PSEUDONYM,
        "releases.headsup": Kept.PSEUDONYM,
        "releases.headsupto": Kept.DELETED,
        "releases.announcement": Kept.PSEUDONYM,
        "releases.recipient": Kept.DELETED,
        "releases.receipt": Kept.DELETED,
    },
)
