"""Decisions: what was decided of each topic, why, against what, by whom."""

import datetime as dt
from typing import Annotated, Any

from django.db.models import Count
from django.http import HttpResponse
from ninja import Query, Schema

from vertebra.accounts.api import ApiRequest
from vertebra.kit.api import PROBLEMS, Asked, Fields, answer, page_for, page_of
from vertebra.org.api.schemas import Id
from vertebra.roadmap.api.routes import READ, router
from vertebra.roadmap.labels.topics import Verdict
from vertebra.roadmap.models import Answer, Decision
from vertebra.roadmap.queries.decisions import open_to

_OWN = (
    *("id", "verdict", "what", "why", "alternatives", "dissent", "language", "other_words", "decided_on"),
    *("is_mid_cycle", "published_at"),
)
DECISIONS = Fields(
    {name: name for name in _OWN} | {"topic": "topic_id", "cycle": "cycle_id", "replaces": "replaces_id"}
)


class WordsOut(Schema):
    """What was decided and why, said again in another language."""

    what: str
    why: str


class DecisionOut(Schema):
    """A decision; `displaces` are the topics that gave way, `told` how many of those behind the topic were told."""

    id: int
    topic: int
    cycle: int | None
    verdict: str
    what: str
    why: str
    alternatives: str
    dissent: str
    language: str
    other_words: dict[str, WordsOut]
    decided_on: dt.date
    decided_by: list[int]
    displaces: list[int]
    is_mid_cycle: bool
    replaces: int | None
    published_at: dt.datetime | None
    told: int


class DecisionsAsked(Asked):
    """Decisions of one table, of one topic, with one verdict."""

    cycle: Id | None = None
    topic: Id | None = None
    verdict: Verdict | None = None


@router.get(
    "/decisions",
    response={200: page_of(DecisionOut), **PROBLEMS},
    auth=READ,
    operation_id="list_decisions",
    summary="List decisions",
)
def list_decisions(request: ApiRequest, asked: Annotated[DecisionsAsked, Query()]) -> HttpResponse:
    """Decisions that were published, and for Product Ops those being made, ordered by id."""
    wanted = asked.dict(exclude_none=True, exclude={"cursor", "limit"})
    page = page_for(request, DECISIONS, open_to(request.user).filter(**wanted), asked)
    _complete(page["items"])
    return answer(page)


@router.get(
    "/decisions/{row_id}",
    response={200: DecisionOut, **PROBLEMS},
    auth=READ,
    operation_id="read_decision",
    summary="Read one decision",
)
def read_decision(request: ApiRequest, row_id: Id) -> HttpResponse:
    """One decision that was published; for Product Ops, one being made too."""
    told = DECISIONS.one(open_to(request.user).filter(pk=row_id))
    _complete([told])
    return answer(told)


def _complete(items: list[dict[str, Any]]) -> None:
    """Say of each decision who took it, what gave way, and how many were told."""
    ids = [one["id"] for one in items]
    lists: dict[str, dict[int, list[int]]] = {"decided_by": {}, "displaces": {}}
    through: tuple[tuple[str, Any, str], ...] = (
        ("decided_by", Decision.decided_by.through, "person"),
        ("displaces", Decision.displaces.through, "topic"),
    )
    for name, table, other in through:
        pairs = table.objects.filter(decision__in=ids).order_by("pk").values_list("decision", other)
        for decision, found in pairs:
            lists[name].setdefault(decision, []).append(found)
    answers = Answer.objects.filter(decision__in=ids).values_list("decision")
    told: dict[int, int] = dict(answers.annotate(count=Count("pk")))
    for one in items:
        one |= {name: found.get(one["id"], []) for name, found in lists.items()}
        one["told"] = told.get(one["id"], 0) if one["published_at"] else 0
