"""The calendar of what comes out: a month with its freezes, as a page and as a calendar file; freezes."""

import calendar as months
import datetime as dt
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.kit import clock, feeds
from vertebra.org.forms.fields import read_day
from vertebra.org.pages.frame import Ask, answer, do
from vertebra.org.queries.care import Areas
from vertebra.releases.actions import gates
from vertebra.releases.feeds import calendar_entries
from vertebra.releases.forms.releases import FreezeForm
from vertebra.releases.labels.releases import RELEASE_TONES, UPCOMING
from vertebra.releases.models import FreezeWindow
from vertebra.releases.pages.frame import FORM_PAGE
from vertebra.releases.queries.calendar import in_calendar
from vertebra.releases.queries.freezes import freezes_between
from vertebra.releases.queries.releases import named

MOST_A_DAY = 6
MOST_A_MONTH = 400


@require_GET
@requires(Right.READ)
def calendar(request: PageRequest) -> HttpResponseBase:
    """Show a month of what comes out, and the days on which nothing does."""
    today = clock.today()
    asked = read_day(f"{request.GET.get('month', '')}-01") or today
    weeks = months.Calendar().monthdatescalendar(asked.year, asked.month)
    first, last = weeks[0][0], weeks[-1][-1]
    rows = list(named(in_calendar(first, last), today).select_related("tier")[:MOST_A_MONTH])
    for row in rows:
        row.on, row.tone = row.released_on or row.planned_on, RELEASE_TONES[row.state]  # type: ignore[attr-defined]
        row.is_late = row.state in UPCOMING and row.on < today  # type: ignore[attr-defined]
    rows.sort(key=lambda row: (row.on, row.pk))  # type: ignore[attr-defined]
    freezes, areas = freezes_between(first, last), Areas.as_of(today)
    for one in freezes:
        node = areas.get(one.area_id)
        one.place = node.name if node else (one.market.name if one.market else "")  # type: ignore[attr-defined]
    context = {
        "month": dt.date(asked.year, asked.month, 1),
        "weeks": [[_day(day, asked, today, rows, freezes) for day in week] for week in weeks],
        "listed": [row for row in rows if (row.on.year, row.on.month) == (asked.year, asked.month)],  # type: ignore[attr-defined]
        "freezes": freezes,
        "previous": _month(asked, -1),
        "next": _month(asked, 1),
        "today": today,
        "file_url": reverse("releases:calendar-file"),
        "may_freeze": may(request.user, Right.PRODUCT_OPS),
        "may_write": may(request.user, Right.EDIT_ORGANISATION),
    }
    return render(request, "releases/calendar.html", context)


def _day(
    day: dt.date, asked: dt.date, today: dt.date, rows: list[Any], freezes: list[FreezeWindow]
) -> dict[str, Any]:
    found = [row for row in rows if row.on == day]
    return {
        "on": day,
        "is_other": day.month != asked.month,
        "is_today": day == today,
        "rows": found[:MOST_A_DAY],
        "more": max(0, len(found) - MOST_A_DAY),
        "freezes": [one for one in freezes if one.from_on <= day <= one.until_on],
    }


def _month(day: dt.date, by: int) -> str:
    number = day.year * 12 + day.month - 1 + by
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


@require_GET
@requires(Right.READ)
def calendar_file(request: PageRequest) -> HttpResponseBase:
    """What comes out in the coming year and came out in the last months, as calendars take it."""
    now = clock.now()
    written = feeds.calendar(
        feeds.Feed(
            key="",
            title=_("What comes out"),
            address="",
            own_address="",
            language=request.user.language,
            changed_at=now,
            entries=calendar_entries(request.user, 0, now),
        )
    )
    response = HttpResponse(written, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="releases.ics"'
    return response


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def freeze_create(request: PageRequest) -> HttpResponseBase:
    """Keep days on which nothing comes out."""
    now = clock.now()
    url = reverse("releases:calendar")
    ask = Ask(
        form=FreezeForm(request.POST or None, areas=Areas.as_of(clock.today(now))),
        act=lambda given: gates.add_freeze(actor=request.user, now=now, **given),
        heading=_("Days on which nothing comes out"),
        submit=_("Keep them free"),
        done=_("%(name)s: nothing comes out on these days, unless somebody says why."),
        cancel_url=url,
        back=lambda _entry: url,
        template=FORM_PAGE,
    )
    return answer(request, ask)


@require_POST
@requires(Right.PRODUCT_OPS)
def freeze_lifting(request: PageRequest, freeze_id: int) -> HttpResponseBase:
    """Say that a freeze does not hold after all."""
    row = get_object_or_404(FreezeWindow, pk=freeze_id)
    return do(
        request,
        lambda: gates.lift_freeze(actor=request.user, freeze=row, now=clock.now()),
        _("%(name)s does not hold any more."),
        reverse("releases:calendar"),
    )
