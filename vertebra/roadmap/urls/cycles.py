"""Addresses of quarterly tables: their steps, their seats, rankings, the room, results, decisions."""

from django.urls import URLPattern, path

from vertebra.roadmap.pages import cycle_results, cycle_rooms, cycle_verbs, cycles, decisions, ranking, seats

ALL = "roadmap/tables/"
ONE = f"{ALL}<int:cycle_id>/"
SEAT = f"{ONE}seats/<int:seat_id>/"
DECISION = "roadmap/decisions/<int:decision_id>/"
ROOM = "roadmap/room/<str:token>/"

urlpatterns: list[URLPattern] = [
    path(ALL, cycles.cycle_list, name="cycle-list"),
    path(f"{ALL}new/", cycles.cycle_create, name="cycle-create"),
    path(ONE, cycles.cycle_page, name="cycle-show"),
    path(f"{ONE}edit/", cycles.cycle_edit, name="cycle-edit"),
    path(f"{ONE}topics/", cycle_verbs.table, name="cycle-table"),
    path(f"{ONE}freezing/", cycle_verbs.freezing, name="cycle-freezing"),
    path(f"{ONE}opening/", cycle_verbs.opening, name="cycle-opening"),
    path(f"{ONE}reveal/", cycle_verbs.reveal, name="cycle-reveal"),
    path(f"{ONE}publishing/", cycle_verbs.publishing, name="cycle-publishing"),
    path(f"{ONE}reopening/", cycle_verbs.reopening, name="cycle-reopening"),
    path(f"{ONE}archiving/", cycle_verbs.archiving, name="cycle-archiving"),
    path(f"{ONE}ballots/", cycle_verbs.ballots, name="cycle-ballots"),
    path(f"{ONE}ballots/removal/", cycle_verbs.ballot_removal, name="cycle-ballot-removal"),
    path(f"{ONE}seats/", seats.seat_list, name="seat-list"),
    path(f"{ONE}seats/sending/", seats.sending, name="seat-sending"),
    path(f"{SEAT}ending/", seats.ending, name="seat-ending"),
    path(f"{SEAT}delegation/", seats.delegation, name="seat-delegation"),
    path(f"{SEAT}link/", seats.seat_link, name="seat-link"),
    path(f"{ONE}ranking/", ranking.rank, name="cycle-rank"),
    path("roadmap/ranking/<str:token>/", ranking.rank_by_link, name="rank-by-link"),
    path(f"{ONE}room/", cycle_rooms.room, name="cycle-room"),
    path(f"{ONE}room/opening/", cycle_rooms.room_opening, name="cycle-room-opening"),
    path(f"{ONE}room/closing/", cycle_rooms.room_closing, name="cycle-room-closing"),
    path(ROOM, cycle_rooms.inside, name="room-inside"),
    path(f"{ROOM}state/", cycle_rooms.room_state, name="room-state"),
    path(f"{ROOM}act/", cycle_rooms.room_act, name="room-act"),
    path(f"{ONE}result/", cycle_results.result_page, name="cycle-result"),
    path(f"{ONE}decisions/", cycle_results.arbitration, name="arbitration"),
    path(f"{ONE}decisions/rest/", decisions.rest, name="decision-rest"),
    path(f"{ONE}decisions/<int:topic_id>/", decisions.decision_create, name="decision-create"),
    path(DECISION, decisions.decision_page, name="decision-show"),
    path(f"{DECISION}telling/", decisions.telling, name="decision-telling"),
    path(f"{DECISION}carrying-out/", decisions.carrying_out, name="decision-carrying-out"),
]
