"""Addresses of initiatives."""

from django.urls import URLPattern, path

from vertebra.roadmap.pages import initiative, initiative_forms, initiative_verbs, initiatives, words

ONE = "roadmap/initiatives/<int:initiative_id>/"

urlpatterns: list[URLPattern] = [
    path("roadmap/initiatives/", initiatives.initiative_list, name="initiative-list"),
    path("roadmap/initiatives/new/", initiative_forms.initiative_create, name="initiative-create"),
    path("roadmap/quick-wins/new/", initiative_forms.quick_win_create, name="quick-win-create"),
    path(
        "roadmap/quick-wins/<int:quick_win_id>/undertaking/",
        initiative_forms.undertaking,
        name="quick-win-undertaking",
    ),
    path(ONE, initiative.initiative_page, name="initiative-show"),
    path(f"{ONE}around/", initiative.initiative_around, name="initiative-around"),
    path(f"{ONE}edit/", initiative_forms.initiative_edit, name="initiative-edit"),
    path(f"{ONE}plan/", initiative_verbs.plan, name="initiative-plan"),
    path(f"{ONE}start/", initiative_verbs.start, name="initiative-start"),
    path(f"{ONE}pause/", initiative_verbs.pause, name="initiative-pause"),
    path(f"{ONE}resumption/", initiative_verbs.resumption, name="initiative-resumption"),
    path(f"{ONE}delivery/", initiative_verbs.delivery, name="initiative-delivery"),
    path(f"{ONE}closing/", initiative_forms.closing, name="initiative-closing"),
    path(f"{ONE}reopening/", initiative_verbs.reopening, name="initiative-reopening"),
    path(f"{ONE}archiving/", initiative_verbs.archiving, name="initiative-archiving"),
    path(f"{ONE}restoration/", initiative_verbs.restoration, name="initiative-restoration"),
    path(f"{ONE}horizon/", initiative_verbs.horizon, name="initiative-horizon"),
    path(f"{ONE}words/", initiative_verbs.word_create, name="initiative-word"),
    path(f"{ONE}risks/new/", initiative_verbs.risk_create, name="initiative-risk"),
    path(f"{ONE}risks/", initiative_verbs.risk_edit, name="initiative-risk-edit"),
    path(f"{ONE}links/new/", initiative_verbs.link_create, name="initiative-link"),
    path(f"{ONE}links/removal/", initiative_verbs.link_removal, name="initiative-link-removal"),
    path(f"{ONE}parts/new/", initiative_forms.involvement_create, name="initiative-part"),
    path(f"{ONE}parts/removal/", initiative_verbs.involvement_removal, name="initiative-part-removal"),
    path("roadmap/words/<str:token>/", words.word_by_link, name="word-by-link"),
]
