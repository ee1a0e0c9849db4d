"""Releases read by tools: what comes, what is out, what is withdrawn."""

import datetime as dt
from typing import Annotated, Any, Literal

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import Field as Rule
from ninja import Query, Schema

from vertebra.kit import clock
from vertebra.kit.api import PROBLEMS, Asked, Fields, answer, page_for, page_of
from vertebra.org.api.schemas import Id
from vertebra.org.queries.care import Areas
from vertebra.releases.api.routes import READ, router
from vertebra.releases.labels.releases import UPCOMING, ReleaseState
from vertebra.releases.models import MovedDate, Release, ReleaseAudience, ReleaseMarket
from vertebra.releases.queries.releases import releases

_OWN = (
    *("id", "title", "version", "summary", "language", "state", "planned_on", "released_on", "web_address"),
    *("withdrawn_reason", "external_id", "created_at", "changed_at"),
)
_NAMES = {"tier": "tier__slug", "area": "area_id", "lead": "lead_id", "source": "source__name"}
RELEASES = Fields({name: name for name in _OWN} | _NAMES)
WHOLE = Fields(dict(RELEASES.paths) | {"body": "body"})


class ReleaseOut(Schema):
    """Something that comes out; without markets it is for all of them, and nobody in particular is told without audiences."""

    id: int
    title: str
    version: str
    summary: str
    language: str
    state: str
    tier: str
    area: int | None
    lead: int | None
    planned_on: dt.date | None
    released_on: dt.date | None
    markets: list[int]
    audiences: list[int]
    web_address: str
    withdrawn_reason: str
    source: str | None
    external_id: str
    created_at: dt.datetime
    changed_at: dt.datetime


class MoveOut(Schema):
    """Its planned day moved."""

    was_on: dt.date | None
    now_on: dt.date | None
    why: str
    moved_at: dt.datetime


class WholeReleaseOut(ReleaseOut):
    """A release with its text and how its day moved, the latest first."""

    body: str
    moves: list[MoveOut]


class ReleasesAsked(Asked):
    """Releases in one state (`coming`: planned or being checked), of a tier, of an area with all inside it, in a market.

    Those without markets are in every market; `q`: words of the title or the version.
    """

    q: Annotated[str, Rule(max_length=200, pattern=r"^[^\x00]*$")] = ""
    state: ReleaseState | Literal["coming"] | None = None
    tier: Annotated[str, Rule(max_length=40, pattern=r"^[a-z0-9-]+$")] | None = None
    area: Id | None = None
    market: Id | None = None
    audience: Id | None = None
    lead: Id | None = None


@router.get(
    "/releases",
    response={200: page_of(ReleaseOut), **PROBLEMS},
    auth=READ,
    operation_id="list_releases",
    summary="List releases",
)
def list_releases(request: HttpRequest, asked: Annotated[ReleasesAsked, Query()]) -> HttpResponse:
    """Releases that are not archived, ordered by id."""
    rows = releases()
    if asked.q:
        rows = rows.filter(Q(title__icontains=asked.q) | Q(version__icontains=asked.q))
    if asked.state:
        rows = rows.filter(state__in=UPCOMING if asked.state == "coming" else [asked.state])
    if asked.tier:
        rows = rows.filter(tier__slug=asked.tier)
    if asked.area:
        rows = rows.filter(area__in=Areas.as_of(clock.today()).under(asked.area))
    if asked.market:
        named = ReleaseMarket.objects.filter(market=asked.market).values("release")
        rows = rows.filter(Q(pk__in=named) | Q(markets=None))
    if asked.audience:
        rows = rows.filter(pk__in=ReleaseAudience.objects.filter(audience=asked.audience).values("release"))
    if asked.lead:
        rows = rows.filter(lead=asked.lead)
    page = page_for(request, RELEASES, rows, asked)
    _complete(page["items"])
    return answer(page)


@router.get(
    "/releases/{row_id}",
    response={200: WholeReleaseOut, **PROBLEMS},
    auth=READ,
    operation_id="read_release",
    summary="Read one release",
)
def read_release(request: HttpRequest, row_id: Id) -> HttpResponse:
    """One release with its text and how its day moved, archived or not."""
    told = WHOLE.one(Release.objects.filter(pk=row_id))
    _complete([told])
    moves = MovedDate.objects.filter(release=row_id).values("was_on", "now_on", "why", "moved_at")
    return answer(told | {"moves": list(moves)})


def _complete(items: list[dict[str, Any]]) -> None:
    """Say of each release in which markets it comes out, and for whom it is."""
    ids = [one["id"] for one in items]
    through: tuple[tuple[str, Any, str], ...] = (
        ("markets", ReleaseMarket, "market_id"),
        ("audiences", ReleaseAudience, "audience_id"),
    )
    for name, model, other in through:
        found: dict[int, list[int]] = {}
        pairs = model.objects.filter(release__in=ids).order_by("pk").values_list("release_id", other)
        for release, number in pairs:
            found.setdefault(release, []).append(number)
        for one in items:
            one[name] = found.get(one["id"], [])
