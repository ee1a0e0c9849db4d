"""Addresses of levers."""

from django.urls import URLPattern, path

from vertebra.measures.pages import levers

urlpatterns: list[URLPattern] = [
    path("measures/levers/", levers.lever_tree, name="lever-tree"),
    path("measures/levers/new/", levers.lever_create, name="lever-create"),
    path("measures/levers/<int:lever_id>/edit/", levers.lever_edit, name="lever-edit"),
    path("measures/levers/<int:lever_id>/removal/", levers.lever_removal, name="lever-removal"),
]
