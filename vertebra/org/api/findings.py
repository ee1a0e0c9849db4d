"""Empty spaces and gaps, read by tools; an empty space reported in one sentence."""

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema

from vertebra.accounts.api import Bearer
from vertebra.accounts.permissions import Right
from vertebra.kit.api import LARGEST_PAGE, PROBLEMS, Fields, answer
from vertebra.org.api.routes import router
from vertebra.org.labels import GapRule, SpaceState
from vertebra.org.models import EmptySpace, Gap

READ = Bearer(Right.READ, "read")
_SPACE = (
    "id",
    "sentence",
    "rule",
    "state",
    "reason",
    "evidence",
    "first_seen_on",
    "latest_seen_on",
    "report_count",
)
SPACES = Fields({name: name for name in _SPACE} | {"owner": "owner_id"})
GAPS = Fields(
    {name: name for name in ("id", "rule", "subject", "evidence", "first_seen_on", "latest_seen_on")}
    | {"unit": "unit_id", "person": "person_id"}
)


class SpaceOut(Schema):
    """An empty space, reported or found by a rule with its evidence."""

    id: int
    sentence: str
    rule: str
    state: str
    reason: str
    evidence: dict[str, Any]
    owner: int | None
    first_seen_on: dt.date
    latest_seen_on: dt.date
    report_count: int


class SpacePage(Schema):
    """One page of empty spaces."""

    items: list[SpaceOut]
    next: str | None


class GapOut(Schema):
    """A vacancy or a gap in the data, with what shows it."""

    id: int
    rule: str
    subject: str
    evidence: dict[str, Any]
    unit: int | None
    person: int | None
    first_seen_on: dt.date
    latest_seen_on: dt.date


class GapPage(Schema):
    """One page of gaps."""

    items: list[GapOut]
    next: str | None


@router.get(
    "/empty-spaces",
    response={200: SpacePage, **PROBLEMS},
    auth=READ,
    operation_id="list_empty_spaces",
    summary="List empty spaces",
)
def list_spaces(
    request: HttpRequest,
    state: Annotated[SpaceState | None, Query()] = None,
    cursor: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 100,
) -> HttpResponse:
    """Empty spaces that are not archived, oldest first."""
    rows = EmptySpace.objects.filter(archived_at__isnull=True, merged_into__isnull=True)
    return answer(SPACES.page(rows.filter(state=state) if state else rows, cursor, limit))


@router.get(
    "/gaps",
    response={200: GapPage, **PROBLEMS},
    auth=READ,
    operation_id="list_gaps",
    summary="List vacancies and gaps",
)
def list_gaps(
    request: HttpRequest,
    rule: Annotated[GapRule | None, Query()] = None,
    cursor: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 100,
) -> HttpResponse:
    """Vacancies and gaps in the data that are still there, oldest first."""
    rows = Gap.objects.filter(ended_on__isnull=True)
    return answer(GAPS.page(rows.filter(rule=rule) if rule else rows, cursor, limit))
