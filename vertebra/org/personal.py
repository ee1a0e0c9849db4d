"""What the organisation holds of somebody: where they work, what they answer for, what they reported."""

import datetime as dt

from django.db.models import Q

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.personal import rows_of
from vertebra.accounts.search import unindex
from vertebra.kit.personal import Holding, Kept, Sections, Subject
from vertebra.kit.text import fold
from vertebra.org.models import EmptySpaceReport, Gap, Mandate, Membership, Person

PSEUDONYM = "Personne-effacée-"


def is_erased(person: Person) -> bool:
    """Whether somebody was erased: where they worked stays, and nobody is there to be asked."""
    return person.name == f"{PSEUDONYM}{person.pk}"


def _export(subject: Subject) -> Sections:
    person = subject.person_id or 0
    facts = (
        "name",
        "email",
        "handle",
        "title",
        "language",
        "country",
        "joined_on",
        "left_on",
        "manager__name",
    )
    held = ("role", "title", "unit", "area", "market", "hours_per_month", "starts_on", "ends_on")
    return {
        "directory": rows_of(Person.objects.filter(pk=person), *facts),
        "memberships": rows_of(
            Membership.objects.all_time().filter(person=person),
            "unit",
            "function",
            "title",
            "share",
            "starts_on",
            "ends_on",
        ),
        "mandates": rows_of(Mandate.objects.all_time().filter(person=person), *held),
        "reports": rows_of(
            EmptySpaceReport.objects.filter(reported_by=subject.user_id, reported_by__isnull=False),
            "sentence",
            "at",
        ),
    }


def _erase(subject: Subject, now: dt.datetime) -> None:
    """Where somebody worked stays, under a pseudonym; an import that brings them again makes somebody new."""
    EmptySpaceReport.objects.filter(reported_by=subject.user_id, reported_by__isnull=False).update(
        reported_by=None, reporter_name=subject.pseudonym
    )
    if subject.person_id is None:
        return
    Gap.objects.filter(Q(person=subject.person_id) | Q(subject=subject.name)).delete()
    unindex(Kind.PERSON, [subject.person_id])
    Person.objects.filter(manager_reference=subject.name).update(manager_reference=subject.pseudonym)
    Mandate.objects.all_time().filter(reference=subject.name).update(reference=subject.pseudonym)
    Person.objects.filter(pk=subject.person_id).update(
        name=subject.pseudonym,
        name_folded=fold(subject.pseudonym),
        email="",
        handle="",
        title="",
        country="",
        language="",
        manager_reference="",
        user=None,
        source=None,
        external_id="",
        imported=None,
    )


def subject_of(person: Person | None, user: User | None) -> Subject:
    """Somebody as every module knows them: by their row in the directory, their account, or both."""
    named = person or user
    number = person.pk if person else f"a{user.pk}" if user else ""
    return Subject(
        person_id=person.pk if person else None,
        user_id=user.pk if user else None,
        name=named.name if named else "",
        email=(person.email if person else "") or (user.email if user else ""),
        pseudonym=f"{PSEUDONYM}{number}",
    )


HOLDING = Holding(
    export=_export,
    erase=_erase,
    models={
        "org.person": Kept.PSEUDONYM,
        "org.membership": Kept.PSEUDONYM,
        "org.mandate": Kept.PSEUDONYM,
        "org.emptyspace": Kept.PSEUDONYM,
        "org.emptyspacereport": Kept.PSEUDONYM,
        "org.gap": Kept.DELETED,
    },
)
