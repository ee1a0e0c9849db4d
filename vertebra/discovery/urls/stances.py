"""Addresses of stances."""

from django.urls import URLPattern, path

from vertebra.discovery.pages import stances

urlpatterns: list[URLPattern] = [
    path("discovery/stances/", stances.stance_list, name="stance-list"),
    path("discovery/stances/<str:kind>/<int:object_id>/", stances.subject_page, name="stance-subject"),
    path("discovery/stances/<int:stance_id>/removal/", stances.stance_removal, name="stance-removal"),
]
