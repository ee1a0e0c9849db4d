"""What routines hold of somebody: what they lead, take part in, decided to do, took over, and set (list PERSONAL_DATA)."""

import datetime as dt

from vertebra.accounts.personal import forget_changes, rows_of
from vertebra.kit.personal import Holding, Kept, Sections, Subject
from vertebra.practices.models import CeilingReason, HandOver, MeetingDecision, Participant, Routine


def _export(subject: Subject) -> Sections:
    person = subject.person_id or 0
    return {
        "routines_led": rows_of(Routine.objects.filter(lead=person), "title", "rhythm", "starts_on"),
        "routines_joined": rows_of(Participant.objects.filter(person=person), "routine__title"),
        "routine_decisions": rows_of(
            MeetingDecision.objects.filter(person=person),
            "line",
            "due_on",
            "done_at",
            "meeting__routine__title",
        ),
        "hand_overs": rows_of(
            HandOver.objects.filter(to_person=person), "practice__name", "routine__title", "by_on", "done_at"
        ),
        "ceilings_passed": rows_of(
            CeilingReason.objects.filter(person=person), "version__practice__name", "words", "at"
        ),
    }


def _erase(subject: Subject, now: dt.datetime) -> None:
    """That somebody takes part is forgotten; what was decided stays, without their name."""
    if subject.person_id is None:
        return
    forget_changes(subject.person_id, Participant)
    Participant.objects.filter(person=subject.person_id).delete()


HOLDING = Holding(
    export=_export,
    erase=_erase,
    models={
        "practices.routine": Kept.PSEUDONYM,
        "practices.participant": Kept.DELETED,
        "practices.meeting": Kept.PSEUDONYM,
        "practices.meetingdecision": Kept.PSEUDONYM,
        "practices.handover": Kept.PSEUDONYM,
        "practices.timeceiling": Kept.PSEUDONYM,
        "practices.ceilingreason": Kept.PSEUDONYM,
    },
)
