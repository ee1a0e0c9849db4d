"""Forgetting a person: everything private goes, what counts for others stays under a pseudonym."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.accounts.personal import forget_words, holdings
from vertebra.org.models import Person
from vertebra.org.personal import subject_of


class WrongName(Refusal):
    """Somebody is erased only by who types their name: it cannot be undone."""


class OwnErasure(Refusal):
    """Nobody erases themselves: the instance could be left without an administrator."""


@transaction.atomic
def erase_person(*, actor: User, person: Person, typed_name: str, now: dt.datetime) -> AuditEntry:
    """Erase somebody in every module; this cannot be undone, and the entry holds no name."""
    if typed_name.strip() != person.name:
        raise WrongName(_("Type the name exactly as it is written: %(name)s.") % {"name": person.name})
    if person.user_id == actor.pk:
        raise OwnErasure(_("You cannot erase yourself: ask another administrator."))
    subject = subject_of(person, person.user)
    for holding in holdings(settings.PERSONAL_DATA):
        holding.erase(subject, now)
    forget_words(subject)
    return audit.record(
        actor=actor,
        verb="erase",
        kind=Kind.PERSON,
        object_id=person.pk,
        object_name=subject.pseudonym,
        now=now,
    )


@transaction.atomic
def hand_over(*, actor: User, person: Person, now: dt.datetime) -> AuditEntry:
    """Note that somebody's data were handed over to whoever asked for them in their name."""
    return audit.record(
        actor=actor, verb="share", kind=Kind.PERSON, object_id=person.pk, object_name=person.name, now=now
    )
