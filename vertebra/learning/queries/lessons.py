"""Lessons as pages ask for them: which version holds, in which language one reads it, what changed since."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.kit import clock
from vertebra.learning.labels import DUE_BEFORE, Standing
from vertebra.learning.models import Lesson, LessonText, LessonVersion
from vertebra.org.empty_spaces import person_of
from vertebra.releases.labels.briefs import BriefState
from vertebra.releases.labels.releases import UPCOMING
from vertebra.releases.models import Brief, Release
from vertebra.releases.queries.rights import is_of_team


def holds(prefix: str = "") -> Q:
    """The condition that a version (reached by `prefix`, ending in `__`) is what its lesson says today."""
    return Q(**{f"{prefix}published_at__isnull": False, f"{prefix}expired_at__isnull": True})


def lessons() -> "QuerySet[Any]":
    """Every lesson that is not archived, each with its version that holds and where it stands."""
    versions = LessonVersion.objects.filter(lesson=OuterRef("pk"))
    published = Exists(versions.filter(published_at__isnull=False))
    rows = Lesson.objects.filter(archived_at=None).annotate(
        current_id=Subquery(versions.filter(holds()).values("pk")[:1]), was_published=published
    )
    return rows.annotate(
        standing_order=Case(
            When(current_id__isnull=False, then=Value(1)),
            When(was_published=True, then=Value(2)),
            default=Value(0),
            output_field=IntegerField(),
        )
    )


STANDINGS = (Standing.DRAFT, Standing.CURRENT, Standing.EXPIRED)


def of_standing(rows: "QuerySet[Any]", standing: str) -> "QuerySet[Any]":
    """Those of these that stand there."""
    return rows.filter(standing_order=STANDINGS.index(Standing(standing)))


def may_change(user: User, lesson: Lesson) -> bool:
    """Whether somebody may write a lesson: contributors, whoever keeps it true, whoever leads its release."""
    if may(user, Right.EDIT_ORGANISATION):
        return True
    person = person_of(user) if may(user, Right.TAKE_PART) else None
    if person is None:
        return False
    return person.pk == lesson.owner_id or (
        lesson.release is not None and lesson.release.lead_id == person.pk
    )


def sees_how_taken(user: User, lesson: Lesson) -> bool:
    """Whether somebody reads how all teams took a lesson: who keeps it true or made it, who brings its release out, Product Ops."""
    if may(user, Right.PRODUCT_OPS) or lesson.made_by_id == user.pk:
        return True
    person = person_of(user)
    if person is not None and person.pk == lesson.owner_id:
        return True
    return lesson.release is not None and is_of_team(user, lesson.release)


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of a lesson: the one that holds, the one being written, those that held, the latest first."""

    current: LessonVersion | None
    draft: LessonVersion | None
    past: list[LessonVersion]

    @property
    def standing(self) -> Standing:
        """Whether what it says can be relied on."""
        if self.current:
            return Standing.CURRENT
        return Standing.EXPIRED if self.past else Standing.DRAFT

    @property
    def latest(self) -> LessonVersion | None:
        """What there is to read: the one that holds, else the one that held last."""
        return self.current or (self.past[0] if self.past else None)


def versions_of(lesson: Lesson) -> Versions:
    """The versions of a lesson with their texts."""
    rows = list(lesson.versions.select_related("expired_by").prefetch_related("texts"))
    return Versions(
        next((row for row in rows if row.published_at and not row.expired_at), None),
        next((row for row in rows if row.published_at is None), None),
        [row for row in rows if row.expired_at],
    )


def text_for(version: LessonVersion, language: str) -> LessonText | None:
    """What a version says in a language, or in any other that it has."""
    texts = sorted(version.texts.all(), key=lambda one: (one.language != language, one.language))
    return texts[0] if texts else None


def is_complete(text: LessonText) -> bool:
    """Whether a text can be published: something to read, one question, two answers at least."""
    has_words = bool(text.body.strip() or text.video_address)
    return bool(has_words and text.question and len(text.choices) >= 2 and text.right < len(text.choices))


def stale_texts(version: LessonVersion) -> list[LessonText]:
    """The texts of a version whose brief was written anew since."""
    texts = [text for text in version.texts.all() if text.brief_id]
    numbers = dict(
        Brief.objects.filter(pk__in=[text.brief_id for text in texts]).values_list("pk", "version")
    )
    return [text for text in texts if numbers.get(text.brief_id or 0, 0) > text.brief_version]


def due_before(release: Release | None, day: dt.date) -> dt.date | None:
    """The day by which the lesson of a release is to be taken: before it comes out, never in the past."""
    if release is None or release.planned_on is None or release.state not in UPCOMING:
        return None
    return max(day, release.planned_on - dt.timedelta(days=DUE_BEFORE))


def releases_without_lesson(now: dt.datetime, within: dt.timedelta) -> "QuerySet[Release]":
    """Releases to come whose tier asks for a lesson and that carry none, with a brief to make one from."""
    day = clock.today(now)
    # One that was put away is not begun again.
    carried = Lesson.objects.filter(release=OuterRef("pk"))
    briefs = Brief.objects.filter(release=OuterRef("pk"))
    near = Q(planned_on__lte=day + within) & Exists(briefs.exclude(body=""))
    rows = Release.objects.filter(state__in=UPCOMING, archived_at=None, tier__has_lesson=True)
    rows = rows.filter(~Exists(carried), Exists(briefs.filter(state=BriefState.READY)) | near)
    return rows.select_related("lead", "tier").order_by("planned_on", "pk")


def sources_of(release: Release) -> dict[str, Brief]:
    """The brief that a lesson begins with, in each language: everyone's, else the readiest there is."""
    rank = {state: at for at, state in enumerate((BriefState.READY, BriefState.TO_CHECK, BriefState.DRAFT))}
    found: dict[str, Brief] = {}
    rows: Iterable[Brief] = release.briefs.order_by("pk")
    for row in sorted(rows, key=lambda one: (one.trade != "everyone", rank.get(BriefState(one.state), 9))):
        if row.body.strip() or row.line.strip():
            found.setdefault(row.language, row)
    return found
