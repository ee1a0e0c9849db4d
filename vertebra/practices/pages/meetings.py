"""One meeting of a routine: its notes and decisions, holding it at another moment, not holding it."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.forms import BaseFormSet, formset_factory
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.org.forms.fields import read_day
from vertebra.org.pages.frame import Ask, answer, done
from vertebra.practices.actions import meetings as actions
from vertebra.practices.forms.routines import CancelForm, DecidedForm, MoveForm, NotesForm
from vertebra.practices.models import Meeting, Routine
from vertebra.practices.pages.routine_forms import changeable, page_of
from vertebra.practices.queries.routines import due_at, may_note

FORM_PAGE = "practices/meeting_form.html"
LINES = 3


def _asked(row: Routine, day: str) -> tuple[dt.date, Meeting | None, dt.datetime]:
    """The day that an address names, what was written of its meeting, and when it begins."""
    on = read_day(day)
    if on is None:
        raise Http404
    meeting = row.meetings.filter(due_on=on).first()
    at = meeting.at if meeting else due_at(row, on)
    if at is None:
        raise Http404
    return on, meeting, at


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def notes(request: PageRequest, routine_id: int, day: str) -> HttpResponseBase:
    """Write what a meeting noted and decided."""
    row = get_object_or_404(Routine.objects.select_related("lead"), pk=routine_id)
    now = clock.now()
    if not may_note(request.user, row, clock.today(now)):
        raise PermissionDenied
    on, meeting, at = _asked(row, day)
    form = NotesForm(request.POST or None, initial=_begun(row, meeting))
    lines = _lines(request)
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        decided = [found for one in lines.forms if (found := one.decided()) is not None]
        try:
            entry = actions.hold_meeting(
                actor=request.user, routine=row, due_on=on, decisions=decided, now=now, **form.cleaned_data
            )
        except NothingChanges:
            return redirect(page_of(row))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, _("Noted."), entry, f"{page_of(row)}#meetings")
    context = {
        "row": row,
        "meeting": meeting,
        "decided": list(meeting.decisions.select_related("person")) if meeting else [],
        "at": at,
        "form": form,
        "lines": lines,
        "cancel_url": page_of(row),
        "draft": f"meeting-{row.pk}-{on.isoformat()}",
    }
    return render(request, "practices/meeting.html", context, status=422 if form.is_bound else 200)


def _begun(row: Routine, meeting: Meeting | None) -> dict[str, Any]:
    """What was noted, or the agenda to note under."""
    if meeting is not None and meeting.state == "held":
        return {
            "notes": meeting.noted,
            "people_count": meeting.people_count,
            "language": meeting.language,
        }
    return {"notes": row.agenda, "language": (get_language() or "fr")[:2]}


def _lines(request: PageRequest) -> BaseFormSet[DecidedForm]:
    made = formset_factory(DecidedForm, extra=LINES, max_num=LINES, absolute_max=LINES)
    return made(request.POST or None, prefix="decisions")


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def moving(request: PageRequest, routine_id: int, day: str) -> HttpResponseBase:
    """Hold one meeting at another moment."""
    row = changeable(request, routine_id)
    on, meeting, at = _asked(row, day)
    local = at.astimezone(ZoneInfo(row.zone))
    initial = {"day": local.date(), "hour": local.time(), "reason": meeting.reason if meeting else ""}
    form = MoveForm(request.POST or None, initial=initial, zone=row.zone)
    ask = Ask(
        form=form,
        act=lambda given: actions.move_meeting(
            actor=request.user, routine=row, due_on=on, to=form.moment(), reason=given["reason"],
            now=clock.now(),
        ),
        heading=_("Hold it at another moment"),
        submit=pgettext("a meeting", "Move it"),
        done=_("Moved: calendars take it."),
        cancel_url=page_of(row),
        back=lambda _entry: page_of(row),
        intro=_("The hour is that of %(zone)s.") % {"zone": row.zone},
        template=FORM_PAGE,
    )  # fmt: skip
    return answer(request, ask, row=row)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def cancelling(request: PageRequest, routine_id: int, day: str) -> HttpResponseBase:
    """Do not hold one meeting."""
    row = changeable(request, routine_id)
    on, _meeting, _at = _asked(row, day)
    ask = Ask(
        form=CancelForm(request.POST or None),
        act=lambda given: actions.cancel_meeting(
            actor=request.user, routine=row, due_on=on, reason=given["reason"], now=clock.now()
        ),
        heading=_("Not held this time"),
        submit=_("Cancel this meeting"),
        done=_("Cancelled: calendars take it out."),
        cancel_url=page_of(row),
        back=lambda _entry: page_of(row),
        template=FORM_PAGE,
    )
    return answer(request, ask, row=row)
