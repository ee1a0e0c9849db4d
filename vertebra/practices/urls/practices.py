"""Addresses of practices."""

from django.urls import URLPattern, path

from vertebra.practices.pages import (
    building,
    changes,
    library,
    life,
    listing,
    of_initiative,
    practice,
    practice_flow,
    templates,
    versions,
    writing,
)

ONE = "practices/<int:practice_id>/"
TEMPLATE = "practices/templates/<int:template_id>/"
urlpatterns: list[URLPattern] = [
    path("practices/", listing.practice_list, name="practice-list"),
    path("practices/new/", writing.practice_create, name="practice-create"),
    path("practices/registration/", writing.practice_register, name="practice-register"),
    path("practices/changes/", changes.change_list, name="change-list"),
    path("practices/library/", library.library, name="library"),
    path("practices/library/<slug:code>/", library.library_practice, name="library-practice"),
    path("practices/library/<slug:code>/beginning/", library.beginning, name="library-beginning"),
    path("practices/initiatives/<int:initiative_id>/", of_initiative.of_initiative, name="of-initiative"),
    path(ONE, practice.practice_page, name="practice-show"),
    path(f"{ONE}edit/", writing.practice_edit, name="practice-edit"),
    path(f"{ONE}texts/<slug:language>/", writing.text_edit, name="practice-text"),
    path(f"{ONE}costs/", writing.cost_edit, name="practice-costs"),
    path(f"{ONE}versions/", versions.version_list, name="version-list"),
    path(f"{ONE}publication/", writing.publication, name="practice-publication"),
    path(f"{ONE}trials/", life.trial_create, name="trial-create"),
    path("practices/trials/<int:trial_id>/end/", life.trial_end, name="trial-end"),
    path(f"{ONE}proposal/", life.proposal, name="practice-proposal"),
    path(f"{ONE}validation/", life.validation, name="practice-validation"),
    path(f"{ONE}reach/", life.reach_create, name="reach-create"),
    path("practices/reach/<int:reach_id>/withdrawal/", life.reach_withdrawal, name="reach-withdrawal"),
    path(f"{ONE}flow/", practice_flow.practice_flow, name="practice-flow"),
    path(f"{ONE}flow/opening/", practice_flow.flow_opening, name="flow-opening"),
    path(f"{ONE}flow/closing/", practice_flow.flow_closing, name="flow-closing"),
    path(f"{ONE}reopening/", life.reopening, name="practice-reopening"),
    path(f"{ONE}retirement/", life.retirement, name="practice-retirement"),
    path(f"{ONE}resumption/", life.resumption, name="practice-resumption"),
    path(f"{ONE}archiving/", life.archiving, name="practice-archiving"),
    path(f"{ONE}restoration/", life.restoration, name="practice-restoration"),
    path(f"{ONE}contributions/", building.contribution_create, name="contribution-create"),
    path(
        "practices/contributions/<int:contribution_id>/answer/",
        building.contribution_answer,
        name="contribution-answer",
    ),
    path(f"{ONE}co-authors/", building.co_author_create, name="co-author-create"),
    path(
        "practices/co-authors/<int:co_author_id>/removal/",
        building.co_author_removal,
        name="co-author-removal",
    ),
    path(f"{ONE}initiatives/", of_initiative.initiative_create, name="initiative-create"),
    path(
        f"{ONE}initiatives/<int:initiative_id>/removal/",
        of_initiative.initiative_removal,
        name="initiative-removal",
    ),
    path(f"{ONE}templates/", templates.template_create, name="template-create"),
    path(TEMPLATE, templates.template_page, name="template-show"),
    path(f"{TEMPLATE}edit/", templates.template_edit, name="template-edit"),
    path(f"{TEMPLATE}copies/", templates.template_copy, name="template-copy"),
    path(f"{TEMPLATE}download/", templates.template_file, name="template-file"),
    path(f"{TEMPLATE}archiving/", templates.template_archiving, name="template-archiving"),
]
