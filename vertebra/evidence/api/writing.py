"""Incidents written by tools: one while it is going on, or many as another tool keeps them."""

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from ninja import Field as Rule
from ninja import Schema
from pydantic import AfterValidator, AwareDatetime

from vertebra.accounts.api import ApiRequest, made, newly_made
from vertebra.accounts.labels import Kind
from vertebra.evidence.actions.incidents import IncidentValues, change_incident, record_incident
from vertebra.evidence.api.routes import IMPORT, TAKE_PART, router
from vertebra.evidence.labels import IncidentSeverity
from vertebra.evidence.models import Incident
from vertebra.evidence.queries.incidents import may_change
from vertebra.kit import clock
from vertebra.kit.api import (
    PROBLEMS,
    Problem,
    alone,
    answer,
    changes_in,
    named,
    named_all,
    refuse_rows,
    row_or_404,
)
from vertebra.kit.files.problems import Problem as Fault
from vertebra.org.api.records import MOST, ExternalId, SourceName
from vertebra.org.api.schemas import Id, Made, Name
from vertebra.org.empty_spaces import language_now
from vertebra.org.models import Area, Market, Person, Unit


def _of_our_time(at: dt.datetime) -> dt.datetime:
    if not 1970 <= at.year <= 2199:
        raise ValueError("give a moment between 1970 and 2199")
    return at


Moment = Annotated[AwareDatetime, AfterValidator(_of_our_time)]
Summary = Annotated[str, Rule(max_length=20_000, pattern=r"^[^\x00]*$")]
System = Annotated[str, Rule(min_length=1, max_length=100, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
Systems = Annotated[list[System], Rule(max_length=50)]
Ids = Annotated[list[Id], Rule(max_length=200)]
Written = Annotated[str, Rule(max_length=60, pattern=r"^[^\x00]*$")]
Line = Annotated[str, Rule(max_length=20_000, pattern=r"^[^\x00]*$")]


class IncidentIn(Schema):
    """An incident: what broke as users saw it, and since when; moments carry their zone."""

    title: Name
    started_at: Moment
    severity: IncidentSeverity = IncidentSeverity.MAJOR
    summary: Summary = ""
    detected_at: Moment | None = None
    told_at: Moment | None = None
    resolved_at: Moment | None = None
    systems: Systems = []
    unit: Id | None = None
    manager: Id | None = None
    areas: Ids = []
    markets: Ids = []


class IncidentPatch(Schema):
    """What to change of an incident; a field that is absent stays as it is."""

    title: Name | None = None
    started_at: Moment | None = None
    severity: IncidentSeverity | None = None
    summary: Summary | None = None
    detected_at: Moment | None = None
    told_at: Moment | None = None
    resolved_at: Moment | None = None
    systems: Systems | None = None
    unit: Id | None = None
    manager: Id | None = None
    areas: Ids | None = None
    markets: Ids | None = None


class ToldMoment(Schema):
    """One line of a timeline: noticed, found, told, mitigated, resolved, or a note."""

    at: Written
    kind: Written = "note"
    text: Annotated[str, Rule(max_length=8000, pattern=r"^[^\x00]*$")] = ""


class ToldFollowUp(Schema):
    """Something to do afterwards; `owner` is an e-mail address, a login or a name."""

    id: ExternalId
    title: Annotated[str, Rule(min_length=1, max_length=300, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
    owner: Annotated[str, Rule(max_length=200, pattern=r"^[^\x00]*$")] = ""
    due_on: Written = ""
    done_on: Written = ""


class ToldIncident(Schema):
    """An incident as its tool tells it: words of other tools for its severity are known (sev1, degraded, down…)."""

    external_id: ExternalId
    title: Annotated[str, Rule(max_length=1000, pattern=r"^[^\x00]*$")]
    started_at: Written
    severity: Written = ""
    summary: Line = ""
    detected_at: Written = ""
    told_at: Written = ""
    resolved_at: Written = ""
    systems: Systems = []
    timeline: Annotated[list[ToldMoment], Rule(max_length=500)] = []
    follow_ups: Annotated[list[ToldFollowUp], Rule(max_length=200)] = []


class ToldIncidents(Schema):
    """Incidents that a tool tells under a name."""

    source: SourceName
    incidents: Annotated[list[ToldIncident], Rule(max_length=MOST)]


class IncidentsBroughtOut(Schema):
    """What became of them, and owners of follow-ups whom nobody here is called like."""

    created: int
    changed: int
    unchanged: int
    follow_ups: int
    unknown_owners: list[str]


@router.post(
    "/incidents",
    response={201: Made, **PROBLEMS},
    auth=TAKE_PART,
    tags=["incidents"],
    operation_id="create_incident",
    summary="Write an incident down",
)
def create(request: ApiRequest, body: IncidentIn) -> HttpResponse:
    """Write an incident down; one that hurt owes a post-mortem."""
    values = IncidentValues(language=language_now(), **_values(body.dict()))
    row = record_incident(actor=request.user, values=values, now=clock.now())
    return newly_made(Kind.INCIDENT, row.pk)


@router.patch(
    "/incidents/{row_id}",
    response={200: Made, **PROBLEMS},
    auth=TAKE_PART,
    tags=["incidents"],
    operation_id="change_incident",
    summary="Change an incident",
)
def change(request: ApiRequest, row_id: Id, body: IncidentPatch) -> HttpResponse:
    """Change what is said of an incident, such as when it ended: its manager, who wrote it down, those who edit."""
    needed = ("title", "started_at", "severity", "summary", "systems", "areas", "markets")
    given = changes_in(body, needed=needed)
    row = row_or_404(Incident, row_id)
    if not may_change(request.user, row):
        raise Problem(403, "right", "Its manager, who wrote it down and those who edit may change it.")
    entry = change_incident(actor=request.user, incident=row, now=clock.now(), **_values(given))
    return made(entry, status=200)


def _values(given: dict[str, Any]) -> dict[str, Any]:
    """What was sent, with rows for numbers."""
    if "unit" in given:
        given["of_unit"] = named(Unit, given.pop("unit"), "unit")
    if "manager" in given:
        given["manager"] = named(Person, given["manager"], "manager")
    if "areas" in given:
        given["areas"] = tuple(named_all(Area, given["areas"], "areas"))
    if "markets" in given:
        given["markets"] = tuple(named_all(Market, given["markets"], "markets"))
    return given


def _refuse(faults: Iterable[Fault]) -> None:
    """Say which incidents cannot be taken; nothing for no fault."""
    from vertebra.kit.files.labels import message, remedy

    refuse_rows(
        [
            {
                "field": f"incidents.{(one.line or 1) - 1}.{one.column or 'external_id'}",
                "message": message(one),
                "remedy": remedy(one),
            }
            for one in faults
        ]
    )


@router.post(
    "/bulk/incidents",
    response={200: IncidentsBroughtOut, **PROBLEMS},
    auth=IMPORT,
    tags=["incidents"],
    operation_id="tell_incidents",
    summary="Tell incidents of another tool",
)
def tell_incidents(request: ApiRequest, body: ToldIncidents) -> HttpResponse:
    """The same import as that of files, all or nothing: what a hand corrected stays until the tool tells otherwise."""
    from vertebra.connectors.status_pages import read_told
    from vertebra.evidence.actions.incident_imports import import_incidents

    rows = (one.dict() for one in body.incidents)
    found = read_told(rows, ZoneInfo(settings.TIME_ZONE), "incidents")
    _refuse(found.problems)
    with alone(), transaction.atomic():
        brought = import_incidents(
            actor=request.user,
            found=found.incidents.values(),
            source=body.source.strip(),
            language=language_now(),
            now=clock.now(),
        )
        _refuse(brought.problems)
    return answer(
        {
            "created": brought.new,
            "changed": brought.changed,
            "unchanged": brought.same,
            "follow_ups": brought.follow_ups,
            "unknown_owners": brought.unknown_owners,
        }
    )
