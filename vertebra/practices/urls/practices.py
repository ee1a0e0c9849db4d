"""Addresses of practices."""

from django.urls import URLPattern, path

from vertebra.practices.pages import listing, practice

ONE = "practices/<int:practice_id>/"
urlpatterns: list[URLPattern] = [
    path("practices/", listing.practice_list, name="practice-list"),
    path(ONE, practice.practice_page, name="practice-show"),
]
