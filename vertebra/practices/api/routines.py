"""Routines, what they decided, and the time that is asked, read by tools."""

import datetime as dt
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import WithJsonSchema

from vertebra.analysis.time_asked import by_function
from vertebra.kit import clock
from vertebra.kit.api import PROBLEMS, Asked, Fields, answer, page_for, page_of, refuse_unknown
from vertebra.org.api.schemas import Id
from vertebra.practices.api.routes import READ, router
from vertebra.practices.models import Meeting, MeetingDecision, Participant, Routine
from vertebra.practices.queries.routines import occurrences, with_people
from vertebra.practices.queries.time_asked import given_back_on, moment_of

AHEAD = dt.timedelta(days=92)
# The format "time" of JSON Schema has a zone; the zone of a routine stands beside.
Hour = Annotated[dt.time, WithJsonSchema({"type": "string", "pattern": r"^\d\d:\d\d:\d\d$"})]
_ROUTINE = (
    "id", "title", "language", "rhythm", "starts_on", "ends_on", "at", "zone", "minutes", "place", "agenda",
    "created_at", "changed_at", "archived_at",
)  # fmt: skip
ROUTINES = Fields(
    {**{name: name for name in _ROUTINE}, "practice_id": "practice_id", "lead_person_id": "lead_id"}
)
DECISIONS = Fields(
    {
        "id": "id",
        "line": "line",
        "language": "language",
        "routine_id": "meeting__routine_id",
        "decided_at": "meeting__at",
        "person_id": "person_id",
        "due_on": "due_on",
        "done_at": "done_at",
    }
)


class RoutineOut(Schema):
    """A moment that comes back: how often, from when, at which hour of which zone, for how many minutes."""

    id: int
    title: str
    language: str
    rhythm: str
    starts_on: dt.date
    ends_on: dt.date | None
    at: Hour
    zone: str
    minutes: int
    place: str
    agenda: str
    practice_id: int | None
    lead_person_id: int | None
    created_at: dt.datetime
    changed_at: dt.datetime
    archived_at: dt.datetime | None


class ParticipantOut(Schema):
    """A person, or all who are of a unit, of a function, who hold a mandate: what is given holds all at once."""

    person_id: int | None
    unit_id: int | None
    function: str
    role: str


class MeetingOut(Schema):
    """One meeting: the day its rhythm had for it, when it is or was held, what became of it."""

    due_on: dt.date
    at: dt.datetime
    state: str


class NotedOut(MeetingOut):
    """A meeting that was held, with what was noted and how many came."""

    notes: str
    language: str
    people_count: int | None


class WholeRoutineOut(RoutineOut):
    """A routine with who takes part, its meetings of the next three months, the latest that were noted."""

    participants: list[ParticipantOut]
    next: list[MeetingOut]
    held: list[NotedOut]


class RoutineDecisionOut(Schema):
    """What a meeting of a routine decided, who does it and by when."""

    id: int
    line: str
    language: str
    routine_id: int
    decided_at: dt.datetime
    person_id: int | None
    due_on: dt.date | None
    done_at: dt.datetime | None


class TimeAskedOut(Schema):
    """Minutes a month asked of each person of a function by all standards and routines, and hours all together."""

    function: str
    people: int
    most_minutes: float
    mean_minutes: float
    ceiling_minutes: int | None
    hours: float
    hours_given_back: float | None
    units_over: list[int]


@router.get(
    "/routines",
    response={200: page_of(RoutineOut), **PROBLEMS},
    auth=READ,
    operation_id="list_routines",
    summary="List routines",
)
def list_routines(request: HttpRequest, asked: Annotated[Asked, Query()]) -> HttpResponse:
    """Routines in use, ordered by id."""
    return answer(page_for(request, ROUTINES, Routine.objects.filter(archived_at=None), asked))


@router.get(
    "/routines/{row_id}",
    response={200: WholeRoutineOut, **PROBLEMS},
    auth=READ,
    operation_id="read_routine",
    summary="Read one routine",
)
def read_routine(request: HttpRequest, row_id: Id) -> HttpResponse:
    """One routine, in use or not, with its participants and meetings."""
    told, day = ROUTINES.one(Routine.objects.filter(pk=row_id)), clock.today()
    row = with_people(Routine.objects.all()).get(pk=row_id)
    guests = Participant.objects.filter(routine=row)
    coming = occurrences([row], day, day + AHEAD) if row.archived_at is None else []
    held = Meeting.objects.filter(routine=row, state="held").order_by("-at", "-pk")[:12]
    return answer(
        told
        | {
            "participants": list(guests.values("person_id", "unit_id", "function", "role")),
            "next": [{"due_on": one.due_on, "at": one.at, "state": one.state} for one in coming],
            "held": [
                {
                    "due_on": one.due_on, "at": one.at, "state": one.state, "notes": one.noted,
                    "language": one.language, "people_count": one.people_count,
                }
                for one in held
            ],
        }
    )  # fmt: skip


@router.get(
    "/routine-decisions",
    response={200: page_of(RoutineDecisionOut), **PROBLEMS},
    auth=READ,
    operation_id="list_routine_decisions",
    summary="List what routines decided",
)
def list_routine_decisions(request: HttpRequest, asked: Annotated[Asked, Query()]) -> HttpResponse:
    """What the meetings of all routines decided, ordered by id."""
    return answer(page_for(request, DECISIONS, MeetingDecision.objects.all(), asked))


@router.get(
    "/time-asked",
    response={200: list[TimeAskedOut], **PROBLEMS},
    auth=READ,
    operation_id="read_time_asked",
    summary="Read the time asked of each function",
)
def read_time_asked(request: HttpRequest, as_of: dt.date | None = None) -> HttpResponse:
    """What all standards and routines ask of each function on a day, beside what initiatives measured as given back."""
    refuse_unknown(request, {"as_of"})
    day = as_of or clock.today()
    moment, given = moment_of(day), given_back_on(day)
    return answer(
        [
            {
                "function": one.function,
                "people": one.people,
                "most_minutes": round(one.most, 2),
                "mean_minutes": round(one.mean, 2),
                "ceiling_minutes": one.ceiling,
                "hours": round(one.hours, 2),
                "hours_given_back": given.get(one.function),
                "units_over": sorted(one.over),
            }
            for one in by_function(moment.asked, moment.people, moment.ceilings)
        ]
    )
