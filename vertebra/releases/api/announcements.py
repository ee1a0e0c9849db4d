"""Announcements read by tools: what was told to whom, how far it is; how many people, unless they are fewer than five."""

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema

from vertebra.analysis.privacy import shown
from vertebra.kit.api import PROBLEMS, Asked, Fields, answer, page_for, page_of
from vertebra.org.api.schemas import Id
from vertebra.releases.api.routes import READ, router
from vertebra.releases.labels.awareness import AnnouncementKind, AnnouncementState
from vertebra.releases.models import Announcement

_OWN = (
    *("id", "kind", "words", "channels", "versions", "people", "state"),
    *("due_at", "started_at", "filled_at", "ended_at", "created_at"),
)
ANNOUNCEMENTS = Fields(
    {name: name for name in _OWN}
    | {"release": "release_id", "audience": "audience_id", "correction_of": "correction_of_id"}
)


class AnnouncementOut(Schema):
    """A release told to an audience; a correction or a withdrawal goes to those who got the first text.

    `versions` is which version of each brief was told, by trade and language; `people` how many it goes to (null stands
    for one to four); `filled_at` since when all its messages wait to be sent or are.
    """

    id: int
    release: int
    audience: int | None
    kind: str
    correction_of: int | None
    words: str
    channels: list[str]
    versions: dict[str, int]
    people: int | None
    state: str
    due_at: dt.datetime
    started_at: dt.datetime | None
    filled_at: dt.datetime | None
    ended_at: dt.datetime | None
    created_at: dt.datetime


class AnnouncementsAsked(Asked):
    """Announcements of one release, to one audience, of one kind, in one state."""

    release: Id | None = None
    audience: Id | None = None
    kind: AnnouncementKind | None = None
    state: AnnouncementState | None = None


@router.get(
    "/announcements",
    response={200: page_of(AnnouncementOut), **PROBLEMS},
    auth=READ,
    operation_id="list_announcements",
    summary="List announcements",
)
def list_announcements(request: HttpRequest, asked: Annotated[AnnouncementsAsked, Query()]) -> HttpResponse:
    """Announcements of every release, ordered by id."""
    wanted = asked.dict(exclude_none=True, exclude={"cursor", "limit"})
    page = page_for(request, ANNOUNCEMENTS, Announcement.objects.filter(**wanted), asked)
    page["items"] = [_told(one) for one in page["items"]]
    return answer(page)


@router.get(
    "/announcements/{row_id}",
    response={200: AnnouncementOut, **PROBLEMS},
    auth=READ,
    operation_id="read_announcement",
    summary="Read one announcement",
)
def read_announcement(request: HttpRequest, row_id: Id) -> HttpResponse:
    """One announcement: how far it is."""
    return answer(_told(ANNOUNCEMENTS.one(Announcement.objects.filter(pk=row_id))))


def _told(one: dict[str, Any]) -> dict[str, Any]:
    return one | {"people": shown(one["people"])}
