"""Addresses of routines, of the time that is asked, of what is handed over."""

from django.urls import URLPattern, path

from vertebra.practices.pages import (
    meetings,
    practice_routines,
    routine_calendar,
    routine_forms,
    routines,
    self_supporting,
    time_asked,
)

ONE = "practices/routines/<int:routine_id>/"
MEETING = f"{ONE}meetings/<str:day>/"
HAND_OVER = "practices/hand-overs/<int:hand_over_id>/"

urlpatterns: list[URLPattern] = [
    path("practices/routines/", routines.routine_list, name="routine-list"),
    path("practices/routines/new/", routine_forms.routine_create, name="routine-create"),
    path("practices/routines/calendar/", routine_calendar.calendar, name="routine-calendar"),
    path(
        "practices/routines/calendar/routines.ics",
        routine_calendar.calendar_file,
        name="routine-calendar-file",
    ),
    path("practices/routines/decisions/", routines.decision_list, name="meeting-decisions"),
    path(
        "practices/routines/decisions/<int:decision_id>/settling/",
        routines.decision_settling,
        name="meeting-decision-settling",
    ),
    path(ONE, routines.routine_page, name="routine-show"),
    path(f"{ONE}edit/", routine_forms.routine_edit, name="routine-edit"),
    path(f"{ONE}archiving/", routine_forms.routine_archiving, name="routine-archiving"),
    path(f"{ONE}restoration/", routine_forms.routine_restoration, name="routine-restoration"),
    path(f"{MEETING}notes/", meetings.notes, name="meeting-notes"),
    path(f"{MEETING}moving/", meetings.moving, name="meeting-moving"),
    path(f"{MEETING}cancelling/", meetings.cancelling, name="meeting-cancelling"),
    path(
        "practices/<int:practice_id>/routines/",
        practice_routines.practice_routines,
        name="practice-routines",
    ),
    path(
        "practices/<int:practice_id>/time-asked/",
        practice_routines.practice_time,
        name="practice-time",
    ),
    path("practices/time-asked/", time_asked.time_asked, name="time-asked"),
    path("practices/time-asked/ceilings/", time_asked.ceiling, name="time-ceiling"),
    path("practices/without-product-ops/", self_supporting.self_supporting, name="self-supporting"),
    path("practices/hand-overs/new/", self_supporting.hand_over_create, name="hand-over-create"),
    path(f"{HAND_OVER}taking/", self_supporting.hand_over_taking, name="hand-over-taking"),
    path(f"{HAND_OVER}stopping/", self_supporting.hand_over_stopping, name="hand-over-stopping"),
]
