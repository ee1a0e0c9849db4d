"""Addresses of consultations."""

from django.urls import URLPattern, path

from vertebra.releases.pages import (
    consultation_answers,
    consultation_links,
    consultation_list,
    consultation_panels,
    consultations,
)

ONE = "releases/consultations/<int:consultation_id>/"

urlpatterns: list[URLPattern] = [
    path("releases/consultations/", consultation_list.consultation_list, name="consultation-list"),
    path("releases/consultations/new/", consultations.consultation_create, name="consultation-create"),
    path(ONE, consultations.consultation_page, name="consultation-show"),
    path(f"{ONE}people/", consultations.consultation_people, name="consultation-people"),
    path(
        f"{ONE}people/<int:person_id>/link/", consultation_links.consultation_link, name="consultation-link"
    ),
    path(f"{ONE}edit/", consultations.consultation_edit, name="consultation-edit"),
    path(f"{ONE}closing/", consultations.consultation_closing, name="consultation-closing"),
    path(f"{ONE}answer/", consultation_answers.consultation_answer, name="consultation-answer"),
    path(
        "releases/consulted/<str:token>/",
        consultation_answers.consultation_by_link,
        name="consultation-by-link",
    ),
    path(
        "releases/<int:release_id>/consultations/",
        consultation_panels.release_consultations,
        name="release-consultations",
    ),
    path(
        "releases/of-initiative/<int:initiative_id>/consultations/",
        consultation_panels.initiative_consultations,
        name="initiative-consultations",
    ),
]
