"""Addresses of reports, and of the time of product managers."""

from django.urls import URLPattern, path

from vertebra.roadmap.pages import pm_time, report_templates, reports

ALL = "roadmap/reports/"
ONE = f"{ALL}<int:report_id>/"
TEMPLATE = f"{ALL}templates/<int:template_id>/"
urlpatterns: list[URLPattern] = [
    path(ALL, reports.report_list, name="report-list"),
    path(f"{ALL}templates/", report_templates.report_template_list, name="report-template-list"),
    path(f"{ALL}templates/new/", report_templates.report_template_create, name="report-template-create"),
    path(f"{TEMPLATE}edit/", report_templates.report_template_edit, name="report-template-edit"),
    path(f"{TEMPLATE}archiving/", report_templates.report_template_archiving, name="report-template-archiving"),
    path(f"{TEMPLATE}begin/", report_templates.report_begin, name="report-begin"),
    path(ONE, reports.report_page, name="report-show"),
    path(f"{ONE}assembling/", reports.report_assembling, name="report-assembling"),
    path(f"{ONE}freezing/", reports.report_freezing, name="report-freezing"),
    path(f"{ONE}publishing/", reports.report_publishing, name="report-publishing"),
    path(f"{ONE}archiving/", reports.report_archiving, name="report-archiving"),
    path(f"{ONE}file/<slug:form>/", reports.report_file, name="report-file"),
    path(f"{ONE}links/", reports.report_link_list, name="report-link-list"),
    path(f"{ONE}links/<int:link_id>/revocation/", reports.report_link_revocation, name="report-link-revocation"),
    path("roadmap/reports/shared/<str:token>/", reports.report_by_link, name="report-by-link"),
    path("roadmap/pm-time/", pm_time.pm_time_page, name="pm-time"),
    path("roadmap/pm-time/tie/", pm_time.pm_time_tie, name="pm-time-tie"),
    path("roadmap/pm-time/<int:initiative_id>/untie/", pm_time.pm_time_untie, name="pm-time-untie"),
]  # fmt: skip
