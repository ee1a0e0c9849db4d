"""Addresses of briefs and of questions about releases."""

from django.urls import URLPattern, path

from vertebra.releases.pages import briefs

ONE = "releases/<int:release_id>/"
BRIEF = "releases/briefs/<int:brief_id>/"

urlpatterns: list[URLPattern] = [
    path(f"{ONE}briefs/", briefs.brief_list, name="brief-list"),
    path(f"{ONE}briefs/new/", briefs.brief_create, name="brief-create"),
    path(f"{BRIEF}edit/", briefs.brief_edit, name="brief-edit"),
    path(f"{BRIEF}state/", briefs.brief_state, name="brief-state"),
    path(f"{BRIEF}hand/", briefs.brief_hand, name="brief-hand"),
    path(f"{BRIEF}preview/", briefs.brief_preview, name="brief-preview"),
    path(f"{ONE}questions/", briefs.question_create, name="question-create"),
    path("releases/questions/<int:question_id>/answer/", briefs.question_answer, name="question-answer"),
]
