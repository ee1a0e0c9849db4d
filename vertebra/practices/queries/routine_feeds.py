"""Routines as feeds and calendars: one of them, and all in which somebody takes part (list FEEDS)."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from vertebra.accounts.feeds import FeedKind
from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.kit import clock, markdown
from vertebra.kit.feeds import MOST_ENTRIES, Entry
from vertebra.org.empty_spaces import person_of
from vertebra.practices.models import Routine
from vertebra.practices.queries.routines import Circle, Occurrence, occurrences, with_people

BEFORE, AFTER = dt.timedelta(days=92), dt.timedelta(days=183)
MOST = 2000


def entries_of(rows: Iterable[Routine], day: dt.date) -> list[Entry]:
    """Every meeting of these routines, from three months ago to six months ahead, as calendars take it."""
    held = occurrences(rows, day - BEFORE, day + AFTER)[:MOST]
    ordered = sorted(held, key=lambda one: (_updated(one), one.due_on, one.routine.pk), reverse=True)
    return [_entry(one, is_whole=at < MOST_ENTRIES) for at, one in enumerate(ordered)]


def mine(user: User, day: dt.date) -> list[Routine]:
    """The routines in which somebody takes part, those put away lately among them: calendars take them out."""
    person = person_of(user)
    if person is None:
        return []
    circle = Circle.on(day)
    return [row for row in with_people(Routine.objects.all()) if person.pk in circle.people_of(row)]


def _entry(one: Occurrence, *, is_whole: bool) -> Entry:
    row, meeting = one.routine, one.meeting
    is_over = one.is_cancelled or (row.archived_at is not None and one.at >= row.archived_at)
    said = date_format(one.on, "DATE_FORMAT")
    html = format_html("<p>{}</p>", said)
    if is_whole and row.agenda and not is_over:
        html += _agenda(row)
    return Entry(
        key=key_of(row.pk, one.due_on),
        title=_("Cancelled: %(title)s") % {"title": row.title} if is_over else row.title,
        address=settings.PUBLIC_URL + reverse("practices:routine-show", args=(row.pk,)),
        html=html,
        published_at=row.created_at,
        updated_at=_updated(one),
        on=one.on,
        is_cancelled=is_over,
        version=row.sequence + (meeting.sequence if meeting else 0),
        summary=meeting.reason if meeting else "",
        at=one.at,
        minutes=row.minutes,
        place=row.place,
    )


def _agenda(row: Routine) -> SafeString:
    html = markdown.render(row.agenda, base=settings.PUBLIC_URL)
    return format_html('<div lang="{}">{}</div>', row.language, mark_safe(html))  # noqa: S308 (rendered by the kit)


def _updated(one: Occurrence) -> dt.datetime:
    return max(one.routine.changed_at, one.meeting.changed_at) if one.meeting else one.routine.changed_at


def key_of(routine: int, due_on: dt.date) -> str:
    """The same for the same meeting in every feed and calendar of this instance, and in no other."""
    name = f"{settings.PUBLIC_URL}/routine/{routine}/{due_on.isoformat()}"
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


def _routine_entries(reader: User, routine_id: int, now: dt.datetime) -> list[Entry]:
    return entries_of(Routine.objects.filter(pk=routine_id), clock.today(now))


def _own_entries(reader: User, _object_id: int, now: dt.datetime) -> list[Entry]:
    day = clock.today(now)
    return entries_of(mine(reader, day), day)


def _routine_name(reader: User, routine_id: int) -> str | None:
    if not may(reader, Right.READ):
        return None
    return Routine.objects.filter(pk=routine_id).values_list("title", flat=True).first()


def _own_name(reader: User, object_id: int) -> str | None:
    is_open = object_id == 0 and may(reader, Right.READ) and person_of(reader) is not None
    return _("My routines") if is_open else None


ROUTINE = FeedKind(
    "routine",
    _routine_name,
    _routine_entries,
    lambda number: reverse("practices:routine-show", args=(number,)),
)
MINE = FeedKind(
    "routines_of_mine",
    _own_name,
    _own_entries,
    lambda _number: f"{reverse('practices:routine-calendar')}?who=me",
)
