"""What evidence holds of somebody: that they were asked, and whether they answered; never what."""

import datetime as dt

from vertebra.accounts.models import User
from vertebra.accounts.personal import rows_of
from vertebra.evidence.models import Ask, Invitation, Survey, TrailVersion
from vertebra.evidence.trail.pseudonyms import KEY, forget
from vertebra.kit.jobs import enqueue_once
from vertebra.kit.personal import Holding, Kept, Sections, Subject
from vertebra.org.models import Person
from vertebra.sources.models import Source


def _export(subject: Subject) -> Sections:
    person = subject.person_id
    answered = ["is_answered"] if subject.is_asking else []
    return {
        "surveys": rows_of(Invitation.objects.filter(person=person), "survey__title", "sent_on", *answered),
        "asks": rows_of(Ask.objects.filter(person=person), "kind", "object_id", "on"),
    }


def _erase(subject: Subject, now: dt.datetime) -> None:
    """What was answered stays: nobody can tell whose it is."""
    Invitation.objects.filter(person=subject.person_id).delete()
    Ask.objects.filter(person=subject.person_id).delete()
    Survey.objects.filter(made_by=subject.user_id, made_by__isnull=False).update(made_by=None)
    TrailVersion.objects.filter(made_by=subject.user_id, made_by__isnull=False).update(made_by=None)
    _forget_in_trails(subject)


def _forget_in_trails(subject: Subject) -> None:
    """A trail knows people by what their tool calls them: it may be their address, their login, their whole name."""
    person = Person.objects.filter(pk=subject.person_id).first() if subject.person_id else None
    names = {subject.email, subject.name if " " in subject.name.strip() else ""}
    names |= {person.handle, person.external_id, person.email} if person else set()
    if subject.user_id:
        names |= set(User.objects.filter(pk=subject.user_id).values_list("email", flat=True))
    # In one order, so that two erasures never wait for each other.
    if [
        source for source in Source.objects.filter(secrets__name=KEY).order_by("pk") if forget(source, names)
    ]:
        enqueue_once("vertebra.evidence.importing.jobs.forget_in_trails")


HOLDING = Holding(
    export=_export,
    erase=_erase,
    models={
        "evidence.survey": Kept.PSEUDONYM,
        "evidence.invitation": Kept.DELETED,
        "evidence.ask": Kept.DELETED,
        "evidence.incident": Kept.PSEUDONYM,
        "evidence.incidentmoment": Kept.PSEUDONYM,
        "evidence.processrework": Kept.PSEUDONYM,
        "evidence.followupaction": Kept.PSEUDONYM,
        "evidence.trailversion": Kept.PSEUDONYM,
    },
)
