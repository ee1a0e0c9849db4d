"""Addresses of objectives."""

from django.urls import URLPattern, path

from vertebra.roadmap.pages import objectives as pages

ONE = "roadmap/objectives/<int:objective_id>/"

urlpatterns: list[URLPattern] = [
    path("roadmap/objectives/", pages.objective_list, name="objective-list"),
    path("roadmap/objectives/new/", pages.objective_create, name="objective-create"),
    path(ONE, pages.objective_page, name="objective-show"),
    path(f"{ONE}edit/", pages.objective_edit, name="objective-edit"),
    path(f"{ONE}archiving/", pages.objective_archiving, name="objective-archiving"),
]
