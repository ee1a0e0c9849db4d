"""Routines: the list, one of them with its next meetings, what was noted and decided; decisions of all."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import discussion, saved_views
from vertebra.kit import clock, markdown
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.kit.numbers import whole_number
from vertebra.org.empty_spaces import person_of
from vertebra.org.labels import Function
from vertebra.org.pages.frame import base, do
from vertebra.org.queries.structure import Structure
from vertebra.practices.actions import meetings as actions
from vertebra.practices.labels.routines import MEETING_TONES, MeetingState, Rhythm
from vertebra.practices.models import Meeting, MeetingDecision, Participant, Practice, Routine
from vertebra.practices.queries.routine_feeds import AFTER, mine
from vertebra.practices.queries.routines import (
    Circle,
    Occurrence,
    held_between,
    may_change,
    may_note,
    occurrences,
    routines,
    with_people,
    written_in,
)

PAGE, DECISIONS = "routines", "meeting_decisions"
SHOWN_NEXT, SHOWN_HELD = 6, 12
MONTH = dt.timedelta(days=31)


@require_GET
@requires(Right.READ)
def routine_list(request: PageRequest) -> HttpResponseBase:
    """List the routines in use."""
    day = clock.today()
    listing = _list(request).read(
        request, routines(), saved_views=saved_views(request.user, PAGE, request.get_full_path())
    )
    if listing.export:
        return listing.export
    following = next_of(list(listing.rows))
    for row in listing.rows:
        row.next = following.get(row.pk)
    context = {
        "listing": listing,
        "day": day,
        "routine_base": base("practices:routine-show"),
        "may_write": may(request.user, Right.TAKE_PART),
        "has_person": person_of(request.user) is not None,
    }
    return render(request, "practices/routine_list.html", context)


def _list(request: PageRequest) -> ListOf:
    return ListOf(
        page=PAGE,
        file_name="routines",
        columns=[
            Column("title", gettext_lazy("Routine"), lambda row: row.title, sort="title"),
            Column("rhythm", gettext_lazy("How often"), lambda row: row.get_rhythm_display()),
            Column("next", pgettext_lazy("a meeting", "Next"), lambda row: next_of([row]).get(row.pk)),
            Column("minutes", gettext_lazy("Minutes"), lambda row: row.minutes, sort="minutes", is_numeric=True),
            Column("lead", pgettext_lazy("a moment", "Led by"), lambda row: row.lead.name if row.lead else ""),
            Column("practice", gettext_lazy("Practice"), lambda row: row.practice.name if row.practice else ""),
        ],
        filters=[
            Filter("rhythm", gettext_lazy("How often"), lambda rows, value: rows.filter(rhythm=value), lambda: Rhythm.choices),
            Filter("practice", gettext_lazy("Practice"), _of_practice, _practices),
            Filter("unit", gettext_lazy("Unit"), _of_unit, _units),
            Filter(
                "function", gettext_lazy("Function"),
                lambda rows, value: rows.filter(pk__in=Participant.objects.filter(function=value).values("routine")),
                lambda: Function.choices,
            ),
            Filter(
                "who", gettext_lazy("People"),
                lambda rows, _value: rows.filter(pk__in=[row.pk for row in mine(request.user, clock.today())]),
                lambda: [("me", gettext_lazy("I take part"))],
            ),
        ],
        search=lambda rows, text: rows.filter(title__icontains=text),
        sort="title",
    )  # fmt: skip


def _of_practice(rows: "QuerySet[Routine]", value: str) -> "QuerySet[Routine]":
    return rows.filter(practice=whole_number(value) or 0)


def _practices() -> list[tuple[str, str]]:
    held = Practice.objects.filter(routines__archived_at=None, routines__isnull=False).distinct()
    return [(str(pk), name) for pk, name in held.order_by("name").values_list("pk", "name")]


def _of_unit(rows: "QuerySet[Routine]", value: str) -> "QuerySet[Routine]":
    units = Structure.as_of(clock.today(), with_members=False).under(whole_number(value) or 0)
    return rows.filter(pk__in=Participant.objects.filter(unit__in=units).values("routine"))


def _units() -> list[tuple[str, str]]:
    structure = Structure.as_of(clock.today(), with_members=False)
    held = Participant.objects.filter(routine__archived_at=None, unit__isnull=False)
    named = {node.id: node.name for pk in held.values_list("unit", flat=True) if (node := structure.get(pk))}
    return [(str(pk), name) for pk, name in sorted(named.items(), key=lambda one: one[1])]


def next_of(rows: list[Routine]) -> dict[int, dt.datetime]:
    """When each of these is held next."""
    now = clock.now()
    today = clock.today(now)
    found: dict[int, dt.datetime] = {}
    for one in occurrences(rows, today, today + AFTER):
        if one.at >= now and not one.is_cancelled:
            found.setdefault(one.routine.pk, one.at)
    return found


@require_GET
@requires(Right.READ)
def routine_page(request: PageRequest, routine_id: int) -> HttpResponseBase:
    """Show a routine: its next meetings, its agenda, what its latest meetings noted and decided."""
    undone = Count("meetings__decisions", filter=Q(meetings__decisions__done_at=None))
    rows: QuerySet[Any] = Routine.objects.annotate(open_decisions=undone)
    row: Any = get_object_or_404(with_people(rows), pk=routine_id)
    now = clock.now()
    day = clock.today(now)
    circle = Circle.on(day)
    meetings = _meetings(row, day)
    around = held_between({row.pk: row}, day - MONTH, day + AFTER, meetings) if not row.archived_at else []
    can_change = may_change(request.user, row)
    context = {
        "row": row,
        "coming": [_shown(one) for one in around if one.at >= now][:SHOWN_NEXT],
        "held": [_held(one) for one in meetings if one.state == MeetingState.HELD][:SHOWN_HELD],
        "waiting": _unwritten(around, now),
        "open_decisions": row.open_decisions,
        "agenda": markdown.render(row.agenda) if row.agenda else "",
        "participants": [said(one, circle.structure) for one in row.participants.all()],
        "people": len(circle.people_of(row)),
        "can_change": can_change and row.archived_at is None,
        "can_restore": can_change and row.archived_at is not None,
        "can_note": may_note(request.user, row, day, circle) and row.archived_at is None,
        "today": day,
        "discussion": discussion(request.user, Kind.ROUTINE, row.pk, now),
    }
    return render(request, "practices/routine.html", context)


def _shown(one: Occurrence) -> dict[str, Any]:
    label = one.meeting.get_state_display() if one.meeting else ""
    return {"one": one, "label": label, "tone": MEETING_TONES.get(one.state, "neutral")}


def _held(one: Meeting) -> dict[str, Any]:
    return {
        "row": one,
        "notes": markdown.render(one.noted) if one.noted.strip() else "",
        "decisions": list(one.decisions.all()),
    }


def _meetings(row: Routine, day: dt.date) -> list[Meeting]:
    """What was written of its meetings of the months around a day, and its latest that were held, the latest first."""
    latest = row.meetings.filter(state=MeetingState.HELD)[:SHOWN_HELD]
    shown = row.meetings.filter(written_in(day - MONTH, day + AFTER) | Q(pk__in=latest.values("pk")))
    decisions = Prefetch("decisions", MeetingDecision.objects.select_related("person"))
    return list(shown.prefetch_related(decisions))


def _unwritten(around: list[Occurrence], now: dt.datetime) -> list[Occurrence]:
    """The latest meetings of which nothing was written, the latest first."""
    past = [one for one in around if one.at < now]
    return [one for one in reversed(past) if one.meeting is None or one.state == MeetingState.MOVED][:3]


def said(one: Participant, structure: Structure) -> dict[str, Any]:
    """Who takes part, in words: a person, or the rule that means some."""
    if one.person:
        return {"person": one.person, "words": one.person.name}
    node = structure.get(one.unit_id)
    parts = [
        str(one.get_role_display()) if one.role else "",
        str(one.get_function_display()) if one.function else "",
        node.name if node else "",
    ]
    words = " · ".join(part for part in parts if part)
    return {"person": None, "unit_id": node.id if node else None, "words": words}


@require_GET
@requires(Right.READ)
def decision_list(request: PageRequest) -> HttpResponseBase:
    """List what the meetings of all routines decided, the latest first."""
    rows = MeetingDecision.objects.select_related("person", "meeting__routine")
    listing = _decisions(request).read(request, rows)
    if listing.export:
        return listing.export
    day = clock.today()
    for row in listing.rows:
        row.is_late = row.done_at is None and row.due_on is not None and row.due_on < day
        row.can_settle = may_settle(request, row)
    context = {"listing": listing, "routine_base": base("practices:routine-show")}
    context["waiting"] = MeetingDecision.objects.filter(done_at=None).count()
    return render(request, "practices/decision_list.html", context)


def _decisions(request: PageRequest) -> ListOf:
    return ListOf(
        page=DECISIONS,
        file_name="decisions",
        columns=[
            Column("line", gettext_lazy("Decision"), lambda row: row.line),
            Column("routine", gettext_lazy("Routine"), lambda row: row.meeting.routine.title, sort="meeting__routine__title"),
            Column("on", pgettext_lazy("a decision", "Decided on"), lambda row: row.meeting.at, sort="meeting__at"),
            Column("who", gettext_lazy("Who"), lambda row: row.person.name if row.person else ""),
            Column("by", pgettext_lazy("a decision", "By"), lambda row: row.due_on),
            Column("state", gettext_lazy("State"), lambda row: _("done") if row.done_at else _("to do")),
        ],
        filters=[
            Filter(
                "state", gettext_lazy("State"),
                lambda rows, value: rows.filter(done_at__isnull=value != "done"),
                lambda: [("open", gettext_lazy("to do")), ("done", gettext_lazy("done"))],
            ),
            Filter(
                "routine", gettext_lazy("Routine"),
                lambda rows, value: rows.filter(meeting__routine=whole_number(value) or 0),
                lambda: [(str(pk), title) for pk, title in routines().order_by("title").values_list("pk", "title")],
            ),
            Filter(
                "who", gettext_lazy("Who"),
                lambda rows, _value: rows.filter(person=person_of(request.user) or 0),
                lambda: [("me", gettext_lazy("mine"))],
            ),
        ],
        search=lambda rows, text: rows.filter(line__icontains=text),
        sort="-on",
    )  # fmt: skip


def may_settle(request: PageRequest, row: MeetingDecision) -> bool:
    """Whether somebody may say that a decision is done: who does it, and who may change the routine."""
    person = person_of(request.user) if may(request.user, Right.TAKE_PART) else None
    is_theirs = person is not None and person.pk == row.person_id
    return is_theirs or may_change(request.user, row.meeting.routine)


@require_POST
@requires(Right.TAKE_PART)
def decision_settling(request: PageRequest, decision_id: int) -> HttpResponseBase:
    """Say that what was decided is done, or is not after all."""
    rows = MeetingDecision.objects.select_related("meeting__routine")
    row = get_object_or_404(rows, pk=decision_id)
    if not may_settle(request, row):
        raise PermissionDenied
    is_done = row.done_at is None
    return do(
        request,
        lambda: actions.settle_decision(actor=request.user, decision=row, is_done=is_done, now=clock.now()),
        _("Done.") if is_done else _("To be done again."),
        reverse("practices:meeting-decisions"),
    )
