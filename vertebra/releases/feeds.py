"""Releases as feeds and calendars: for an audience, for an area, and all that comes out (list FEEDS)."""

import datetime as dt
import uuid

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from vertebra.accounts.feeds import FeedKind
from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.kit import clock, markdown
from vertebra.kit.feeds import MOST_ENTRIES, Entry
from vertebra.org.queries.care import Areas
from vertebra.releases.labels.releases import UPCOMING, ReleaseState
from vertebra.releases.models import Audience, FreezeWindow, Release
from vertebra.releases.queries.announcing import Text, Texts, day_said, reader_page
from vertebra.releases.queries.calendar import AFTER, BEFORE, around, told_or_planned
from vertebra.releases.queries.feeds import UNCHANGED, Revision, ready_briefs, revisions_of, trade_of

MOST = 1000
MOST_CHARACTERS = 10_000


def calendar_entries(reader: User, _object_id: int, now: dt.datetime) -> list[Entry]:
    """Everything that comes out and came out lately, and the days on which nothing does."""
    day = clock.today(now)
    freezes = list(FreezeWindow.objects.filter(from_on__lte=day + AFTER, until_on__gte=day - BEFORE))
    revisions = revisions_of(FreezeWindow, [row.pk for row in freezes])
    entries = _entries(around(day), "", reader)
    entries += [_freeze(row, revisions.get(row.pk, UNCHANGED)) for row in freezes]
    return _latest_first(entries)


def _audience_entries(reader: User, audience_id: int, now: dt.datetime) -> list[Entry]:
    """What was told to an audience or is planned for it, in the words of its trade."""
    day = clock.today(now)
    trade = trade_of(Audience.objects.get(pk=audience_id), reader, day)
    return _latest_first(_entries(around(day).filter(told_or_planned(audience_id)), trade, reader))


def _area_entries(reader: User, area_id: int, now: dt.datetime) -> list[Entry]:
    """What comes out in an area and in those inside it, in the words of the reader's trade."""
    day = clock.today(now)
    rows = around(day).filter(area__in=Areas.as_of(day).under(area_id))
    return _latest_first(_entries(rows, trade_of(None, reader, day), reader))


def _entries(rows: QuerySet[Release], trade: str, reader: User) -> list[Entry]:
    """Each of these in the words of a trade, or without one in the release's own."""
    found = list(rows.order_by("-changed_at", "-pk")[:MOST])
    briefs = ready_briefs(found if trade else [], trade)
    revisions = revisions_of(Release, [row.pk for row in found])
    entries = []
    for at, row in enumerate(found):
        texts = Texts.of(row, briefs[row.pk])
        text = texts.best(trade, reader.language[:2]) if trade else texts.own
        revision = revisions.get(row.pk, UNCHANGED)
        changes = [row.changed_at, revision.at, *(one.changed_at for one in briefs[row.pk])]
        entries.append(_entry(row, text, revision, max(changes), is_whole=at < MOST_ENTRIES))
    return entries


def _entry(row: Release, text: Text, revision: Revision, updated_at: dt.datetime, *, is_whole: bool) -> Entry:
    """One release; whoever takes many in a calendar gets the words of the latest only."""
    is_withdrawn = row.state == ReleaseState.WITHDRAWN
    said = row.withdrawn_reason if is_withdrawn else day_said(row)
    html = format_html("<p><em>{}</em></p>", said)
    if is_whole and not is_withdrawn:
        html += _words(text)
    # What the title does not say already.
    more = "" if is_withdrawn else row.summary if text.subject == row.title else row.title
    return Entry(
        key=_key("release", row.pk),
        title=_("Withdrawn: %(title)s") % {"title": text.subject} if is_withdrawn else text.subject,
        address=settings.PUBLIC_URL + reader_page(row),
        html=html,
        published_at=row.created_at,
        updated_at=updated_at,
        on=row.released_on or row.planned_on,
        is_cancelled=is_withdrawn,
        is_tentative=row.state in UPCOMING,
        version=revision.number,
        summary=" ".join(f"{said} {more}".split()),
    )


def _words(text: Text) -> SafeString:
    """What its reader is told, with links that lead here from anywhere."""
    body = text.body
    if len(body) > MOST_CHARACTERS:
        body = body[:MOST_CHARACTERS].rsplit("\n", 1)[0] + "\n\n…"
    html = markdown.render(body, base=settings.PUBLIC_URL)
    return format_html('<div lang="{}">{}</div>', text.language, mark_safe(html))  # noqa: S308 (rendered by the kit)


def _freeze(row: FreezeWindow, revision: Revision) -> Entry:
    title = _("Nothing comes out: %(what)s") % {"what": row.title}
    return Entry(
        key=_key("freeze", row.pk),
        title=title,
        address=f"{settings.PUBLIC_URL}{reverse('releases:calendar')}?month={row.from_on:%Y-%m}",
        html=format_html("<p>{}</p>", title),
        published_at=row.created_at,
        updated_at=max(row.created_at, revision.at),
        on=row.from_on,
        until=row.until_on,
        is_cancelled=row.archived_at is not None,
        version=revision.number,
    )


def _key(kind: str, number: int) -> str:
    """The same for the same thing in every feed and calendar of this instance, and in no other."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{settings.PUBLIC_URL}/{kind}/{number}')}"


def _latest_first(entries: list[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda one: (one.updated_at, one.key), reverse=True)


def _calendar_name(reader: User, object_id: int) -> str | None:
    return _("What comes out") if object_id == 0 and may(reader, Right.READ) else None


def _audience_name(reader: User, audience_id: int) -> str | None:
    if not may(reader, Right.READ):
        return None
    return Audience.objects.filter(pk=audience_id, archived_at=None).values_list("name", flat=True).first()


def _area_name(reader: User, area_id: int) -> str | None:
    node = Areas.as_of(clock.today()).get(area_id) if may(reader, Right.READ) else None
    return node.name if node else None


CALENDAR = FeedKind(
    "releases_calendar", _calendar_name, calendar_entries, lambda _number: reverse("releases:calendar")
)
AUDIENCE = FeedKind(
    "releases_for_audience",
    _audience_name,
    _audience_entries,
    lambda number: reverse("releases:audience-show", args=(number,)),
)
AREA = FeedKind(
    "releases_of_area",
    _area_name,
    _area_entries,
    lambda number: f"{reverse('releases:release-list')}?area={number}",
)
