"""What the roadmap holds of somebody: what they lead, said, ranked, decided, raised."""

import datetime as dt
from contextlib import suppress

from django.db.models import Q

from vertebra.accounts.models import AuditRow
from vertebra.accounts.personal import forget_changes, rows_of
from vertebra.kit.personal import Holding, Kept, Sections, Subject
from vertebra.kit.seals import BrokenSeal, unseal
from vertebra.roadmap.models import (
    Answer,
    Decision,
    GoNoGo,
    Initiative,
    Involvement,
    LaunchStep,
    MonthlyWord,
    Objective,
    Ranking,
    ReadinessAsk,
    Risk,
    Seat,
    Voice,
    WordAsk,
    Workstream,
)


def _export(subject: Subject) -> Sections:
    """Rankings are in the export of whoever asks for their own: nobody else is handed what is hidden until revealed."""
    person = subject.person_id or 0
    ranked = Ranking.objects.filter(Q(seat__person=person) | Q(cast_by=person))
    if not subject.is_asking:
        ranked = ranked.filter(cycle__revealed_at__isnull=False)
    voices = Voice.objects.filter(Q(person=person) | Q(pk__in=_left_by(subject.email)))
    return {
        "objectives_carried": rows_of(
            Objective.objects.filter(owner=person), "title", "starts_on", "ends_on"
        ),
        "topics_backed": rows_of(voices, "topic__title", "kind", "since_at"),
        "answers_received": rows_of(
            Answer.objects.filter(voice__in=voices), "decision__topic__title", "told_at"
        ),
        "decisions_taken": rows_of(
            Decision.objects.filter(decided_by=person), "topic__title", "verdict", "decided_on"
        ),
        "seats": rows_of(
            Seat.objects.filter(Q(person=person) | Q(delegate=person)), "cycle__title", "function", "ended_at"
        ),
        "rankings": rows_of(ranked, "cycle__title", "order", "scores", "cast_at"),
        "initiatives_led": rows_of(Initiative.objects.filter(lead=person), "title", "state", "due_on"),
        "initiatives_joined": rows_of(Involvement.objects.filter(person=person), "initiative__title", "part"),
        "monthly_words": rows_of(
            MonthlyWord.objects.filter(said_by=person), "initiative__title", "month", "pace", "line"
        ),
        "risks_owned": rows_of(Risk.objects.filter(owner=person), "title", "state"),
        "workstreams_led": rows_of(Workstream.objects.filter(lead=person), "title", "due_on"),
        "launch_steps": rows_of(LaunchStep.objects.filter(owner=person), "title", "state", "due_on"),
        "readiness_said": rows_of(
            GoNoGo.objects.filter(said_by=person), "domain", "readiness", "note", "said_at"
        ),
    }


def _left_by(email: str) -> list[int]:
    """The voices of somebody who left this address before the directory knew them, or is in none."""
    found = []
    for pk, sealed in Voice.objects.filter(person=None).values_list("pk", "sealed_address") if email else ():
        with suppress(BrokenSeal):
            found += [pk] if unseal(sealed).casefold() == email.casefold() else []
    return found


def _erase(subject: Subject, now: dt.datetime) -> None:
    """Official acts (rankings, decisions, words on initiatives) stay under a pseudonym; who backed a topic goes."""
    left = _left_by(subject.email)
    AuditRow.objects.filter(model=Voice._meta.label_lower, row_id__in=left).delete()
    Voice.objects.filter(pk__in=left).delete()
    if subject.person_id is None:
        return
    mine = {"person": subject.person_id}
    forget_changes(subject.person_id, Voice, WordAsk, ReadinessAsk)
    Voice.objects.filter(**mine).delete()
    WordAsk.objects.filter(**mine).delete()
    ReadinessAsk.objects.filter(**mine).delete()
    Involvement.objects.filter(**mine).delete()


HOLDING = Holding(
    export=_export,
    erase=_erase,
    models={
        "roadmap.objective": Kept.PSEUDONYM,
        "roadmap.topic": Kept.PSEUDONYM,
        "roadmap.voice": Kept.DELETED,
        "roadmap.decision": Kept.PSEUDONYM,
        "roadmap.cycle": Kept.PSEUDONYM,
        "roadmap.cycleroom": Kept.PSEUDONYM,
        "roadmap.seat": Kept.PSEUDONYM,
        "roadmap.ranking": Kept.PSEUDONYM,
        "roadmap.initiative": Kept.PSEUDONYM,
        "roadmap.involvement": Kept.DELETED,
        "roadmap.monthlyword": Kept.PSEUDONYM,
        "roadmap.wordask": Kept.DELETED,
        "roadmap.risk": Kept.PSEUDONYM,
        "roadmap.playbook": Kept.PSEUDONYM,
        "roadmap.playbookversion": Kept.PSEUDONYM,
        "roadmap.launchstep": Kept.PSEUDONYM,
        "roadmap.gonogo": Kept.PSEUDONYM,
        "roadmap.readinessask": Kept.DELETED,
        "roadmap.workstream": Kept.PSEUDONYM,
        "roadmap.count": Kept.PSEUDONYM,
        "roadmap.gate": Kept.PSEUDONYM,
        "roadmap.reporttemplate": Kept.PSEUDONYM,
        "roadmap.report": Kept.PSEUDONYM,
    },
)
