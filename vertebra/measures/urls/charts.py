"""Addresses of boards, charts and dashboards of other tools."""

from django.urls import URLPattern, path

from vertebra.measures.pages import boards, dashboards

_BOARD = "measures/boards/<int:board_id>/"
_CHART = f"{_BOARD}charts/<int:chart_id>/"

urlpatterns: list[URLPattern] = [
    path("measures/boards/", boards.board_list, name="board-list"),
    path("measures/boards/new/", boards.board_create, name="board-create"),
    path("measures/boards/explore/", boards.explore, name="chart-explore"),
    path("measures/charts/", boards.chart_create, name="chart-create"),
    path(_BOARD, boards.board_page, name="board-show"),
    path(f"{_BOARD}edit/", boards.board_edit, name="board-edit"),
    path(f"{_BOARD}sharing/", boards.board_sharing, name="board-sharing"),
    path(f"{_BOARD}archiving/", boards.board_archiving, name="board-archiving"),
    path(f"{_CHART}edit/", boards.chart_edit, name="chart-edit"),
    path(f"{_CHART}removal/", boards.chart_removal, name="chart-removal"),
    path(f"{_CHART}move/", boards.chart_move, name="chart-move"),
    path("measures/dashboards/", dashboards.dashboard_list, name="dashboard-list"),
    path("measures/dashboards/new/", dashboards.dashboard_create, name="dashboard-create"),
    path("measures/dashboards/<int:dashboard_id>/", dashboards.dashboard_page, name="dashboard-show"),
    path("measures/dashboards/<int:dashboard_id>/edit/", dashboards.dashboard_edit, name="dashboard-edit"),
    path(
        "measures/dashboards/<int:dashboard_id>/archiving/",
        dashboards.dashboard_archiving,
        name="dashboard-archiving",
    ),
]
