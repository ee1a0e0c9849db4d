"""Addresses of checks."""

from django.urls import URLPattern, path

from vertebra.practices.pages import check, checks, unit_checks

OF_PRACTICE = "practices/<int:practice_id>/checks/"
ONE = "practices/checks/<int:check_id>/"
urlpatterns: list[URLPattern] = [
    path(OF_PRACTICE, checks.check_list, name="check-list"),
    path(f"{OF_PRACTICE}new/", checks.check_create, name="check-create"),
    path(f"{OF_PRACTICE}rule/", checks.rule_create, name="rule-create"),
    path(f"{OF_PRACTICE}library/<slug:code>/", checks.check_choice, name="check-choice"),
    path(f"{OF_PRACTICE}habits/", checks.habit_search, name="habit-search"),
    path(f"{OF_PRACTICE}habits/<int:suggestion_id>/", checks.suggestion_choice, name="suggestion-choice"),
    path("practices/checks/completions/", check.check_completions, name="check-completions"),
    path(ONE, check.check_page, name="check-show"),
    path(f"{ONE}edit/", checks.check_edit, name="check-edit"),
    path(f"{ONE}trial/", check.check_trial, name="check-trial"),
    path(f"{ONE}switching/", check.check_switching, name="check-switching"),
    path(f"{ONE}archiving/", check.check_archiving, name="check-archiving"),
    path(f"{ONE}scopes/", check.scope_create, name="scope-create"),
    path(f"{ONE}scopes/<int:unit_id>/removal/", check.scope_removal, name="scope-removal"),
    path(f"{ONE}adaptation/", check.check_adaptation, name="check-adaptation"),
    path("practices/units/<int:unit_id>/checks/", unit_checks.unit_checks, name="unit-checks"),
]
