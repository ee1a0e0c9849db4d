"""Addresses of the organisation."""

from django.urls import path

from vertebra.org.pages import (
    areas,
    changes,
    directory,
    empty_spaces,
    gaps,
    markets,
    people,
    personal,
    seats,
    units,
)
from vertebra.org.pages import empty_space_reports as reports
from vertebra.org.pages import empty_space_verbs as verbs
from vertebra.org.pages import (
    map as map_pages,
)

app_name = "org"
urlpatterns = [
    path("organisation/", map_pages.show_map, name="map"),
    path("organisation/map.json", map_pages.map_data, name="map-data"),
    path("organisation/units/", units.unit_list, name="unit-list"),
    path("organisation/units/suggestions/", units.unit_suggest, name="unit-suggest"),
    path("organisation/units/new/", units.unit_create, name="unit-create"),
    path("organisation/units/<int:unit_id>/", units.unit_page, name="unit-show"),
    path("organisation/units/<int:unit_id>/edit/", units.unit_edit, name="unit-edit"),
    path("organisation/units/<int:unit_id>/closing/", units.unit_close, name="unit-close"),
    path("organisation/people/", directory.person_list, name="person-list"),
    path("organisation/people/new/", people.person_create, name="person-create"),
    path("organisation/people/suggestions/", people.person_suggest, name="person-suggest"),
    path("organisation/people/<int:person_id>/", people.person_page, name="person-show"),
    path("organisation/people/<int:person_id>/edit/", people.person_edit, name="person-edit"),
    path("organisation/people/<int:person_id>/departure/", people.person_departure, name="person-departure"),
    path("organisation/people/<int:person_id>/data/", personal.person_data, name="person-data"),
    path("organisation/people/<int:person_id>/erasure/", personal.person_erasure, name="person-erasure"),
    path("account/data/", personal.own_data, name="own-data"),
    path("organisation/memberships/new/", seats.membership_create, name="membership-create"),
    path("organisation/memberships/<int:membership_id>/", seats.membership_edit, name="membership-edit"),
    path("organisation/memberships/<int:membership_id>/end/", seats.membership_end, name="membership-end"),
    path("organisation/mandates/new/", seats.mandate_create, name="mandate-create"),
    path("organisation/mandates/<int:mandate_id>/", seats.mandate_edit, name="mandate-edit"),
    path("organisation/mandates/<int:mandate_id>/end/", seats.mandate_end, name="mandate-end"),
    path("organisation/ownerships/new/", seats.ownership_create, name="ownership-create"),
    path("organisation/ownerships/<int:ownership_id>/end/", seats.ownership_end, name="ownership-end"),
    path("organisation/areas/", areas.area_list, name="area-list"),
    path("organisation/areas/by-unit/", areas.area_matrix, name="area-matrix"),
    path("organisation/areas/suggestions/", areas.area_suggest, name="area-suggest"),
    path("organisation/areas/new/", areas.area_create, name="area-create"),
    path("organisation/areas/<int:area_id>/", areas.area_page, name="area-show"),
    path("organisation/areas/<int:area_id>/edit/", areas.area_edit, name="area-edit"),
    path("organisation/areas/<int:area_id>/closing/", areas.area_close, name="area-close"),
    path("organisation/areas/<int:area_id>/steps/", areas.step_edit, name="step-edit"),
    path("organisation/markets/", markets.market_list, name="market-list"),
    path("organisation/markets/new/", markets.market_create, name="market-create"),
    path("organisation/markets/<int:market_id>/", markets.market_page, name="market-show"),
    path("organisation/markets/<int:market_id>/edit/", markets.market_edit, name="market-edit"),
    path("organisation/markets/<int:market_id>/archive/", markets.market_archive, name="market-archive"),
    path("organisation/fields/", markets.field_list, name="field-list"),
    path("organisation/fields/new/", markets.field_create, name="field-create"),
    path("organisation/fields/order/", markets.field_order, name="field-order"),
    path("organisation/fields/<int:field_id>/edit/", markets.field_edit, name="field-edit"),
    path("organisation/fields/<int:field_id>/archive/", markets.field_archive, name="field-archive"),
    path("organisation/changes/", changes.change_list, name="change-list"),
    path("organisation/empty-spaces/", empty_spaces.space_list, name="empty-space-list"),
    path("organisation/empty-spaces/report/", reports.report_page, name="empty-space-report"),
    path("organisation/empty-spaces/alike/", reports.alike_part, name="empty-space-alike"),
    path("organisation/empty-spaces/neighbours/", reports.neighbour_part, name="empty-space-neighbours"),
    path("organisation/empty-spaces/links/", reports.link_list, name="report-link-list"),
    path(
        "organisation/empty-spaces/links/<int:link_id>/revocation/",
        reports.link_revocation,
        name="report-link-revocation",
    ),
    path("organisation/empty-spaces/<int:space_id>/", empty_spaces.space_page, name="empty-space-show"),
    path(
        "organisation/empty-spaces/<int:space_id>/agreement/", reports.agreement, name="empty-space-agreement"
    ),
    path("organisation/empty-spaces/<int:space_id>/taking/", verbs.take_space, name="empty-space-taking"),
    path(
        "organisation/empty-spaces/<int:space_id>/proposal/", verbs.propose_owner, name="empty-space-proposal"
    ),
    path("organisation/empty-spaces/<int:space_id>/start/", verbs.start_filling, name="empty-space-start"),
    path("organisation/empty-spaces/<int:space_id>/filling/", verbs.fill_space, name="empty-space-filling"),
    path(
        "organisation/empty-spaces/<int:space_id>/explanation/",
        verbs.explain_space,
        name="empty-space-explanation",
    ),
    path(
        "organisation/empty-spaces/<int:space_id>/reopening/",
        verbs.reopen_space,
        name="empty-space-reopening",
    ),
    path(
        "organisation/empty-spaces/<int:space_id>/sentence/", verbs.rename_space, name="empty-space-sentence"
    ),
    path("organisation/empty-spaces/<int:space_id>/merge/", verbs.merge_page, name="empty-space-merge"),
    path("organisation/gaps/", gaps.gap_list, name="gap-list"),
    path("organisation/gaps/<int:gap_id>/", gaps.gap_page, name="gap-show"),
    path("r/<str:token>/", reports.report_by_link, name="report-by-link"),
]
