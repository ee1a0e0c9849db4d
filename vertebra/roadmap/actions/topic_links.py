"""Raising a topic in two lines without an account, through a link."""

import datetime as dt

from django.db import transaction

from vertebra.accounts.models import User
from vertebra.org.models import Person
from vertebra.roadmap.actions.topics import raise_topic
from vertebra.roadmap.models import Topic


@transaction.atomic
def raise_through_link(
    *, actor: User | None, title: str, description: str, address: str, language: str, now: dt.datetime
) -> Topic:
    """Raise a topic without an account; whoever leaves the address of somebody known is that person."""
    person = Person.objects.filter(email__iexact=address, archived_at=None).first() if address else None
    same = Topic.objects.filter(title=" ".join(title.split())[:200], archived_at=None, origin_kind="")
    recent = same.filter(made_by=None, created_at__gt=now - dt.timedelta(hours=1)).first()
    if recent is not None:
        # The same words sent twice within the hour are one topic.
        return recent
    return raise_topic(
        actor=actor,
        title=title,
        description=description,
        language=language,
        person=person,
        address="" if person else address,
        now=now,
    )
