"""Addresses of evidence: surveys, the links by which people answer, incidents."""

from django.urls import URLPattern, path

from vertebra.evidence.pages import (
    answering,
    flow,
    hand_overs,
    importing,
    incident_files,
    incident_process,
    incident_verbs,
    incidents,
    making,
    pulses,
    results,
    themes,
    trail,
    work_places,
)

app_name = "evidence"
urlpatterns: list[URLPattern] = [
    path("evidence/answers/<str:token>/", answering.answer_by_link, name="answer-by-link"),
    path("evidence/surveys/", pulses.pulse_list, name="pulse-list"),
    path("evidence/surveys/new/", making.pulse_create, name="pulse-create"),
    path("evidence/surveys/file/", importing.survey_upload, name="survey-upload"),
    path("evidence/surveys/<int:survey_id>/columns/", importing.survey_columns, name="survey-columns"),
    path("evidence/surveys/<int:survey_id>/file-preview/", importing.survey_preview, name="survey-preview"),
    path("evidence/surveys/<int:survey_id>/", results.pulse_show, name="pulse-show"),
    path("evidence/surveys/<int:survey_id>/answer/", answering.answer_own, name="answer-own"),
    path("evidence/surveys/<int:survey_id>/questions/", making.questions_edit, name="pulse-questions"),
    path("evidence/surveys/<int:survey_id>/people/", making.people_edit, name="pulse-people"),
    path("evidence/surveys/<int:survey_id>/preview/", making.preview, name="pulse-preview"),
    path("evidence/surveys/<int:survey_id>/opening/", pulses.opening, name="pulse-open"),
    path("evidence/surveys/<int:survey_id>/closing/", pulses.closing, name="pulse-close"),
    path("evidence/surveys/<int:survey_id>/withdrawal/", pulses.withdrawal, name="pulse-withdraw"),
    path("evidence/surveys/<int:survey_id>/reminder/", pulses.reminder, name="pulse-remind"),
    path("evidence/surveys/<int:survey_id>/threshold/", pulses.threshold, name="pulse-threshold"),
    path("evidence/surveys/<int:survey_id>/archiving/", pulses.archiving, name="pulse-archive"),
    path("evidence/surveys/<int:survey_id>/again/", making.pulse_again, name="pulse-again"),
    path("evidence/questions/<int:question_id>/texts/", themes.text_list, name="text-list"),
    path("evidence/questions/<int:question_id>/themes/", themes.theme_create, name="theme-create"),
    path("evidence/themes/<int:theme_id>/removal/", themes.theme_remove, name="theme-remove"),
    path("evidence/trail/", trail.trail_list, name="trail-list"),
    path("evidence/trail/<int:source_id>/", trail.trail_show, name="trail-show"),
    path("evidence/trail/<int:source_id>/statuses/", trail.trail_statuses, name="trail-statuses"),
    path("evidence/trail/places/", work_places.trail_places, name="trail-places"),
    path("evidence/trail/places/belong/", work_places.trail_places_belong, name="trail-places-belong"),
    path("evidence/trail/places/file/", work_places.trail_places_file, name="trail-places-file"),
    path(
        "evidence/trail/<int:source_id>/hand-overs/", hand_overs.hand_overs_create, name="hand-overs-create"
    ),
    path("evidence/flow/", flow.flow_list, name="flow-list"),
    path("evidence/flow/<int:unit_id>/", flow.flow_show, name="flow-show"),
    path("evidence/flow/hand-overs/<int:question_id>/", hand_overs.hand_overs_show, name="hand-overs-show"),
    path(
        "evidence/flow/hand-overs/<int:question_id>/removal/",
        hand_overs.hand_overs_removal,
        name="hand-overs-removal",
    ),
    path("evidence/incidents/", incidents.incident_list, name="incident-list"),
    path("evidence/incidents/new/", incident_verbs.incident_create, name="incident-create"),
    path("evidence/incidents/files/", incident_files.incident_upload, name="incident-upload"),
    path("evidence/incidents/process/", incident_process.process, name="incident-process"),
    path("evidence/incidents/process/changes/", incident_process.rework_create, name="rework-create"),
    path(
        "evidence/incidents/process/changes/<int:rework_id>/removal/",
        incident_process.rework_removal,
        name="rework-removal",
    ),
    path("evidence/incidents/<int:incident_id>/", incidents.incident_page, name="incident-show"),
    path("evidence/incidents/<int:incident_id>/edit/", incident_verbs.incident_edit, name="incident-edit"),
    path(
        "evidence/incidents/<int:incident_id>/moments/", incident_verbs.moment_create, name="incident-moment"
    ),
    path(
        "evidence/incidents/<int:incident_id>/post-mortem/",
        incident_verbs.post_mortem,
        name="incident-post-mortem",
    ),
    path(
        "evidence/incidents/<int:incident_id>/archiving/",
        incident_verbs.incident_archiving,
        name="incident-archiving",
    ),
    path("evidence/incidents/<int:incident_id>/mark/", incident_verbs.incident_marking, name="incident-mark"),
    path(
        "evidence/incidents/<int:incident_id>/follow-ups/",
        incident_verbs.follow_up_create,
        name="incident-follow-up-create",
    ),
    path(
        "evidence/follow-ups/<int:follow_up_id>/completion/",
        incident_verbs.follow_up_done,
        name="incident-follow-up-done",
    ),
    path(
        "evidence/follow-ups/<int:follow_up_id>/drop/",
        incident_verbs.follow_up_drop,
        name="incident-follow-up-drop",
    ),
    path(
        "evidence/follow-ups/<int:follow_up_id>/edit/",
        incident_verbs.follow_up_edit,
        name="incident-follow-up-edit",
    ),
]
