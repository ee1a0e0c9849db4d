"""Addresses of releases, one file per noun."""

from vertebra.releases.urls import (
    announcing,
    audiences,
    awareness,
    briefs,
    consultations,
    desk,
    releases,
    telling,
)

app_name = "releases"
urlpatterns = [
    *releases.urlpatterns,
    *briefs.urlpatterns,
    *audiences.urlpatterns,
    *announcing.urlpatterns,
    *telling.urlpatterns,
    *consultations.urlpatterns,
    *desk.urlpatterns,
    *awareness.urlpatterns,
]
