"""Addresses of the adoption of practices."""

from django.urls import URLPattern, path

from vertebra.practices.pages import (
    adoption,
    adoption_card,
    adoption_direction,
    adoption_forms,
    adoption_map,
)

TEAM = "practices/teams/<int:unit_id>/"
ONE = "practices/<int:practice_id>/"
urlpatterns: list[URLPattern] = [
    path("practices/adoption/", adoption_map.adoption_map, name="adoption-map"),
    path("practices/direction/", adoption_direction.direction, name="direction"),
    path(f"{ONE}adoption/", adoption.practice_adoption, name="practice-adoption"),
    path(f"{ONE}help/", adoption_forms.help_with, name="practice-help"),
    path(TEAM, adoption.team_page, name="team-show"),
    path(f"{TEAM}adoption/", adoption_forms.team_adoption, name="team-adoption"),
    path(f"{TEAM}adaptations/<int:practice_id>/", adoption_forms.adaptation_edit, name="adaptation-edit"),
    path(
        "practices/adaptations/<int:adaptation_id>/end/", adoption_forms.adaptation_end, name="adaptation-end"
    ),
    path("practices/doubts/<int:doubt_id>/", adoption_forms.doubt_answer, name="doubt-answer"),
    path("practices/cards/<int:card_id>/", adoption_card.card_answer, name="card-answer"),
    path("practices/card/<str:token>/", adoption_card.card_by_link_page, name="card-by-link"),
]
