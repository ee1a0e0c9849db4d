"""Addresses of audiences."""

from django.urls import URLPattern, path

from vertebra.releases.pages import audiences

ONE = "releases/audiences/<int:audience_id>/"

urlpatterns: list[URLPattern] = [
    path("releases/audiences/", audiences.audience_list, name="audience-list"),
    path("releases/audiences/new/", audiences.audience_create, name="audience-create"),
    path(ONE, audiences.audience_page, name="audience-show"),
    path(f"{ONE}people/", audiences.audience_people, name="audience-people"),
    path(f"{ONE}edit/", audiences.audience_edit, name="audience-edit"),
    path(f"{ONE}archiving/", audiences.audience_archiving, name="audience-archiving"),
    path("releases/<int:release_id>/reach/", audiences.release_reach, name="release-reach"),
]
