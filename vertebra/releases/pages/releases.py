"""The list of releases: what comes, what is out, what is withdrawn."""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import saved_views
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.kit.numbers import whole_number
from vertebra.org.models import Market
from vertebra.org.pages.frame import base
from vertebra.org.queries.care import Areas
from vertebra.releases.feeds import AREA, CALENDAR
from vertebra.releases.labels.releases import RELEASE_TONES, UPCOMING, ReleaseState
from vertebra.releases.models import Release, Tier
from vertebra.releases.queries.releases import SOON, counts, dated, releases

PAGE = "releases"
# Sorted with all that a release holds (its text, its tier, its lead), thousands of them would take five times as long.
SHOWN = (
    "title", "version", "summary", "language", "state", "planned_on", "released_on", "area", "external_id", "changed_at",
    "tier__name", "tier__slug", "lead__name",
)  # fmt: skip
Rows = QuerySet[Any]
Pairs = list[tuple[str, str | Promise]]


@require_GET
@requires(Right.READ)
def release_list(request: PageRequest) -> HttpResponseBase:
    """List what comes out: what comes next stands first, then what came out last."""
    day = clock.today()
    views = saved_views(request.user, PAGE, request.get_full_path())
    rows = dated(releases()).select_related("lead", "tier").only(*SHOWN)
    areas = Areas.as_of(day)
    listing = _list(request, day, areas).read(request, rows, saved_views=views)
    if listing.export:
        return listing.export
    for row in listing.rows:
        row.area_name = _area_name(row, areas)
        row.tone = RELEASE_TONES[row.state]
        row.shown_on = row.released_on or row.planned_on
        row.is_late = row.state in UPCOMING and row.planned_on is not None and row.planned_on < day
    context = {
        "listing": listing,
        "counts": counts(day),
        "release_base": base("releases:release-show"),
        **_feed(request, areas),
        "may_write": may(request.user, Right.EDIT_ORGANISATION),
        "may_import": may(request.user, Right.IMPORT),
    }
    return render(request, "releases/release_list.html", context)


def _area_name(row: Release, areas: Areas) -> str:
    """What its area is called on the day: from what is remembered of it, not asked of the database for every release."""
    area = areas.get(row.area_id)
    return area.name if area else ""


def _feed(request: PageRequest, areas: Areas) -> dict[str, Any]:
    """What one takes as a feed from here: what comes out in the area that is shown, or all that does."""
    area = areas.get(whole_number(request.GET.get("area", "")))
    if area is None:
        return {"feed_page": CALENDAR.page, "feed_number": 0}
    return {"feed_page": AREA.page, "feed_number": area.id}


def _list(request: PageRequest, day: dt.date, areas: Areas) -> ListOf:
    return ListOf(
        page=PAGE,
        file_name="releases",
        columns=_columns(areas),
        filters=_filters(request, day, areas),
        search=lambda rows, text: rows.filter(Q(title__icontains=text) | Q(version__icontains=text)),
        sort="-on",
    )


def _columns(areas: Areas) -> list[Column]:
    return [
        Column("title", gettext_lazy("Release"), lambda row: row.title, sort="title"),
        Column("version", gettext_lazy("Version"), lambda row: row.version, sort="version"),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display(), sort="state"),
        Column("on", pgettext_lazy("a release", "Day"), lambda row: row.released_on or row.planned_on, sort="on"),
        Column("tier", pgettext_lazy("release", "Tier"), lambda row: str(row.tier), sort="tier__position"),
        Column("area", gettext_lazy("Area"), lambda row: _area_name(row, areas)),
        Column("lead", gettext_lazy("Led by"), lambda row: row.lead.name if row.lead else ""),
        Column("summary", gettext_lazy("In one sentence"), lambda row: row.summary, is_optional=True),
        Column("changed", gettext_lazy("Changed"), lambda row: row.changed_at, sort="changed_at", is_optional=True),
        Column("external", gettext_lazy("Number in its own tool"), lambda row: row.external_id, is_optional=True),
    ]  # fmt: skip


def _filters(request: PageRequest, day: dt.date, areas: Areas) -> list[Filter]:
    def inside(rows: Rows, value: str) -> Rows:
        return rows.filter(area=None) if value == "none" else rows.filter(area__in=areas.under(int(value)))

    def led(rows: Rows, value: str) -> Rows:
        return rows.filter(lead__user=request.user) if value == "me" else rows.filter(lead=None)

    places: Pairs = [(str(node.id), node.name) for node in areas.all()[:80]]
    people: Pairs = [("me", gettext_lazy("me")), ("nobody", pgettext_lazy("lead", "nobody"))]
    nowhere: Pairs = [("none", pgettext_lazy("a choice", "none"))]
    return [
        Filter("state", gettext_lazy("State"), _of_state, _states),
        Filter("when", pgettext_lazy("a release", "When"), _when(day), _whens),
        Filter("tier", pgettext_lazy("release", "Tier"), lambda rows, value: rows.filter(tier=value), _tiers),
        Filter("area", gettext_lazy("Area"), inside, lambda: [*places, *nowhere]),
        Filter(
            "market",
            gettext_lazy("Market"),
            lambda rows, value: rows.filter(Q(markets__market=value) | Q(markets=None)),
            _markets,
        ),
        Filter("lead", gettext_lazy("Led by"), led, lambda: people),
        Filter("origin", gettext_lazy("Origin"), _read_from, _origins),
    ]


def _of_state(rows: Rows, value: str) -> Rows:
    return rows.filter(state__in=UPCOMING) if value == "coming" else rows.filter(state=value)


def _states() -> Pairs:
    return [("coming", gettext_lazy("everything to come")), *ReleaseState.choices]


def _when(day: dt.date) -> Any:
    def asked(rows: Rows, value: str) -> Rows:
        coming = rows.filter(state__in=UPCOMING)
        if value == "late":
            return coming.filter(planned_on__lt=day)
        if value == "soon":
            return coming.filter(planned_on__gte=day, planned_on__lte=day + SOON)
        if value == "undated":
            return coming.filter(planned_on=None)
        return rows.filter(released_on__gt=day - dt.timedelta(days=30))

    return asked


def _whens() -> Pairs:
    return [
        ("soon", gettext_lazy("within two weeks")),
        ("late", gettext_lazy("past its day")),
        ("undated", gettext_lazy("without a day")),
        ("out", gettext_lazy("out for thirty days or less")),
    ]


def _tiers() -> Pairs:
    return [(str(tier.pk), str(tier)) for tier in Tier.objects.all()]


def _markets() -> Pairs:
    rows = Market.objects.filter(archived_at=None).order_by("name")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")[:80]]


def _read_from(rows: Rows, value: str) -> Rows:
    return rows.filter(source__isnull=value == "here")


def _origins() -> Pairs:
    return [("here", gettext_lazy("written here")), ("tool", gettext_lazy("read from another tool"))]
