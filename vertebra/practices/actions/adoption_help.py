"""A team asks for help with a practice in one line: a help request, tied to the practice."""

import datetime as dt

from django.db import transaction

from vertebra.accounts import audit
from vertebra.accounts.actions.thread import tie
from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import AuditEntry, User
from vertebra.discovery.actions.help_requests import ask_for_help
from vertebra.org.models import Unit
from vertebra.practices.models import Practice


@transaction.atomic
def ask_help_with(
    *, actor: User, practice: Practice, unit: Unit | None, sentence: str, language: str, now: dt.datetime
) -> AuditEntry:
    """Ask for help with a practice: Product Ops hear, and the teams that do it can be found."""
    asked = ask_for_help(actor=actor, sentence=sentence, language=language, unit=unit, now=now)
    tracker = audit.Tracker()
    request = (str(Kind.HELP_REQUEST), asked.object_id or 0)
    tie(tracker, request, Relation.RELATES, (Kind.PRACTICE, practice.pk), by=actor, now=now)
    audit.record(
        actor=actor,
        verb="link",
        kind=Kind.HELP_REQUEST,
        object_id=asked.object_id,
        object_name=asked.object_name,
        now=now,
        rows=tracker.changes,
    )
    return asked
