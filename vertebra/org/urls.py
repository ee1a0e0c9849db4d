"""Addresses of the organisation."""

from django.urls import path

from vertebra.org.pages import empty_space_reports as reports
from vertebra.org.pages import empty_space_verbs as verbs
from vertebra.org.pages import empty_spaces, gaps

app_name = "org"
urlpatterns = [
    path("organisation/empty-spaces/", empty_spaces.space_list, name="empty-space-list"),
    path("organisation/empty-spaces/report/", reports.report_page, name="empty-space-report"),
    path("organisation/empty-spaces/alike/", reports.alike_part, name="empty-space-alike"),
    path("organisation/empty-spaces/links/", reports.link_list, name="report-link-list"),
    path(
        "organisation/empty-spaces/links/<int:link_id>/revocation/",
        reports.link_revocation,
        name="report-link-revocation",
    ),
    path("organisation/empty-spaces/<int:space_id>/", empty_spaces.space_page, name="empty-space-show"),
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
