"""Grouping what people wrote, by hand."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from vertebra.accounts import audit
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.evidence.models import Question, Response, Theme


@transaction.atomic
def add_to_theme(
    *, actor: User, question: Question, name: str, response_ids: Sequence[int], now: dt.datetime
) -> AuditEntry:
    """Put texts under a theme of their question; the audit keeps how many, never which."""
    theme, _is_new = Theme.objects.get_or_create(question=question, name=name.strip())
    found = Response.objects.filter(survey=question.survey_id, pk__in=response_ids[:1000])
    theme.responses.add(*found)
    return _record(actor, "change", question, now, theme=theme.name, added=len(found))


@transaction.atomic
def remove_theme(*, actor: User, theme: Theme, now: dt.datetime) -> AuditEntry:
    """Take a theme apart; the texts stay."""
    name, question = theme.name, theme.question
    theme.delete()
    return _record(actor, "change", question, now, removed_theme=name)


def _record(actor: User, verb: str, question: Question, now: dt.datetime, **told: object) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.SURVEY,
        object_id=question.survey_id,
        object_name=question.survey.title,
        particulars=dict(told),
        now=now,
    )
