"""Addresses of evidence: surveys, and the links by which people answer."""

from django.urls import URLPattern, path

from vertebra.evidence.pages import answering, importing, making, pulses, results, themes

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
]
