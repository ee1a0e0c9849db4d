"""Addresses of questions to the data team."""

from django.urls import URLPattern, path

from vertebra.measures.pages import requests as pages

_ONE = "measures/requests/<int:request_id>/"

urlpatterns: list[URLPattern] = [
    path("measures/requests/", pages.request_list, name="request-list"),
    path("measures/requests/new/", pages.request_create, name="request-create"),
    path(_ONE, pages.request_page, name="request-show"),
    path(f"{_ONE}answer/", pages.request_answer, name="request-answer"),
    path(f"{_ONE}settlement/", pages.request_settlement, name="request-settlement"),
    path(f"{_ONE}decline/", pages.request_decline, name="request-decline"),
]
