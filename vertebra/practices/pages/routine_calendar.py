"""One calendar of all routines: a month of them, with the hours that they ask of each role."""

import calendar as months
import datetime as dt
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.kit import clock, feeds
from vertebra.kit.numbers import whole_number
from vertebra.kit.tables import table_response
from vertebra.org.empty_spaces import person_of
from vertebra.org.forms.fields import read_day
from vertebra.org.labels import Function
from vertebra.practices.labels.routines import MEETING_TONES
from vertebra.practices.models import Routine
from vertebra.practices.queries.routine_feeds import entries_of
from vertebra.practices.queries.routines import Circle, Load, Occurrence, load, occurrences, routines

MOST_A_DAY = 6


@require_GET
@requires(Right.READ)
def calendar(request: PageRequest) -> HttpResponseBase:
    """Show a month of routines, and the hours that they ask of each function and mandate."""
    today = clock.today()
    asked = read_day(f"{request.GET.get('month', '')}-01") or today
    weeks = months.Calendar().monthdatescalendar(asked.year, asked.month)
    circle, person = Circle.on(today), person_of(request.user)
    rows = _chosen(request, circle, person.pk if person else None)
    held = occurrences(rows, weeks[0][0], weeks[-1][-1])
    first = dt.date(asked.year, asked.month, 1)
    within = [one for one in held if (one.on.year, one.on.month) == (first.year, first.month)]
    parts = [(max(week[0], first), min(week[-1], _last(first))) for week in weeks]
    told = load(within, parts, circle, person.pk if person else None)
    if request.GET.get("format") in {"csv", "xlsx"}:
        return _file(told, parts, request.GET["format"])
    context = {
        "month": first,
        "weeks": [[_day(day, asked, today, held) for day in week] for week in weeks],
        "listed": [_shown(one) for one in within],
        "parts": parts,
        "load": told,
        "previous": _month(asked, -1),
        "next": _month(asked, 1),
        "kept": _kept(request),
        "functions": Function.choices,
        "function": request.GET.get("function", ""),
        "is_mine": request.GET.get("who") == "me",
        "person": person,
        "has_routines": bool(rows) or routines().exists(),
        "may_write": may(request.user, Right.TAKE_PART),
    }
    return render(request, "practices/routine_calendar.html", context)


def _chosen(request: PageRequest, circle: Circle, person: int | None) -> list[Routine]:
    """The routines that the filters leave: mine, of a practice, of which somebody of a function is a part."""
    rows = routines()
    if practice := whole_number(request.GET.get("practice", "")):
        rows = rows.filter(practice=practice)
    found = list(rows)
    if request.GET.get("who") == "me":
        found = [row for row in found if person in circle.people_of(row)]
    if (function := request.GET.get("function", "")) in Function.values:
        found = [row for row in found if circle.count_by_function(circle.people_of(row))[function]]
    return found


def _kept(request: PageRequest) -> str:
    """The filters, for the links to other months."""
    asked = request.GET.copy()
    asked.pop("month", None)
    return f"&{asked.urlencode()}" if asked else ""


def _day(day: dt.date, asked: dt.date, today: dt.date, held: list[Occurrence]) -> dict[str, Any]:
    found = [_shown(one) for one in held if one.on == day]
    return {
        "on": day,
        "is_other": day.month != asked.month,
        "is_today": day == today,
        "rows": found[:MOST_A_DAY],
        "more": max(0, len(found) - MOST_A_DAY),
    }


def _shown(one: Occurrence) -> dict[str, Any]:
    label = one.meeting.get_state_display() if one.meeting else ""
    return {"one": one, "tone": MEETING_TONES.get(one.state, "accent"), "label": label}


def _last(first: dt.date) -> dt.date:
    return dt.date(first.year, first.month, months.monthrange(first.year, first.month)[1])


def _month(day: dt.date, by: int) -> str:
    number = day.year * 12 + day.month - 1 + by
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def _file(told: Load, parts: list[tuple[dt.date, dt.date]], form: str) -> HttpResponseBase:
    """Hours by function and mandate, in all and week by week."""
    header = [_("Function or mandate"), _("People"), _("Hours this month")]
    header += [
        _("Week from %(day)s") % {"day": date_format(first, "SHORT_DATE_FORMAT")} for first, _last in parts
    ]
    rows = [
        (one.label, one.people, _rounded(one.hours), *(_rounded(part) for part in one.parts))
        for one in (*told.functions, *told.roles)
    ]
    return table_response("routine-hours", form, header, rows)


def _rounded(hours: float | None) -> float | None:
    return None if hours is None else round(hours, 2)


@require_GET
@requires(Right.READ)
def calendar_file(request: PageRequest) -> HttpResponseBase:
    """All routines of the last months and the next, as calendars take them."""
    now = clock.now()
    feed = feeds.Feed(
        key="",
        title=_("Routines"),
        address="",
        own_address="",
        language=request.user.language,
        changed_at=now,
        entries=entries_of(routines(), clock.today(now)),
    )
    response = HttpResponse(feeds.calendar(feed), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="routines.ics"'
    return response
