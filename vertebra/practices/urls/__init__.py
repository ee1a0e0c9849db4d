"""Addresses of ways of working, one file per noun."""

from vertebra.practices.urls import adoption, checks, practices, routines

app_name = "practices"
urlpatterns = [
    *practices.urlpatterns,
    *adoption.urlpatterns,
    *routines.urlpatterns,
    *checks.urlpatterns,
]
