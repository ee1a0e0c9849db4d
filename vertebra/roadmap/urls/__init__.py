"""Addresses of the roadmap, one file per noun."""

from vertebra.roadmap.urls import (
    boards,
    cycles,
    initiatives,
    launches,
    objectives,
    projects,
    reports,
    results,
    topics,
)

app_name = "roadmap"
urlpatterns = [
    *objectives.urlpatterns,
    *topics.urlpatterns,
    *cycles.urlpatterns,
    *initiatives.urlpatterns,
    *boards.urlpatterns,
    *results.urlpatterns,
    *projects.urlpatterns,
    *launches.urlpatterns,
    *reports.urlpatterns,
]
