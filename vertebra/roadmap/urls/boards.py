"""Addresses of the views of the roadmap: boards, timeline, what changed, what slipped, shared views."""

from django.urls import URLPattern, path

from vertebra.roadmap.pages import boards, changes, roadmap_links, timeline

urlpatterns: list[URLPattern] = [
    path("roadmap/initiatives/board/", boards.board, name="board"),
    path("roadmap/initiatives/board/place/", boards.place, name="board-place"),
    path("roadmap/initiatives/states/", boards.state_board, name="state-board"),
    path("roadmap/initiatives/timeline/", timeline.timeline, name="timeline"),
    path("roadmap/initiatives/changes/", changes.change_list, name="change-list"),
    path("roadmap/initiatives/slips/", changes.slip_list, name="slip-list"),
    path("roadmap/initiatives/links/", roadmap_links.link_list, name="roadmap-link-list"),
    path(
        "roadmap/links/<int:link_id>/revocation/",
        roadmap_links.link_revocation,
        name="roadmap-link-revocation",
    ),
    path("roadmap/shared/<str:token>/", roadmap_links.roadmap_by_link, name="roadmap-by-link"),
]
