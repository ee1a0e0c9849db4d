"""Checks read by tools: what practices look at, and what they found week by week where it may be told."""

import datetime as dt
from typing import Annotated

from django.http import HttpResponse
from ninja import Query, Schema

from vertebra.accounts.api import ApiRequest
from vertebra.kit import clock
from vertebra.kit.api import (
    PROBLEMS,
    Asked,
    Fields,
    answer,
    not_found,
    page_for,
    page_of,
    refuse_unknown,
    row_or_404,
)
from vertebra.org.api.schemas import Id
from vertebra.org.models import Unit
from vertebra.org.queries.structure import Structure
from vertebra.practices.api.routes import READ, router
from vertebra.practices.labels.checks import CheckKind
from vertebra.practices.models import Check
from vertebra.practices.queries.checks import name_of, weeks_of
from vertebra.practices.queries.rights import is_of_team

_OWN = (
    "id",
    "kind",
    "code",
    "name",
    "parameters",
    "among",
    "flags",
    "how",
    "on_since",
    "created_at",
    "changed_at",
)
CHECKS = Fields({name: name for name in _OWN} | {"practice": "practice_id"})


class CheckOut(Schema):
    """What a practice looks at in work items; `on_since` is null while it is off."""

    id: int
    practice: int
    kind: CheckKind
    code: str
    name: str
    parameters: dict[str, object]
    among: str
    flags: str
    how: str
    on_since: dt.datetime | None
    created_at: dt.datetime
    changed_at: dt.datetime


class ScopedCheckOut(CheckOut):
    """A check with the units in which it looks, with all under them; none means wherever its practice is."""

    units: list[int]


class CheckWeekOut(Schema):
    """What a check found in a week: both null where fewer than five people stand behind it, or the rest would tell."""

    week: dt.date
    items: int | None
    flagged: int | None


class CheckWeeksOut(Schema):
    """What a check found in a unit and all under it, the earliest week first."""

    check: int
    unit: int
    weeks: list[CheckWeekOut]


class ChecksAsked(Asked):
    """The checks of one practice, of one kind, those that are on or off."""

    practice: Id | None = None
    kind: CheckKind | None = None
    is_on: bool | None = None


class WeeksAsked(Schema):
    """The unit that is asked about."""

    unit: Id


@router.get(
    "/checks",
    response={200: page_of(CheckOut), **PROBLEMS},
    auth=READ,
    operation_id="list_checks",
    summary="List what practices look at",
)
def list_checks(request: ApiRequest, asked: Annotated[ChecksAsked, Query()]) -> HttpResponse:
    """The checks of practices, on and off, ordered by id; what was taken out of its practice is not there."""
    rows = Check.objects.filter(archived_at=None, practice__archived_at=None)
    wanted = asked.dict(exclude_none=True, exclude={"cursor", "limit", "is_on"})
    if asked.is_on is not None:
        wanted["on_since__isnull"] = not asked.is_on
    page = page_for(request, CHECKS, rows.filter(**wanted), asked)
    named = {
        row.pk: name_of(row) for row in Check.objects.filter(pk__in=[one["id"] for one in page["items"]])
    }
    for item in page["items"]:
        item["name"] = named[item["id"]]
    return answer(page)


@router.get(
    "/checks/{row_id}",
    response={200: ScopedCheckOut, **PROBLEMS},
    auth=READ,
    operation_id="read_check",
    summary="Read what a practice looks at",
)
def read_check(request: ApiRequest, row_id: Id) -> HttpResponse:
    """A check with where it looks."""
    row = _open(row_id)
    told = CHECKS.one(Check.objects.filter(pk=row.pk)) | {"name": name_of(row)}
    return answer(told | {"units": [one.unit_id for one in row.scopes.order_by("unit")]})


@router.get(
    "/checks/{row_id}/weeks",
    response={200: CheckWeeksOut, **PROBLEMS},
    auth=READ,
    operation_id="read_check_weeks",
    summary="Read what a check found in a unit",
)
def read_check_weeks(request: ApiRequest, row_id: Id, asked: Annotated[WeeksAsked, Query()]) -> HttpResponse:
    """What a check found in a unit, week by week: its own people see it at once, others two weeks later."""
    refuse_unknown(request, type(asked).model_fields)
    row, today = _open(row_id), clock.today()
    row_or_404(Unit, asked.unit)
    is_own = is_of_team(request.user, asked.unit, Structure.as_of(today, with_members=False))
    # A check that is off looks at nobody's work, and says nothing of what it saw before.
    weeks = weeks_of([row.pk], asked.unit, today, is_own=is_own).get(row.pk, []) if row.on_since else []
    told = [{"week": one.week, "items": one.count, "flagged": one.flagged} for one in weeks]
    return answer({"check": row.pk, "unit": asked.unit, "weeks": told})


def _open(row_id: int) -> Check:
    """The check, if it is part of a practice that is there."""
    row = Check.objects.filter(pk=row_id, archived_at=None, practice__archived_at=None).first()
    if row is None:
        raise not_found()
    return row
