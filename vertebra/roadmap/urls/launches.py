"""Addresses of playbooks, launches, readiness, and features by market."""

from django.urls import URLPattern, path

from vertebra.roadmap.pages import launch_verbs, launches, parity, playbooks, readiness

BOOKS = "roadmap/playbooks/"
BOOK = f"{BOOKS}<int:playbook_id>/"
VERSION = "roadmap/playbook-versions/<int:version_id>/"
STEP = "roadmap/playbook-steps/<int:step_id>/"
ALL = "roadmap/launches/"
ONE = f"{ALL}<int:launch_id>/"
LAUNCH_STEP = "roadmap/launch-steps/<int:step_id>/"
FEATURES = "roadmap/parity/"

urlpatterns: list[URLPattern] = [
    path(BOOKS, playbooks.playbook_list, name="playbook-list"),
    path(f"{BOOKS}new/", playbooks.playbook_create, name="playbook-create"),
    path(f"{BOOKS}taking/", playbooks.playbook_taking, name="playbook-taking"),
    path(BOOK, playbooks.playbook_page, name="playbook-show"),
    path(f"{BOOK}edit/", playbooks.playbook_edit, name="playbook-edit"),
    path(f"{BOOK}draft/", playbooks.playbook_draft, name="playbook-draft"),
    path(f"{BOOK}archiving/", playbooks.playbook_archiving, name="playbook-archiving"),
    path(f"{VERSION}publishing/", playbooks.version_publishing, name="playbook-publishing"),
    path(f"{VERSION}lessons/", playbooks.lesson_taking, name="playbook-lesson"),
    path(f"{VERSION}steps/new/", playbooks.step_create, name="playbook-step-create"),
    path(f"{STEP}edit/", playbooks.step_edit, name="playbook-step-edit"),
    path(f"{STEP}moving/", playbooks.step_moving, name="playbook-step-moving"),
    path(f"{STEP}removal/", playbooks.step_removal, name="playbook-step-removal"),
    path(ALL, launches.launch_list, name="launch-list"),
    path(f"{ALL}new/", launches.launch_create, name="launch-create"),
    path(f"{ALL}stages/undertaking/", launch_verbs.stage_undertaking, name="launch-stage-undertaking"),
    path(ONE, launches.launch_page, name="launch-show"),
    path(f"{ONE}stages/", launch_verbs.stage_ending, name="launch-stage-ending"),
    path(f"{ONE}launching/", launch_verbs.launching, name="launch-launching"),
    path(f"{ONE}target/", launch_verbs.target, name="launch-target"),
    path(f"{ONE}readiness/", launch_verbs.readiness, name="launch-readiness"),
    path(f"{ONE}readiness/asking/", launch_verbs.readiness_asking, name="launch-readiness-asking"),
    path(f"{LAUNCH_STEP}state/", launch_verbs.step_state, name="launch-step-state"),
    path(f"{LAUNCH_STEP}edit/", launch_verbs.step_edit, name="launch-step-edit"),
    path("roadmap/readiness/<str:token>/", readiness.readiness_by_link, name="readiness-by-link"),
    path(FEATURES, parity.parity_page, name="parity"),
    path(f"{FEATURES}import/", parity.parity_import, name="parity-import"),
    path(f"{FEATURES}features/new/", parity.feature_create, name="feature-create"),
    path(f"{FEATURES}<int:feature_id>/archiving/", parity.feature_archiving, name="feature-archiving"),
    path(f"{FEATURES}<int:feature_id>/<int:market_id>/", parity.parity_cell, name="parity-cell"),
]
