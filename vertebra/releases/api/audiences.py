"""Audiences read by tools: by which rules, and how many they reach, unless that is fewer than five."""

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema

from vertebra.analysis.privacy import shown
from vertebra.kit import clock
from vertebra.kit.api import PROBLEMS, Asked, Fields, answer, page_for, page_of
from vertebra.org.api.schemas import Id
from vertebra.releases.api.routes import READ, router
from vertebra.releases.models import Audience
from vertebra.releases.queries.audiences import people_on, reached_by
from vertebra.releases.queries.rule_words import Words

AUDIENCES = Fields(
    {name: name for name in ("id", "name", "description", "rules", "created_at", "changed_at", "archived_at")}
)


class AudienceOut(Schema):
    """A named part of the organisation by rules: who meets one condition of `any` and none of `except`."""

    id: int
    name: str
    description: str
    rules: dict[str, list[dict[str, Any]]]
    words: list[str]
    created_at: dt.datetime
    changed_at: dt.datetime
    archived_at: dt.datetime | None


class WholeAudienceOut(AudienceOut):
    """An audience with how many it reaches today; null stands for one to four."""

    reached: int | None


@router.get(
    "/audiences",
    response={200: page_of(AudienceOut), **PROBLEMS},
    auth=READ,
    operation_id="list_audiences",
    summary="List audiences",
)
def list_audiences(request: HttpRequest, asked: Annotated[Asked, Query()]) -> HttpResponse:
    """Audiences in use, ordered by id, with their rules in words."""
    page = page_for(request, AUDIENCES, Audience.objects.filter(archived_at=None), asked)
    words = Words(clock.today())
    for one in page["items"]:
        one["words"] = words.said(one["rules"])
    return answer(page)


@router.get(
    "/audiences/{row_id}",
    response={200: WholeAudienceOut, **PROBLEMS},
    auth=READ,
    operation_id="read_audience",
    summary="Read one audience",
)
def read_audience(request: HttpRequest, row_id: Id) -> HttpResponse:
    """One audience, in use or not, with how many it reaches today."""
    told, day = AUDIENCES.one(Audience.objects.filter(pk=row_id)), clock.today()
    reached = people_on(day).filter(reached_by([told["rules"]], day)).count()
    return answer(told | {"words": Words(day).said(told["rules"]), "reached": shown(reached)})
