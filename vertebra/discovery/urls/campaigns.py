"""Addresses of guides, campaigns, invitations and coverage."""

from django.urls import URLPattern, path

from vertebra.discovery.pages import campaigns, choosing, coverage, guides, hearing, invitations, to_hear

urlpatterns: list[URLPattern] = [
    path("discovery/guides/", guides.guide_list, name="guide-list"),
    path("discovery/guides/new/", guides.guide_create, name="guide-create"),
    path("discovery/guides/<int:guide_id>/", guides.guide_page, name="guide-show"),
    path("discovery/guides/<int:guide_id>/edit/", guides.guide_edit, name="guide-edit"),
    path("discovery/guides/<int:guide_id>/copy/", guides.guide_copy, name="guide-copy"),
    path("discovery/guides/<int:guide_id>/archival/", guides.guide_archival, name="guide-archival"),
    path("discovery/campaigns/", campaigns.campaign_list, name="campaign-list"),
    path("discovery/campaigns/new/", campaigns.campaign_create, name="campaign-create"),
    path("discovery/campaigns/<int:campaign_id>/", campaigns.campaign_page, name="campaign-show"),
    path("discovery/campaigns/<int:campaign_id>/edit/", campaigns.campaign_edit, name="campaign-edit"),
    path("discovery/campaigns/<int:campaign_id>/state/", campaigns.campaign_state, name="campaign-state"),
    path("discovery/campaigns/<int:campaign_id>/choice/", choosing.campaign_choice, name="campaign-choice"),
    path("discovery/campaigns/<int:campaign_id>/person/", campaigns.person_add, name="campaign-person"),
    path("discovery/campaigns/<int:campaign_id>/removal/", campaigns.people_removal, name="campaign-removal"),
    path("discovery/campaigns/<int:campaign_id>/chosen/", invitations.people_chosen, name="campaign-chosen"),
    path(
        "discovery/campaigns/<int:campaign_id>/invitations/",
        invitations.campaign_invitations,
        name="campaign-invitations",
    ),
    path("discovery/campaigns/<int:campaign_id>/dates/", invitations.campaign_dates, name="campaign-dates"),
    path("discovery/campaigns/people/<int:to_hear_id>/", to_hear.to_hear_page, name="to-hear-show"),
    path("discovery/campaigns/people/<int:to_hear_id>/date/", to_hear.to_hear_date, name="to-hear-date"),
    path(
        "discovery/campaigns/people/<int:to_hear_id>/cancellation/",
        to_hear.to_hear_cancellation,
        name="to-hear-cancellation",
    ),
    path(
        "discovery/campaigns/people/<int:to_hear_id>/reminder/",
        to_hear.to_hear_reminder,
        name="to-hear-reminder",
    ),
    path("discovery/campaigns/people/<int:to_hear_id>/link/", to_hear.to_hear_link, name="to-hear-link"),
    path(
        "discovery/campaigns/people/<int:to_hear_id>/calendar.ics",
        to_hear.to_hear_calendar,
        name="to-hear-calendar",
    ),
    path("discovery/hearing/<str:token>/", hearing.hearing_answer, name="hearing-answer"),
    path("discovery/hearing/<str:token>/calendar.ics", hearing.hearing_calendar, name="hearing-calendar"),
    path("discovery/coverage/", coverage.coverage_page, name="coverage"),
    path("discovery/coverage/people/", coverage.coverage_people, name="coverage-people"),
    path("discovery/coverage/choice/", coverage.coverage_choice, name="coverage-choice"),
]
