"""How lists of initiatives are narrowed, on pages and by tools alike: one condition for each filter."""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from vertebra.roadmap.models import Involvement
from vertebra.roadmap.queries.standing import OPEN, UNDONE, Standing

Rows = QuerySet[Any]
SOON = dt.timedelta(days=30)


def of_state(rows: Rows, state: str) -> Rows:
    """Those in a state, or everything that is not closed (`open`)."""
    return rows.filter(state__in=OPEN) if state == "open" else rows.filter(state=state)


def placed(rows: Rows, horizon: str) -> Rows:
    """Those placed now, next or later, or nowhere (`none`)."""
    return rows.filter(horizon="" if horizon == "none" else horizon)


def due(rows: Rows, when: str, day: dt.date) -> Rows:
    """Those past their date (`late`), due within thirty days (`month`), or without a date (`none`)."""
    if when == "none":
        return rows.filter(due_on__isnull=True)
    if when == "late":
        return rows.filter(due_on__lt=day, state__in=UNDONE)
    return rows.filter(due_on__range=(day, day + SOON))


def inside(rows: Rows, unit: int, standing: Standing) -> Rows:
    """Those of a unit and of all that is inside it, or in which one of these has a part."""
    units = standing.names.structure.under(unit)
    return rows.filter(Q(owner_unit__in=units) | involves(standing, of_unit__in=units))


def for_market(rows: Rows, market: int | str, standing: Standing) -> Rows:
    """Those that concern a market."""
    return rows.filter(involves(standing, market=market))


def involves(standing: Standing, **who: Any) -> Q:
    """Whether a unit, an area or a market has a part in the initiative of a row."""
    number = "pk__in" if standing.is_today else "initiative__in"
    return Q(**{number: Involvement.objects.filter(**who).values("initiative")})


def measured(rows: Rows, how: str) -> Rows:
    """Those with a baseline (`with`), or started without one (`without`)."""
    if how == "without":
        return rows.exclude(no_baseline_reason="")
    return rows.filter(baseline_at__isnull=False)


def read_from(rows: Rows, place: str) -> Rows:
    """Those written here (`here`), or read from another tool (`tool`)."""
    return rows.filter(source__isnull=place == "here")
