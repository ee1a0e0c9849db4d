"""Addresses of transverse projects: workstreams, what is counted, gates."""

from django.urls import URLPattern, path

from vertebra.roadmap.pages import projects as pages

ONE = "roadmap/initiatives/<int:initiative_id>/project/"
STREAM = "roadmap/workstreams/<int:workstream_id>/"
COUNTER = "roadmap/counters/<int:counter_id>/"
GATE = "roadmap/gates/<int:gate_id>/"

urlpatterns: list[URLPattern] = [
    path(ONE, pages.project_page, name="project-show"),
    path(f"{ONE}workstreams/new/", pages.workstream_create, name="workstream-create"),
    path(f"{ONE}counters/new/", pages.counter_create, name="counter-create"),
    path(f"{ONE}gates/new/", pages.gate_create, name="gate-create"),
    path(f"{STREAM}edit/", pages.workstream_edit, name="workstream-edit"),
    path(f"{STREAM}ending/", pages.workstream_ending, name="workstream-ending"),
    path(f"{STREAM}removal/", pages.workstream_removal, name="workstream-removal"),
    path(f"{COUNTER}edit/", pages.counter_edit, name="counter-edit"),
    path(f"{COUNTER}removal/", pages.counter_removal, name="counter-removal"),
    path(f"{COUNTER}counts/new/", pages.count_create, name="count-create"),
    path(f"{COUNTER}counts/paste/", pages.count_paste, name="count-paste"),
    path(f"{COUNTER}counts/file/", pages.count_file, name="count-file"),
    path(f"{GATE}edit/", pages.gate_edit, name="gate-edit"),
    path(f"{GATE}decision/", pages.gate_decision, name="gate-decision"),
    path(f"{GATE}removal/", pages.gate_removal, name="gate-removal"),
]
