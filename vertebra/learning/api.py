"""Lessons read by tools: what they say, until when it holds, for which release."""

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from vertebra.accounts.api import Bearer
from vertebra.accounts.permissions import Right
from vertebra.kit.api import PROBLEMS, Asked, Fields, answer, not_found, page_for, page_of
from vertebra.learning.labels import Standing
from vertebra.learning.models import LessonText
from vertebra.learning.queries.lessons import STANDINGS, lessons, of_standing, versions_of
from vertebra.org.api.schemas import Id

router = Router(tags=["learning"])
READ = Bearer(Right.READ, "read")
LESSONS = Fields(
    {name: name for name in ("id", "title", "language", "minutes", "created_at", "changed_at")}
    | {name: f"{name}_id" for name in ("release", "feature", "area", "owner")}
    | {"standing": "standing_order"}
)


class LessonOut(Schema):
    """A few minutes about one thing, often a release; what it says holds until that changes."""

    id: int
    title: str
    language: str
    minutes: int
    release: int | None
    feature: int | None
    area: int | None
    owner: int | None
    standing: str
    created_at: dt.datetime
    changed_at: dt.datetime


class LessonTextOut(Schema):
    """What a lesson says in one language, in Markdown, with its one question."""

    language: str
    title: str
    body: str
    video_address: str
    question: str
    choices: list[str]


class WholeLessonOut(LessonOut):
    """A lesson with the version that holds, or the one that held last."""

    version: int | None
    published_at: dt.datetime | None
    expired_at: dt.datetime | None
    texts: list[LessonTextOut]


class LessonsAsked(Asked):
    """Lessons of one release, feature or area, of one owner, with one standing."""

    release: Id | None = None
    feature: Id | None = None
    area: Id | None = None
    owner: Id | None = None
    standing: Standing | None = None


@router.get(
    "/lessons",
    response={200: page_of(LessonOut), **PROBLEMS},
    auth=READ,
    operation_id="list_lessons",
    summary="List lessons",
)
def list_lessons(request: HttpRequest, asked: Annotated[LessonsAsked, Query()]) -> HttpResponse:
    """Lessons that are not archived, ordered by id."""
    rows = lessons().filter(**asked.dict(exclude_none=True, exclude={"cursor", "limit", "standing"}))
    if asked.standing:
        rows = of_standing(rows, asked.standing)
    page = page_for(request, LESSONS, rows, asked)
    page["items"] = [_standing(one) for one in page["items"]]
    return answer(page)


@router.get(
    "/lessons/{row_id}",
    response={200: WholeLessonOut, **PROBLEMS},
    auth=READ,
    operation_id="read_lesson",
    summary="Read one lesson",
)
def read_lesson(request: HttpRequest, row_id: Id) -> HttpResponse:
    """One lesson with what it says; which answer to its question is right, whoever takes it finds out."""
    row = lessons().filter(pk=row_id).first()
    if row is None:
        raise not_found()
    told, latest = _standing(LESSONS.one(lessons().filter(pk=row_id))), versions_of(row).latest
    return answer(
        told
        | {
            "version": latest.number if latest else None,
            "published_at": latest.published_at if latest else None,
            "expired_at": latest.expired_at if latest else None,
            "texts": [_text(one) for one in latest.texts.all()] if latest else [],
        }
    )


def _standing(one: dict[str, Any]) -> dict[str, Any]:
    return one | {"standing": str(STANDINGS[one["standing"]].value)}


def _text(one: LessonText) -> dict[str, Any]:
    return {name: getattr(one, name) for name in LessonTextOut.model_fields}
