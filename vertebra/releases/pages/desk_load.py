"""The load of Product Champions, for Product Ops: minutes asked against hours agreed, and where there is no champion."""

import datetime as dt
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
from vertebra.kit.text import fold
from vertebra.org.empty_spaces import open_spaces, title_of
from vertebra.org.labels import SPACE_TONES, Function, SpaceRule
from vertebra.org.models import Market
from vertebra.org.pages.frame import base
from vertebra.org.queries.care import Areas
from vertebra.releases.queries.desk import IS_OVER, champion_mandates, held_and_over, with_load

PAGE = "champions"
GAPS = 12
# Mandates that end so soon are seen in time to find who follows.
SOON = dt.timedelta(days=60)
Rows = QuerySet[Any]


@require_GET
@requires(Right.PRODUCT_OPS)
def champion_list(request: PageRequest) -> HttpResponseBase:
    """List the mandates of champions with their load, and what has none."""
    day = clock.today()
    views = saved_views(request.user, PAGE, request.get_full_path())
    rows = with_load(champion_mandates(day).select_related("person"), day)
    listing = _list(day).read(request, rows, saved_views=views)
    if listing.export:
        return listing.export
    functions = dict(Function.choices)
    for row in listing.rows:
        row.function_label = functions.get(row.function, "")
        row.is_over = bool(row.agreed) and row.minutes > row.agreed
    gaps = open_spaces().filter(rule=SpaceRule.NO_CHAMPION).order_by("state", "-pk")
    found = list(gaps[: GAPS + 1])
    held, over = held_and_over(day)
    context = {
        "listing": listing,
        "total": held,
        "over": over,
        "gaps": [
            {"row": one, "title": title_of(one), "tone": SPACE_TONES[one.state]} for one in found[:GAPS]
        ],
        "has_more_gaps": len(found) > GAPS,
        "desk_base": base("releases:desk-of"),
    }
    return render(request, "releases/champion_list.html", context)


def _list(day: dt.date) -> ListOf:
    return ListOf(
        page=PAGE,
        file_name="champions",
        columns=[
            Column("name", gettext_lazy("Champion"), lambda row: row.person.name, sort="person__name_folded"),
            Column("place", gettext_lazy("For"), lambda row: row.place or "", sort="place"),
            Column("function", gettext_lazy("Trade"), lambda row: str(row.get_function_display())),
            Column(
                "minutes",
                gettext_lazy("Minutes this month"),
                lambda row: row.minutes,
                sort="minutes",
                is_numeric=True,
            ),
            Column(
                "agreed",
                gettext_lazy("Minutes agreed"),
                lambda row: row.agreed or None,
                sort="agreed",
                is_numeric=True,
            ),
            Column(
                "waiting",
                gettext_lazy("Answers awaited"),
                lambda row: row.waiting,
                sort="waiting",
                is_numeric=True,
            ),
            Column("until", pgettext_lazy("a mandate", "Until"), lambda row: row.ends_on, is_optional=True),
        ],
        filters=_filters(day),
        search=lambda rows, text: rows.filter(
            Q(person__name_folded__contains=fold(text)) | Q(place__icontains=text)
        ),
        sort="-minutes",
    )


def _filters(day: dt.date) -> list[Filter]:
    def loaded(rows: Rows, value: str) -> Rows:
        if value == "over":
            return rows.filter(IS_OVER)
        return rows.filter(hours_per_month=None) if value == "none" else rows.filter(minutes=0)

    return [
        Filter(
            "load",
            pgettext_lazy("of a champion", "Load"),
            loaded,
            lambda: [
                ("over", gettext_lazy("more than agreed")),
                ("idle", gettext_lazy("not asked this month")),
                ("none", gettext_lazy("no hours agreed")),
            ],
        ),
        Filter(
            "function",
            gettext_lazy("Trade"),
            lambda rows, value: rows.filter(function=value),
            lambda: Function.choices,
        ),
        *_by_place(day),
        Filter(
            "ending",
            pgettext_lazy("a mandate", "Until"),
            lambda rows, _value: rows.filter(ends_on__lte=day + SOON),
            lambda: [("soon", gettext_lazy("ends within two months"))],
        ),
    ]


def _by_place(day: dt.date) -> list[Filter]:
    areas = Areas.as_of(day)
    markets = Market.objects.filter(archived_at=None).order_by("name")
    return [
        Filter(
            "area",
            gettext_lazy("Area"),
            lambda rows, value: rows.filter(area__in=areas.under(int(value))),
            lambda: [(str(node.id), node.name) for node in areas.all()[:80]],
        ),
        Filter(
            "market",
            gettext_lazy("Market"),
            lambda rows, value: rows.filter(market=value),
            lambda: [(str(pk), name) for pk, name in markets.values_list("pk", "name")[:80]],
        ),
    ]
