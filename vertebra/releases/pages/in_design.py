"""What is being designed, for the whole field: one list with certainty in words."""

import datetime as dt
from typing import Any

from django.db.models import Case, CharField, OuterRef, QuerySet, Subquery, When
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.accounts.together import saved_views
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.kit.text import fold
from vertebra.org.empty_spaces import person_of
from vertebra.org.models import AreaVersion, Market, UnitVersion
from vertebra.org.pages.frame import base
from vertebra.releases.labels.consultations import CERTAINTY_TONES, Certainty
from vertebra.releases.models import Release
from vertebra.releases.queries.audiences import Reading
from vertebra.releases.queries.desk import champion_mandates
from vertebra.releases.queries.in_design import FAR, Places, counts, in_design, places_of, shown, within
from vertebra.roadmap.models import Initiative

PAGE = "in_design"
Rows = QuerySet[Any]


@require_GET
@requires(Right.READ)
def in_design_list(request: PageRequest) -> HttpResponseBase:
    """List what is being designed and what comes out next, the nearest day first."""
    day = clock.today()
    views = saved_views(request.user, PAGE, request.get_full_path())
    rows = in_design(day)
    listing = _list(request, day).read(
        request, _whole(rows, day) if "format" in request.GET else rows, saved_views=views
    )
    if listing.export:
        return listing.export
    bases = {
        True: base("releases:release-show"),
        False: base("roadmap:initiative-show"),
    }
    for row, one in zip(listing.rows, shown(listing.rows, day), strict=True):
        row.told, row.tone = one, CERTAINTY_TONES[one.certainty]
        row.url = f"{bases[one.is_release]}{one.number}/"
    context = {
        "listing": listing,
        "today": day,
        "counts": counts(day) if not listing.is_narrowed else None,
    }
    return render(request, "releases/in_design_list.html", context)


def _whole(rows: Rows, day: dt.date) -> Rows:
    """The same with who leads each and where, for a file: there is no second look at each of its rows."""
    release = Release.objects.filter(pk=OuterRef("object_id"))
    initiative = Initiative.objects.filter(pk=OuterRef("object_id"))
    area = AreaVersion.objects.as_of(day).filter(area=OuterRef("area")).values("name")[:1]
    unit = UnitVersion.objects.as_of(day).filter(unit=OuterRef("owner_unit")).values("name")[:1]
    places = release.annotate(name=Subquery(area)), initiative.annotate(name=Subquery(unit))

    def either(name: str, one: Rows, other: Rows) -> Case:
        return Case(
            When(kind=Kind.RELEASE, then=Subquery(one.values(name)[:1])),
            default=Subquery(other.values(name)[:1]),
            output_field=CharField(),
        )

    found: Rows = rows.annotate(
        lead_name=either("lead__name", release, initiative), place_name=either("name", *places)
    )
    return found


def _list(request: PageRequest, day: dt.date) -> ListOf:
    sure = {one.value: one.label for one in Certainty}
    return ListOf(
        page=PAGE,
        file_name="in-design",
        columns=[
            Column("title", gettext_lazy("What"), lambda row: row.title, sort="title_folded"),
            Column(
                "certainty", gettext_lazy("How sure"), lambda row: str(sure[row.certainty]), sort="certainty"
            ),
            Column("on", gettext_lazy("When"), lambda row: row.on if row.on < FAR else None, sort="on"),
            Column("where", gettext_lazy("Where"), lambda row: row.place_name or ""),
            Column("lead", gettext_lazy("Led by"), lambda row: row.lead_name or ""),
            Column("kind", gettext_lazy("Kind"), lambda row: str(row.get_kind_display()), is_optional=True),
        ],
        filters=_filters(request, day),
        search=lambda rows, text: rows.filter(title_folded__contains=fold(text)),
        sort="on",
    )


def _filters(request: PageRequest, day: dt.date) -> list[Filter]:
    here = Reading(day)

    def mine(rows: Rows, _value: str) -> Rows:
        person = person_of(request.user)
        held = champion_mandates(day).filter(person=person) if person else ()
        return within(rows, places_of(held, here), here)

    return [
        *_by_place(here),
        Filter(
            "certainty",
            gettext_lazy("How sure"),
            lambda rows, value: rows.filter(certainty=value),
            lambda: [(str(one.value), one.label) for one in reversed(Certainty)],
        ),
        _by_day(day),
        Filter(
            "kind",
            gettext_lazy("Kind"),
            lambda rows, value: rows.filter(kind=value),
            lambda: [(str(kind), kind.label) for kind in (Kind.RELEASE, Kind.INITIATIVE)],
        ),
        Filter(
            "mine", gettext_lazy("For"), mine, lambda: [("mandates", gettext_lazy("what I am champion for"))]
        ),
    ]


def _by_place(here: Reading) -> list[Filter]:
    markets = Market.objects.filter(archived_at=None).order_by("name")
    return [
        Filter(
            "area",
            gettext_lazy("Area"),
            lambda rows, value: within(rows, Places(areas=here.areas.under(int(value))), here),
            lambda: [(str(node.id), node.name) for node in here.areas.all()[:80]],
        ),
        Filter(
            "market",
            gettext_lazy("Market"),
            lambda rows, value: within(rows, Places(markets=[int(value)]), here),
            lambda: [(str(pk), name) for pk, name in markets.values_list("pk", "name")[:80]],
        ),
    ]


def _by_day(day: dt.date) -> Filter:
    def when(rows: Rows, value: str) -> Rows:
        if value == "none":
            return rows.filter(on=FAR)
        ahead = {"month": 30, "quarter": 91, "half": 183}[value]
        return rows.filter(on__gte=day, on__lte=day + dt.timedelta(days=ahead))

    return Filter(
        "when",
        gettext_lazy("When"),
        when,
        lambda: [
            ("month", gettext_lazy("within a month")),
            ("quarter", gettext_lazy("within three months")),
            ("half", gettext_lazy("within six months")),
            ("none", gettext_lazy("without a day")),
        ],
    )
