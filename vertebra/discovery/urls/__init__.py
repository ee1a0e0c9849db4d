"""Addresses of discovery, one file per noun."""

from vertebra.discovery.urls import (
    audits,
    campaigns,
    charters,
    diagnoses,
    help_requests,
    interviews,
    pain_points,
    privacy,
    stances,
)

app_name = "discovery"
urlpatterns = [
    *charters.urlpatterns,
    *help_requests.urlpatterns,
    *campaigns.urlpatterns,
    *interviews.urlpatterns,
    *pain_points.urlpatterns,
    *stances.urlpatterns,
    *audits.urlpatterns,
    *diagnoses.urlpatterns,
    *privacy.urlpatterns,
]
