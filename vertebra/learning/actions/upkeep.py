"""What happens to lessons by itself: made from briefs, expired by a release, asked of people, two a week at most."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from django.db import transaction
from django.urls import reverse
from django.utils import formats, translation

from vertebra.accounts import audit
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, Message, User
from vertebra.accounts.outbox import queue_messages
from vertebra.evidence.asks import note_asks, room_to_ask
from vertebra.kit import clock
from vertebra.learning.actions.lessons import create_lesson, expire_lesson
from vertebra.learning.labels import Expiry
from vertebra.learning.models import Enrolment, Lesson, LessonVersion
from vertebra.learning.queries.changes import changed_lessons, withdrawn_lessons
from vertebra.learning.queries.giving import whom_to_tell
from vertebra.learning.queries.lessons import holds, releases_without_lesson
from vertebra.org.queries.people import language_for

# A top-tier release that is this near begins its lesson with what its briefs say so far.
BEGUN_BEFORE = dt.timedelta(days=21)
AT_ONCE = 50
# In one transaction: others write in between.
MOST_AT_A_TIME = 300


@transaction.atomic
def begin_due_lessons(*, actor: User | None, now: dt.datetime) -> list[Lesson]:
    """Begin the lesson of each release whose tier asks for one, from its briefs; its lead reads it and publishes."""
    return [
        create_lesson(
            actor=actor, title=row.title, language=row.language, release=row, area=row.area, owner=row.lead,
            now=now,
        )
        for row in releases_without_lesson(now, BEGUN_BEFORE).select_related("area")
    ]  # fmt: skip


@transaction.atomic
def expire_due_lessons(*, actor: User | None, now: dt.datetime) -> int:
    """Let expire what a release that is out has changed, and what was withdrawn."""
    count = 0
    for lesson, release in changed_lessons():
        expire_lesson(
            actor=actor, lesson=lesson, why=Expiry.CHANGED, note=release.title, release=release, now=now
        )
        count += 1
    for lesson in withdrawn_lessons():
        expire_lesson(actor=actor, lesson=lesson, why=Expiry.WITHDRAWN, release=lesson.release, now=now)
        count += 1
    return count


@transaction.atomic
def ask_due(
    *, actor: User | None, some: Sequence[tuple[int, int]] | None = None, now: dt.datetime
) -> AuditEntry | None:
    """Tell those who were given something, each of whom has room for one more thing this week."""
    if some is None:
        some = whom_to_tell(now)[:MOST_AT_A_TIME]
    count = sum(_ask(ids, now) for ids in _slices(some))
    if not count:
        return None
    return audit.record(actor=actor, verb="ask", kind=Kind.LESSON, now=now, particulars={"count": count})


def _slices(some: Sequence[tuple[int, int]]) -> Iterator[dict[int, int]]:
    """Some at a time, each person once: whether they have room for a second thing is looked at after the first."""
    mine: dict[int, int] = {}
    for pk, person in some:
        if person in mine or len(mine) == AT_ONCE:
            yield mine
            mine = {}
        mine[person] = pk
    if mine:
        yield mine


def _ask(waiting: Mapping[int, int], now: dt.datetime) -> int:
    room = room_to_ask(list(waiting), now)
    ids = [pk for person, pk in waiting.items() if person in room]
    rows = Enrolment.objects.select_for_update(of=("self",)).filter(pk__in=ids, asked_on=None)
    found = list(rows.select_related("person__user", "lesson", "path"))
    held = LessonVersion.objects.filter(holds(), lesson__in=[row.lesson_id for row in found if row.lesson_id])
    numbers = dict(held.values_list("lesson", "number"))
    letters = {row.pk: _letter(row, numbers.get(row.lesson_id or 0, 1)) for row in found}
    keys = [letter.key for letter in letters.values()]
    # What was told before, and made to be told again by an undo, is asked of nobody twice.
    known = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    new: dict[tuple[Kind, int], list[int]] = defaultdict(list)
    for row in found:
        row.asked_on = clock.today(now)
        if letters[row.pk].key not in known:
            kind = Kind.LESSON if row.lesson_id else Kind.PATH
            new[kind, row.lesson_id or row.path_id or 0].append(row.person_id)
    for (kind, about), people in new.items():
        note_asks(people, kind, about, now)
    queue_messages(list(letters.values()), now)
    Enrolment.objects.bulk_update(found, ["asked_on"])
    return len(found)


def _letter(row: Enrolment, number: int) -> Message:
    language = language_for(row.person, row.lesson.language if row.lesson else "")
    if row.lesson:
        template, address = "lesson_given", reverse("learning:lesson-show", args=(row.lesson.pk,))
        # That it changed is so for everybody: nothing here says who took it before.
        particulars = {"title": row.lesson.title, "minutes": row.lesson.minutes, "is_again": number > 1}
    else:
        template, address = "path_given", reverse("learning:path-show", args=(row.path_id,))
        particulars = {"title": row.path.title if row.path else ""}
        particulars["is_camp"] = bool(row.path and row.path.is_camp)
    with translation.override(language):
        particulars["due"] = formats.date_format(row.due_on, "DATE_FORMAT") if row.due_on else ""
    return Message(
        key=f"{template}:{row.pk}:{number}", template=template, particulars=particulars, language=language,
        to_user=row.person.user, to_email="" if row.person.user else row.person.email, address=address,
    )  # fmt: skip
