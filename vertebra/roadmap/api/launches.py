"""Launches: one use of a playbook for one market, with its steps, its stages and what its domains said."""

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema

from vertebra.kit.api import PROBLEMS, Asked, Fields, answer, not_found, page_for, page_of
from vertebra.org.api.schemas import Id
from vertebra.roadmap.api.routes import READ, router
from vertebra.roadmap.models import LaunchStep
from vertebra.roadmap.queries.launches import Domain, Stage, domains_of, launches, stages_of, steps_of

LAUNCHES = Fields(
    {
        **{name: name for name in ("id", "decided_on", "target_on", "launched_on")},
        "initiative": "initiative_id",
        "title": "initiative__title",
        "market": "market_id",
        "playbook": "version__playbook_id",
        "version": "version__number",
    }
)
_STEP = (
    *("id", "domain", "stage", "title", "state", "starts_on", "due_on", "started_on", "done_on", "is_gate"),
    *("note", "lesson", "position"),
)


class LaunchOut(Schema):
    """One use of a version of a playbook for one market, carried by an initiative."""

    id: int
    initiative: int
    title: str
    market: int
    playbook: int
    version: int
    decided_on: dt.date
    target_on: dt.date
    launched_on: dt.date | None


class StepOut(Schema):
    """One step: when it was to be, when it was."""

    id: int
    domain: str
    stage: str
    title: str
    owner: int | None
    state: str
    starts_on: dt.date
    due_on: dt.date
    started_on: dt.date | None
    done_on: dt.date | None
    is_gate: bool
    note: str
    lesson: str
    position: int


class StageOut(Schema):
    """One stage, planned and lived."""

    name: str
    starts_on: dt.date
    due_on: dt.date
    started_on: dt.date | None
    ended_on: dt.date | None


class DomainOut(Schema):
    """One domain: who answers for it, and what was said last of its readiness, by whom."""

    name: str
    owner: int | None
    readiness: str
    note: str
    said_by: int | None
    said_at: dt.datetime | None


class WholeLaunchOut(LaunchOut):
    """A launch with its stages, its domains and its steps."""

    stages: list[StageOut]
    domains: list[DomainOut]
    steps: list[StepOut]


class LaunchesAsked(Asked):
    """Launches of one playbook, for one market, done or not."""

    playbook: Id | None = None
    market: Id | None = None
    is_launched: bool | None = None


@router.get(
    "/launches",
    response={200: page_of(LaunchOut), **PROBLEMS},
    auth=READ,
    operation_id="list_launches",
    summary="List launches",
)
def list_launches(request: HttpRequest, asked: Annotated[LaunchesAsked, Query()]) -> HttpResponse:
    """Launches whose initiative is not archived, ordered by id."""
    rows = launches()
    if asked.playbook:
        rows = rows.filter(version__playbook=asked.playbook)
    if asked.market:
        rows = rows.filter(market=asked.market)
    if asked.is_launched is not None:
        rows = rows.filter(launched_on__isnull=not asked.is_launched)
    return answer(page_for(request, LAUNCHES, rows, asked))


@router.get(
    "/launches/{row_id}",
    response={200: WholeLaunchOut, **PROBLEMS},
    auth=READ,
    operation_id="read_launch",
    summary="Read one launch",
)
def read_launch(request: HttpRequest, row_id: Id) -> HttpResponse:
    """One launch with its stages, what each domain said last, and its steps."""
    rows = launches().filter(pk=row_id)
    told = LAUNCHES.one(rows)
    launch = rows.first()
    if launch is None:
        raise not_found()
    steps = steps_of(launch)
    return answer(
        told
        | {
            "stages": [_stage(one) for one in stages_of(steps)],
            "domains": [_domain(one) for one in domains_of(launch, steps)],
            "steps": [_step(one) for one in steps],
        }
    )


def _step(step: LaunchStep) -> dict[str, Any]:
    return {name: getattr(step, name) for name in _STEP} | {"owner": step.owner_id}


def _stage(stage: Stage) -> dict[str, Any]:
    names = ("name", "starts_on", "due_on", "started_on", "ended_on")
    return {name: getattr(stage, name) for name in names}


def _domain(domain: Domain) -> dict[str, Any]:
    word, owner = domain.word, domain.owner
    return {
        "name": domain.name,
        "owner": owner.pk if owner else None,
        "readiness": word.readiness if word else "",
        "note": word.note if word else "",
        "said_by": word.said_by_id if word else None,
        "said_at": word.said_at if word else None,
    }
