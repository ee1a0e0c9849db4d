"""Addresses of the diagnosis and the stage of the function."""

from django.urls import URLPattern, path

from vertebra.discovery.pages import diagnoses, stages

_ONE = "discovery/diagnoses/<int:diagnosis_id>/"

urlpatterns: list[URLPattern] = [
    path("discovery/diagnoses/", diagnoses.diagnosis_list, name="diagnosis-list"),
    path("discovery/diagnoses/new/", diagnoses.diagnosis_create, name="diagnosis-create"),
    path(_ONE, diagnoses.diagnosis_page, name="diagnosis-show"),
    path(f"{_ONE}answers/", diagnoses.diagnosis_answers, name="diagnosis-answers"),
    path(f"{_ONE}people/", diagnoses.diagnosis_people, name="diagnosis-people"),
    path(f"{_ONE}conclusion/", diagnoses.diagnosis_conclusion, name="diagnosis-conclusion"),
    path(f"{_ONE}archival/", diagnoses.diagnosis_archival, name="diagnosis-archival"),
    path("discovery/stage/", stages.stage_list, name="stage-list"),
    path("discovery/stage/<int:field_id>/new/", stages.stage_create, name="stage-create"),
    path("discovery/stage/moments/<int:stage_id>/removal/", stages.stage_removal, name="stage-removal"),
]
