"""Which lessons hold no more: a release that changes what they tell of is out, or theirs was withdrawn."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import Link
from vertebra.learning.models import Lesson, LessonVersion
from vertebra.learning.queries.lessons import holds, lessons
from vertebra.releases.labels.releases import UPCOMING, ReleaseState
from vertebra.releases.models import Release

MOST_SHOWN = 8
MOST_READ = 60


def _steps() -> list[tuple[int, int]]:
    rows = Link.objects.filter(
        from_kind=Kind.RELEASE, relation=Relation.REPLACES, to_kind=Kind.LESSON, ended_at=None
    )
    return list(rows.order_by("pk").values_list("from_id", "to_id"))


def changed_lessons() -> list[tuple[Lesson, Release]]:
    """Each lesson that holds, with a release that changes what it tells and came out after it was published."""
    steps = _steps()
    if not steps:
        return []
    out = Release.objects.filter(pk__in=[one for one, _to in steps], state=ReleaseState.RELEASED).in_bulk()
    held = LessonVersion.objects.filter(
        holds(), lesson__in=[to for _one, to in steps], lesson__archived_at=None
    )
    holding = {row.lesson_id: row for row in held.select_related("lesson__release")}
    found: dict[int, tuple[Lesson, Release]] = {}
    for one, to in steps:
        release, version = out.get(one), holding.get(to)
        if release is None or version is None or release.released_at is None or version.published_at is None:
            continue
        if release.released_at > version.published_at:
            found.setdefault(to, (version.lesson, release))
    return list(found.values())


def withdrawn_lessons() -> list[Lesson]:
    """Lessons that hold although their release was withdrawn."""
    rows = lessons().filter(current_id__isnull=False, release__state=ReleaseState.WITHDRAWN)
    return list(rows.select_related("release"))


def changing(lesson: Lesson) -> list[Release]:
    """The releases that change what a lesson tells."""
    ids = [one for one, to in _steps() if to == lesson.pk]
    return list(Release.objects.filter(pk__in=ids).order_by("planned_on", "pk")) if ids else []


def may_change_it(lesson: Lesson) -> list[Release]:
    """Releases to come in the area of a lesson, or for an initiative of its release: one of them may change it."""
    known = {row.pk for row in changing(lesson)} | {lesson.release_id or 0}
    near = Q(pk__in=_beside(lesson.release_id)) if lesson.release_id else Q(pk__in=())
    if area := lesson.area_id or (lesson.release.area_id if lesson.release else None):
        near |= Q(area=area)
    rows = Release.objects.filter(near, state__in=UPCOMING, archived_at=None).exclude(pk__in=known)
    return list(rows.order_by("planned_on", "pk")[:MOST_SHOWN])


def _beside(release: int) -> "QuerySet[Link]":
    """The releases that carry out an initiative which this one carries out."""
    carried = Link.objects.filter(
        from_kind=Kind.RELEASE, relation=Relation.CARRIES_OUT, to_kind=Kind.INITIATIVE, ended_at=None
    )
    same = carried.filter(from_id=release).values("to_id")
    return carried.filter(to_id__in=same).values("from_id")  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Beside:
    """A lesson that holds and tells of what a release touches; whether somebody said that the release changes it."""

    lesson: Lesson
    is_changed: bool


def lessons_beside(release: Release) -> list[Beside]:
    """The lessons that hold and that a release changes, or may change, those that it does first."""
    marked = {to for one, to in _steps() if one == release.pk}
    near = Q(pk__in=marked) | Q(release__in=_beside(release.pk))
    if release.area_id:
        near |= Q(area=release.area_id) | Q(area=None, release__area=release.area_id)
    rows = lessons().filter(near, current_id__isnull=False).exclude(release=release.pk)
    found = [Beside(row, row.pk in marked) for row in rows.order_by("-changed_at", "-pk")[:MOST_READ]]
    return sorted(found, key=lambda one: not one.is_changed)[:MOST_SHOWN]
