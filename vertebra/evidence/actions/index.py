"""Keeping search true to surveys after a change."""

import datetime as dt
from collections.abc import Iterable

from vertebra.accounts import search
from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import Right
from vertebra.evidence.labels import SurveyState
from vertebra.evidence.models import Survey
from vertebra.evidence.queries.results import ABOUT_ONE


def index_survey(survey: Survey, now: dt.datetime) -> None:
    """Let search find it: by Product Ops while it is open, by every reader once it is closed.

    What is about one object stays Product Ops' alone here: readers find the object.
    """
    search.index(_entry(survey), now=now)


def reindex(kind: str, ids: Iterable[int], now: dt.datetime) -> None:
    """Bring what search knows of these surveys up to date, and forget those that are no more (list SEARCH)."""
    if kind != Kind.SURVEY:
        return
    wanted = set(ids)
    rows = Survey.objects.filter(pk__in=wanted, archived_at=None).exclude(state=SurveyState.DRAFT)
    found = [_entry(survey) for survey in rows]
    search.index_many(found, now=now)
    search.unindex(kind, wanted - {entry.object_id for entry in found})


def _entry(survey: Survey) -> search.Entry:
    is_open = survey.state == SurveyState.CLOSED and not survey.subject_kind and survey.kind not in ABOUT_ONE
    right = Right.READ if is_open else Right.PRODUCT_OPS
    return search.Entry(
        Kind.SURVEY,
        survey.pk,
        survey.title,
        str(survey.get_kind_display()),
        "" if survey.origin else survey.introduction,
        survey.language,
        right=right,
    )
