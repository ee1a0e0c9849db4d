"""Incidents read by tools: what broke, when, who was told when, what follows until it is done."""

import datetime as dt
from typing import Annotated, Any, Literal

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Field as Rule
from ninja import Query, Schema
from pydantic import AwareDatetime

from vertebra.evidence.api.routes import READ, router
from vertebra.evidence.labels import IncidentSeverity
from vertebra.evidence.models import FollowUpAction, Incident, IncidentMoment
from vertebra.evidence.queries.incidents import in_state, incidents, with_follow_ups, with_open_follow_ups
from vertebra.kit import clock
from vertebra.kit.api import PROBLEMS, Asked, Fields, answer, page_for, page_of
from vertebra.org.api.schemas import Id
from vertebra.org.queries.structure import Structure

_OWN = (
    *("id", "external_id", "title", "severity", "started_at", "detected_at", "told_at", "resolved_at", "systems"),
    *("post_mortem_due_on", "post_mortem_on", "changed_at"),
)  # fmt: skip
_LISTED = {name: name for name in _OWN} | {
    "source": "source__name",
    "unit": "of_unit_id",
    "manager": "manager_id",
    "follow_ups_open": "open_count",
}
INCIDENTS = Fields(_LISTED)
_REST = ("summary", "language", "post_mortem", "post_mortem_url", "created_at", "archived_at")
WHOLE = Fields(_LISTED | {name: name for name in _REST})


class IncidentOut(Schema):
    """Something that broke for users: its times, how bad it was, how much is still to be done."""

    id: int
    source: str | None
    external_id: str
    title: str
    severity: str
    started_at: dt.datetime
    detected_at: dt.datetime | None
    told_at: dt.datetime | None
    resolved_at: dt.datetime | None
    systems: list[str]
    unit: int | None
    manager: int | None
    post_mortem_due_on: dt.date | None
    post_mortem_on: dt.date | None
    follow_ups_open: int
    changed_at: dt.datetime


class MomentOut(Schema):
    """One line of the timeline."""

    at: dt.datetime
    kind: str
    text: str
    told_whom: str


class FollowUpOut(Schema):
    """Something to do afterwards, tracked to its end."""

    id: int
    title: str
    owner: int | None
    unit: int | None
    due_on: dt.date | None
    done_on: dt.date | None
    dropped_on: dt.date | None
    drop_reason: str


class WholeIncidentOut(IncidentOut):
    """An incident with its timeline, what follows from it and what was learnt."""

    summary: str
    language: str
    post_mortem: str
    post_mortem_url: str
    created_at: dt.datetime
    archived_at: dt.datetime | None
    areas: list[int]
    markets: list[int]
    timeline: list[MomentOut]
    follow_ups: list[FollowUpOut]


class IncidentsAsked(Asked):
    """Incidents of one severity, in one state, of a unit with all that is inside it, that began from or before a moment."""

    q: Annotated[str, Rule(max_length=200, pattern=r"^[^\x00]*$")] = ""
    severity: IncidentSeverity | None = None
    state: Literal["going_on", "ended", "follow_ups", "overdue", "post_mortem", "untold"] | None = None
    unit: Id | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


@router.get(
    "/incidents",
    response={200: page_of(IncidentOut), **PROBLEMS},
    auth=READ,
    tags=["incidents"],
    operation_id="list_incidents",
    summary="List incidents",
)
def list_incidents(request: HttpRequest, asked: Annotated[IncidentsAsked, Query()]) -> HttpResponse:
    """Incidents that are not archived, ordered by id."""
    today = clock.today()
    is_late = asked.state == "overdue"
    rows = with_follow_ups(incidents(), today) if is_late else with_open_follow_ups(incidents())
    if asked.q:
        rows = rows.filter(Q(title__icontains=asked.q) | Q(summary__icontains=asked.q))
    if asked.unit:
        rows = rows.filter(of_unit__in=Structure.as_of(today, with_members=False).under(asked.unit))
    if asked.state:
        rows = rows.filter(in_state(asked.state, today))
    paths = {"severity": "severity", "since": "started_at__gte", "until": "started_at__lt"}
    wanted = asked.dict(exclude_none=True, include=set(paths))
    rows = rows.filter(**{paths[name]: value for name, value in wanted.items()})
    return answer(page_for(request, INCIDENTS, rows, asked))


@router.get(
    "/incidents/{row_id}",
    response={200: WholeIncidentOut, **PROBLEMS},
    auth=READ,
    tags=["incidents"],
    operation_id="read_incident",
    summary="Read one incident",
)
def read_incident(request: HttpRequest, row_id: Id) -> HttpResponse:
    """One incident, archived or not, with its timeline and what follows from it."""
    rows: QuerySet[Any] = with_open_follow_ups(Incident.objects.filter(pk=row_id))
    told = WHOLE.one(rows)
    moments = IncidentMoment.objects.filter(incident=row_id).values("at", "kind", "text", "told_whom")
    names = ("id", "title", "owner", "of_unit", "due_on", "done_on", "dropped_on", "drop_reason")
    follow_ups = FollowUpAction.objects.filter(incident=row_id).order_by("pk").values(*names)
    areas = Incident.areas.through.objects.filter(incident=row_id).order_by("pk")
    markets = Incident.markets.through.objects.filter(incident=row_id).order_by("pk")
    return answer(
        told
        | {
            "timeline": list(moments.order_by("at", "pk")),
            "follow_ups": [{"unit": one.pop("of_unit"), **one} for one in follow_ups],
            "areas": list(areas.values_list("area_id", flat=True)),
            "markets": list(markets.values_list("market_id", flat=True)),
        }
    )
