"""Addresses of learning."""

from django.urls import URLPattern, path

from vertebra.learning.pages import giving, lesson, lesson_forms, lessons, mine, of_release, path_forms, paths

app_name = "learning"
ONE = "learning/lessons/<int:lesson_id>/"
PATH = "learning/paths/<int:path_id>/"
urlpatterns: list[URLPattern] = [
    path("learning/lessons/", lessons.lesson_list, name="lesson-list"),
    path("learning/lessons/new/", lesson_forms.lesson_create, name="lesson-create"),
    path("learning/mine/", mine.mine, name="mine"),
    path(ONE, lesson.lesson_page, name="lesson-show"),
    path(f"{ONE}answer/", lesson.lesson_answer, name="lesson-answer"),
    path(f"{ONE}draft/", lesson.lesson_draft, name="lesson-draft"),
    path(f"{ONE}upkeep/", lesson.lesson_upkeep, name="lesson-upkeep"),
    path(f"{ONE}edit/", lesson_forms.lesson_edit, name="lesson-edit"),
    path(f"{ONE}texts/<slug:language>/", lesson_forms.text_edit, name="text-edit"),
    path(f"{ONE}publication/", lesson_forms.publication, name="lesson-publication"),
    path(f"{ONE}expiry/", lesson_forms.expiry, name="lesson-expiry"),
    path(f"{ONE}changes/", lesson_forms.changed_by, name="lesson-changed-by"),
    path(f"{ONE}archiving/", lesson_forms.archiving, name="lesson-archiving"),
    path(f"{ONE}restoration/", lesson_forms.restoration, name="lesson-restoration"),
    path("learning/releases/<int:release_id>/", of_release.release_lessons, name="release-lessons"),
    path("learning/releases/<int:release_id>/lesson/", of_release.lesson_begin, name="lesson-begin"),
    path(f"{ONE}people/", giving.lesson_people, name="lesson-people"),
    path(f"{ONE}giving/", giving.lesson_giving, name="lesson-giving"),
    path("learning/assignments/<int:assignment_id>/end/", giving.assignment_end, name="assignment-end"),
    path("learning/texts/<int:text_id>/image/", lesson.text_image, name="text-image"),
    path("learning/paths/", paths.path_list, name="path-list"),
    path("learning/paths/new/", path_forms.path_create, name="path-create"),
    path("learning/paths/camp/", path_forms.camp_create, name="camp-create"),
    path(PATH, paths.path_page, name="path-show"),
    path(f"{PATH}people/", paths.path_people, name="path-people"),
    path(f"{PATH}walked/", paths.path_walked, name="path-walked"),
    path(f"{PATH}start/", paths.path_start, name="path-start"),
    path(f"{PATH}edit/", path_forms.path_edit, name="path-edit"),
    path(f"{PATH}steps/new/", path_forms.step_create, name="step-create"),
    path(f"{PATH}giving/", giving.path_giving, name="path-giving"),
    path(f"{PATH}archiving/", path_forms.path_archiving, name="path-archiving"),
    path(f"{PATH}restoration/", path_forms.path_restoration, name="path-restoration"),
    path("learning/steps/<int:step_id>/edit/", path_forms.step_edit, name="step-edit"),
    path("learning/steps/<int:step_id>/removal/", path_forms.step_removal, name="step-removal"),
    path("learning/steps/<int:step_id>/done/", paths.step_done, name="step-done"),
]
