"""Addresses of the charter."""

from django.urls import URLPattern, path

from vertebra.discovery.pages import charter_links, charters

urlpatterns: list[URLPattern] = [
    path("discovery/charter/", charters.charter_page, name="charter-show"),
    path("discovery/charter/new/", charters.charter_create, name="charter-create"),
    path("discovery/charter/links/", charter_links.link_list, name="charter-link-list"),
    path(
        "discovery/charter/links/<int:link_id>/revocation/",
        charter_links.link_revocation,
        name="charter-link-revocation",
    ),
    path("discovery/charter/shared/<str:token>/", charter_links.charter_by_link, name="charter-by-link"),
    path("discovery/charter/<int:charter_id>/", charters.version_page, name="charter-version"),
    path("discovery/charter/<int:charter_id>/words/", charters.charter_edit, name="charter-edit"),
    path(
        "discovery/charter/<int:charter_id>/differences/",
        charters.difference_page,
        name="charter-difference-list",
    ),
    path(
        "discovery/charter/<int:charter_id>/publication/",
        charters.charter_publication,
        name="charter-publication",
    ),
    path("discovery/charter/<int:charter_id>/removal/", charters.charter_removal, name="charter-removal"),
]
