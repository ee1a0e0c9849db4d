"""Addresses of help requests."""

from django.urls import URLPattern, path

from vertebra.discovery.pages import help_requests as pages
from vertebra.discovery.pages import help_verbs as verbs

_ONE = "discovery/help/<int:request_id>/"

urlpatterns: list[URLPattern] = [
    path("discovery/help/", pages.request_list, name="help-request-list"),
    path("discovery/help/new/", pages.request_create, name="help-request-create"),
    path("discovery/help/load/", pages.load_page, name="help-request-load"),
    path(_ONE, pages.request_page, name="help-request-show"),
    path(f"{_ONE}sentence/", verbs.say_request, name="help-request-sentence"),
    path(f"{_ONE}taking/", verbs.take_request, name="help-request-taking"),
    path(f"{_ONE}calendar.ics", pages.request_calendar, name="help-request-calendar"),
    path(f"{_ONE}plan/", verbs.plan_page, name="help-request-plan"),
    path(f"{_ONE}take-over/", verbs.take_over_page, name="help-request-take-over"),
    path(f"{_ONE}outcome/", verbs.outcome_page, name="help-request-outcome"),
    path(f"{_ONE}hand-back/", verbs.hand_back_page, name="help-request-hand-back"),
    path(f"{_ONE}decline/", verbs.decline_page, name="help-request-decline"),
    path(f"{_ONE}reopening/", verbs.reopen_request, name="help-request-reopening"),
]
