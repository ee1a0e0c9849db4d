"""Quarterly tables: where each stands, what lies on it, and, once the rankings are shown, what they came to."""

import datetime as dt
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Schema

from vertebra.accounts.api import ApiRequest
from vertebra.kit.api import PROBLEMS, Asked, Fields, answer, not_found, page_for, page_of
from vertebra.org.api.schemas import Id
from vertebra.roadmap.api.routes import READ, router
from vertebra.roadmap.labels.topics import CycleState
from vertebra.roadmap.models import Cycle
from vertebra.roadmap.queries.seats import turnout_of

_OWN = (
    *("id", "title", "language", "state", "starts_on", "ends_on", "freezes_on", "ranks_until", "rule", "picks"),
    *("quorum", "capacity_days", "revealed_at", "published_at"),
)  # fmt: skip
CYCLES = Fields({name: name for name in _OWN})


class CycleOut(Schema):
    """One round of the table: its dates, its rule, where it stands."""

    id: int
    title: str
    language: str
    state: str
    starts_on: dt.date
    ends_on: dt.date
    freezes_on: dt.date
    ranks_until: dt.date
    rule: str
    picks: int
    quorum: int
    capacity_days: int | None
    revealed_at: dt.datetime | None
    published_at: dt.datetime | None


class LyingOut(Schema):
    """A topic on the table."""

    topic: int
    position: int
    is_mid_cycle: bool


class TurnoutOut(Schema):
    """How many of a function have ranked, of how many, while rankings are awaited."""

    function: str
    done: int
    seats: int


class PlaceOut(Schema):
    """The place of a topic, all functions together and for each."""

    topic: int
    place: int
    score: float
    named: int
    functions: dict[str, int]


class CountOut(Schema):
    """What the rankings came to at the reveal; `steady` says how sure the first places are."""

    rule: str
    rankings: int
    functions: dict[str, int]
    steady: str
    places: list[PlaceOut]


class WholeCycleOut(CycleOut):
    """A table with what lies on it; nothing of any ranking before they are shown."""

    table: list[LyingOut]
    turnout: list[TurnoutOut]
    result: CountOut | None


class CyclesAsked(Asked):
    """Tables in one state."""

    state: CycleState | None = None


@router.get(
    "/cycles",
    response={200: page_of(CycleOut), **PROBLEMS},
    auth=READ,
    operation_id="list_cycles",
    summary="List quarterly tables",
)
def list_cycles(request: ApiRequest, asked: Annotated[CyclesAsked, Query()]) -> HttpResponse:
    """Tables that are not put away, ordered by id."""
    rows = Cycle.objects.filter(archived_at=None)
    return answer(page_for(request, CYCLES, rows.filter(state=asked.state) if asked.state else rows, asked))


@router.get(
    "/cycles/{row_id}",
    response={200: WholeCycleOut, **PROBLEMS},
    auth=READ,
    operation_id="read_cycle",
    summary="Read one quarterly table",
)
def read_cycle(request: ApiRequest, row_id: Id) -> HttpResponse:
    """One table with what lies on it, and what the rankings came to once they are shown to all."""
    cycle = Cycle.objects.filter(pk=row_id, archived_at=None).first()
    if cycle is None:
        raise not_found()
    told = {name: getattr(cycle, name) for name in _OWN}
    lying = cycle.table.order_by("position", "pk").values("topic", "position", "is_mid_cycle")
    awaited = turnout_of(cycle) if cycle.state == CycleState.RANKING else []
    turnout = [{"function": one.function, "done": one.done, "seats": one.seats} for one in awaited]
    return answer({**told, "table": list(lying), "turnout": turnout, "result": _count(cycle)})


def _count(cycle: Cycle) -> dict[str, Any] | None:
    """What the reveal showed; nothing before it."""
    count = cycle.count
    if cycle.revealed_at is None or not count:
        return None
    by_function = {
        group: {pk: int(place) for pk, place, *_rest in standings}
        for group, standings in count["functions"].items()
    }
    places = [
        {
            "topic": pk,
            "place": int(place),
            "score": score,
            "named": int(named),
            "functions": {group: found[pk] for group, found in by_function.items() if pk in found},
        }
        for pk, place, score, named, _firsts in count["together"]
    ]
    told = {"rule": count["rule"], "rankings": count["rankings"], "functions": count["groups"]}
    return {**told, "steady": count["steady"]["code"], "places": places}
