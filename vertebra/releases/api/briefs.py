"""Briefs read by tools: what each trade reads of a release, in each language."""

import datetime as dt
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema

from vertebra.kit.api import PROBLEMS, Asked, Fields, answer, page_for, page_of
from vertebra.org.api.schemas import Id
from vertebra.releases.api.routes import READ, router
from vertebra.releases.labels.briefs import BriefState, Trade
from vertebra.releases.models import Brief

Language = Literal["fr", "en"]
_OWN = ("id", "trade", "language", "line", "state", "version", "due_on", "ready_at", "changed_at")
BRIEFS = Fields({name: name for name in _OWN} | {"release": "release_id", "owner": "owner_id"})
WHOLE = Fields(dict(BRIEFS.paths) | {"body": "body"})


class BriefOut(Schema):
    """What one trade reads of a release in one language; each save of its text is a version."""

    id: int
    release: int
    trade: str
    language: str
    line: str
    state: str
    version: int
    owner: int | None
    due_on: dt.date | None
    ready_at: dt.datetime | None
    changed_at: dt.datetime


class WholeBriefOut(BriefOut):
    """A brief with its text, in Markdown."""

    body: str


class BriefsAsked(Asked):
    """Briefs of one release, for one trade, in one language, in one state, of one owner."""

    release: Id | None = None
    trade: Trade | None = None
    language: Language | None = None
    state: BriefState | None = None
    owner: Id | None = None


@router.get(
    "/briefs",
    response={200: page_of(BriefOut), **PROBLEMS},
    auth=READ,
    operation_id="list_briefs",
    summary="List briefs",
)
def list_briefs(request: HttpRequest, asked: Annotated[BriefsAsked, Query()]) -> HttpResponse:
    """Briefs of releases that are not archived, ordered by id."""
    wanted = asked.dict(exclude_none=True, exclude={"cursor", "limit"})
    rows = Brief.objects.filter(release__archived_at=None, **wanted)
    return answer(page_for(request, BRIEFS, rows, asked))


@router.get(
    "/briefs/{row_id}",
    response={200: WholeBriefOut, **PROBLEMS},
    auth=READ,
    operation_id="read_brief",
    summary="Read one brief",
)
def read_brief(request: HttpRequest, row_id: Id) -> HttpResponse:
    """One brief with its text."""
    return answer(WHOLE.one(Brief.objects.filter(pk=row_id)))
