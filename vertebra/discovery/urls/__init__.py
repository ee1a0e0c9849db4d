"""Addresses of discovery, one file per noun."""

from vertebra.discovery.urls import (
    audits,
    charters,
    diagnoses,
    interviews,
    pain_points,
    stances,
)

app_name = "discovery"
urlpatterns = [
    *charters.urlpatterns,
    *interviews.urlpatterns,
    *pain_points.urlpatterns,
    *stances.urlpatterns,
    *audits.urlpatterns,
    *diagnoses.urlpatterns,
]
