"""Topics of the field: what is raised, what shows it as far as the reader may know; raising one, standing behind one."""

import datetime as dt
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Field as Rule
from ninja import Query, Schema

from vertebra.accounts.api import ApiRequest, made, newly_made
from vertebra.accounts.labels import Kind
from vertebra.accounts.together import cards_of, cards_of_kinds
from vertebra.kit import clock
from vertebra.kit.api import PROBLEMS, Asked, Fields, Problem, answer, named, not_found, page_for, page_of
from vertebra.org.api.schemas import Id, Made, Name, Text
from vertebra.org.empty_spaces import language_now
from vertebra.org.models import Field
from vertebra.roadmap.actions.topics import add_voice, raise_topic
from vertebra.roadmap.api.routes import READ, TAKE_PART, router
from vertebra.roadmap.labels.topics import TopicState
from vertebra.roadmap.models import Objective
from vertebra.roadmap.queries.topics import WAITING, Weight, topics, weight_of

OriginKind = Literal["pain_point", "audit", "empty_space", "incident", "survey", "help_request"]
Days = Annotated[int, Rule(ge=0, le=2000)]
_OWN = (
    *("id", "title", "description", "language", "state", "effort_days", "is_quick_win", "created_at", "changed_at"),
    *("origin_kind", "origin_id", "people_count", "team_count", "function_count"),
)  # fmt: skip
TOPICS = Fields(
    {name: name for name in _OWN}
    | {"field": "field_id", "objective": "objective_id", "voices": "voice_count"}
)


class Origin(Schema):
    """The object that a topic is raised from."""

    kind: OriginKind
    id: Id


class OriginOut(Schema):
    """The object that a topic was raised from, if it is open to the reader."""

    kind: str
    id: int


class WeightOut(Schema):
    """What shows a topic: exact for Product Ops, at least so many for others; null stands for fewer than five."""

    strength: str
    people: int | None
    teams: int | None
    functions: int | None
    is_exact: bool


class TopicOut(Schema):
    """Something the field wants the directors to look at; `voices` counts who stands behind it, without names."""

    id: int
    title: str
    description: str
    language: str
    state: str
    origin: OriginOut | None
    field: int | None
    objective: int | None
    effort_days: int | None
    is_quick_win: bool
    voices: int
    weight: WeightOut
    created_at: dt.datetime
    changed_at: dt.datetime


class TopicsAsked(Asked):
    """Topics in one state (`waits`: raised or on a table), of one field, for one objective, raised from one kind."""

    state: TopicState | Literal["waits"] | None = None
    field: Id | None = None
    objective: Id | None = None
    origin: OriginKind | None = None
    is_quick_win: bool | None = None


class TopicIn(Schema):
    """A topic in two lines; from an object that is a topic already, it adds a voice to that one."""

    title: Name
    description: Text = ""
    origin: Origin | None = None
    relay: bool = False
    field: Id | None = None
    objective: Id | None = None
    effort_days: Days | None = None
    is_quick_win: bool = False


class VoiceIn(Schema):
    """Whether one stands behind a topic for oneself, or relays it for others."""

    relay: bool = False


@router.get(
    "/topics",
    response={200: page_of(TopicOut), **PROBLEMS},
    auth=READ,
    operation_id="list_topics",
    summary="List topics",
)
def list_topics(request: ApiRequest, asked: Annotated[TopicsAsked, Query()]) -> HttpResponse:
    """Topics that are neither put away nor joined to another, ordered by id."""
    rows = topics()
    if asked.state:
        rows = rows.filter(state__in=WAITING if asked.state == "waits" else [asked.state])
    if asked.origin:
        rows = rows.filter(origin_kind=asked.origin)
    wanted = asked.dict(exclude_none=True, include={"field", "objective", "is_quick_win"})
    page = page_for(request, TOPICS, rows.filter(**wanted), asked)
    page["items"] = _as_known(request, page["items"])
    return answer(page)


@router.get(
    "/topics/{row_id}",
    response={200: TopicOut, **PROBLEMS},
    auth=READ,
    operation_id="read_topic",
    summary="Read one topic",
)
def read_topic(request: ApiRequest, row_id: Id) -> HttpResponse:
    """One topic that is neither put away nor joined to another."""
    return answer(_as_known(request, [TOPICS.one(topics().filter(pk=row_id))])[0])


def _as_known(request: ApiRequest, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The topics as the reader may know them: sizes in steps, and no origin that is closed to them."""
    origins: dict[str, list[int]] = {}
    for one in items:
        if one["origin_kind"]:
            origins.setdefault(one["origin_kind"], []).append(one["origin_id"])
    open_ones = cards_of_kinds(request.user, origins)
    told = []
    for one in items:
        origin = (one.pop("origin_kind"), one.pop("origin_id"))
        counts = [one.pop(name) for name in ("people_count", "team_count", "function_count")]
        weight = weight_of(request.user, *counts)
        known = {"kind": origin[0], "id": origin[1]} if origin in open_ones else None
        told.append(one | {"origin": known, "weight": _weight(weight)})
    return told


def _weight(weight: Weight) -> dict[str, Any]:
    return {
        "strength": str(weight.strength),
        "people": weight.people,
        "teams": weight.teams,
        "functions": weight.functions,
        "is_exact": weight.is_exact,
    }


@router.post(
    "/topics",
    response={201: Made, **PROBLEMS},
    auth=TAKE_PART,
    operation_id="raise_topic",
    summary="Raise a topic, or relay one",
)
def create_topic(request: ApiRequest, body: TopicIn) -> HttpResponse:
    """Raise a topic: whoever does stands behind it, and is told what is decided."""
    origin = (str(body.origin.kind), body.origin.id) if body.origin else None
    if origin and not cards_of(request.user, origin[0], [origin[1]]):
        error = {
            "field": "origin",
            "message": "There is nothing of that kind and number, or it is not open to you.",
        }
        raise Problem(422, "not_valid", error["message"], [error])
    topic = raise_topic(
        actor=request.user,
        title=body.title,
        description=body.description,
        language=language_now(),
        origin=origin,
        relay=body.relay,
        field=named(Field, body.field, "field"),
        objective=named(Objective, body.objective, "objective"),
        effort_days=body.effort_days,
        is_quick_win=body.is_quick_win,
        now=clock.now(),
    )
    return newly_made(Kind.TOPIC, topic.pk)


@router.post(
    "/topics/{row_id}/voices",
    response={201: Made, **PROBLEMS},
    auth=TAKE_PART,
    operation_id="stand_behind_topic",
    summary="Stand behind a topic",
)
def create_voice(request: ApiRequest, row_id: Id, body: VoiceIn) -> HttpResponse:
    """Stand behind a topic for oneself, or relay it for others: whoever does is told what is decided."""
    topic = topics().filter(pk=row_id).first()
    if topic is None:
        raise not_found()
    return made(add_voice(actor=request.user, topic=topic, relay=body.relay, now=clock.now()))
