"""The list of consultations: what waits for answers, what waits for an outcome, what became of others."""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import saved_views
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.org.empty_spaces import person_of
from vertebra.org.models import Market
from vertebra.org.pages.frame import base
from vertebra.org.queries.care import Areas
from vertebra.releases.labels.consultations import ConsultationState
from vertebra.releases.models import Consultation, ConsultationAsk
from vertebra.releases.pages.consultation_frame import state_of
from vertebra.releases.queries.consultations import counted_for, counts, placed, with_state

PAGE = "consultations"
Rows = QuerySet[Any]


@require_GET
@requires(Right.READ)
def consultation_list(request: PageRequest) -> HttpResponseBase:
    """List what champions are asked."""
    day = clock.today()
    views = saved_views(request.user, PAGE, request.get_full_path())
    rows = counted_for(Consultation.objects.select_related("asked_by", "market"), request.user)
    listing = _list(request, day).read(request, with_state(placed(rows, day), day), saved_views=views)
    if listing.export:
        return listing.export
    for row in listing.rows:
        row.said, row.tone = state_of(row)
    context = {
        "listing": listing,
        "counts": counts(request.user, day),
        "consultation_base": base("releases:consultation-show"),
        "may_begin": may(request.user, Right.EDIT_ORGANISATION),
    }
    return render(request, "releases/consultation_list.html", context)


def _list(request: PageRequest, day: dt.date) -> ListOf:
    return ListOf(
        page=PAGE,
        file_name="consultations",
        columns=_columns(),
        filters=_filters(request, day),
        search=lambda rows, text: rows.filter(Q(title__icontains=text) | Q(details__icontains=text)),
        sort="-created",
    )


def _columns() -> list[Column]:
    return [
        Column("title", gettext_lazy("About what"), lambda row: row.title, sort="title"),
        Column("state", gettext_lazy("State"), lambda row: state_of(row)[0]),
        Column("answered", gettext_lazy("Answered"), _answered, sort="answered_shown", is_numeric=True),
        Column("asked", gettext_lazy("Asked"), lambda row: row.asked_shown, is_numeric=True, is_optional=True),
        Column("high", gettext_lazy("Changes much"), _high, sort="high_shown", is_numeric=True),
        Column("due", gettext_lazy("Answers help until"), lambda row: row.due_on, sort="due_on"),
        Column("area", gettext_lazy("Area"), lambda row: row.area_name or ""),
        Column("market", gettext_lazy("Market"), lambda row: row.market.name if row.market else "", is_optional=True),
        Column("by", gettext_lazy("Asked by"), lambda row: row.asked_by.name if row.asked_by else ""),
        Column("created", gettext_lazy("Asked on"), lambda row: row.created_at, sort="created_at", is_optional=True),
    ]  # fmt: skip


def _answered(row: Any) -> int | str | None:
    told: int | None = row.answered_told
    return told if told is None or row.is_heard else _("at least %(answered)s") % {"answered": told}


def _high(row: Any) -> int | None:
    return row.high if row.is_heard else None


def _filters(request: PageRequest, day: dt.date) -> list[Filter]:
    areas = Areas.as_of(day)

    def of_me(rows: Rows, value: str) -> Rows:
        if value == "by":
            return rows.filter(made_by=request.user)
        asked = ConsultationAsk.objects.filter(person=person_of(request.user))
        return rows.filter(pk__in=asked.values("consultation"))

    return [
        Filter(
            "state",
            gettext_lazy("State"),
            lambda rows, value: rows.filter(state=value),
            lambda: list(ConsultationState.choices),
        ),
        Filter(
            "mine",
            pgettext_lazy("consultations", "Mine"),
            of_me,
            lambda: [("by", gettext_lazy("I ask")), ("of", gettext_lazy("I am asked"))],
        ),
        Filter(
            "area",
            gettext_lazy("Area"),
            lambda rows, value: rows.filter(area__in=areas.under(int(value))),
            lambda: [(str(node.id), node.name) for node in areas.all()[:80]],
        ),
        Filter("market", gettext_lazy("Market"), lambda rows, value: rows.filter(market=value), _markets),
    ]


def _markets() -> list[tuple[str, str]]:
    rows = Market.objects.filter(archived_at=None).order_by("name")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")[:80]]
