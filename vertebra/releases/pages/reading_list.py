"""What is new for me: the releases that I was told of, in my words, what I have not read first."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.accounts.together import saved_views
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.org.empty_spaces import person_of
from vertebra.org.pages.frame import base
from vertebra.releases.labels.awareness import RECEIPT_TONES, ReceiptState
from vertebra.releases.labels.briefs import Trade
from vertebra.releases.labels.releases import RELEASE_TONES, UPCOMING, ReleaseState
from vertebra.releases.pages.frame import written_in
from vertebra.releases.queries.reading import reader_of
from vertebra.releases.queries.reading_list import lines_for, releases_told

PAGE = "news"
UNREAD = "unread"
Rows = QuerySet[Any]


@require_GET
@requires(Right.READ)
def news(request: PageRequest) -> HttpResponseBase:
    """List the releases that I was told of; you alone read your own list."""
    person, day = person_of(request.user), clock.today()
    views = saved_views(request.user, PAGE, request.get_full_path())
    rows = releases_told(person).select_related("tier")
    listing = _list().read(request, rows, saved_views=views)
    if listing.export:
        return listing.export
    reader = reader_of(person, written_in(), day)
    trade = reader.function if reader.function in Trade.values else str(Trade.EVERYONE)
    lines = lines_for(listing.rows, trade, reader.language)
    for row in listing.rows:
        row.line, row.line_language = lines.get(row.pk) or (row.summary, row.language)
        row.tone = RELEASE_TONES[row.state]
        row.said_label = ReceiptState(row.said).label if row.said else ""
        row.said_tone = RECEIPT_TONES.get(row.said, "neutral")
        row.shown_on = row.released_on or row.planned_on
        row.is_coming = row.state in UPCOMING
    context = {
        "listing": listing,
        "person": person,
        "unread": rows.filter(said=None).exclude(state=ReleaseState.WITHDRAWN).count() if person else 0,
        "release_base": base("releases:release-show"),
    }
    return render(request, "releases/news.html", context)


def _list() -> ListOf:
    return ListOf(
        page=PAGE,
        file_name="what-is-new",
        columns=[
            Column("title", gettext_lazy("Release"), lambda row: row.title, sort="title"),
            Column("said", gettext_lazy("What I said"), lambda row: str(ReceiptState(row.said).label) if row.said else ""),
            Column("on", pgettext_lazy("a release", "Day"), lambda row: row.released_on or row.planned_on),
            Column("state", gettext_lazy("State"), lambda row: row.get_state_display(), sort="state"),
            Column("told", gettext_lazy("Told on"), lambda row: row.told_at, sort="turn"),
        ],
        filters=[
            Filter("said", gettext_lazy("What I said"), _said, lambda: [(UNREAD, gettext_lazy("nothing yet")), *ReceiptState.choices]),
            Filter("state", gettext_lazy("State"), _state, lambda: [("coming", pgettext_lazy("release", "still to come")), *ReleaseState.choices]),
        ],
        search=lambda rows, text: rows.filter(Q(title__icontains=text) | Q(summary__icontains=text) | Q(version__icontains=text)),
        sort="-told",
    )  # fmt: skip


def _said(rows: Rows, value: str) -> Rows:
    return rows.filter(said=None) if value == UNREAD else rows.filter(said=value)


def _state(rows: Rows, value: str) -> Rows:
    return rows.filter(state__in=UPCOMING) if value == "coming" else rows.filter(state=value)
