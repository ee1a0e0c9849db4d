"""Addresses of reports, and of the time of product managers."""

from django.urls import URLPattern, path

from vertebra.roadmap.pages import pm_time

urlpatterns: list[URLPattern] = [
    path("roadmap/pm-time/", pm_time.pm_time_page, name="pm-time"),
    path("roadmap/pm-time/tie/", pm_time.pm_time_tie, name="pm-time-tie"),
    path("roadmap/pm-time/<int:initiative_id>/untie/", pm_time.pm_time_untie, name="pm-time-untie"),
]
