"""Addresses of metrics."""

from django.urls import URLPattern, path

from vertebra.measures.pages import metric, metrics

_ONE = "measures/metrics/<int:metric_id>/"

urlpatterns: list[URLPattern] = [
    path("measures/metrics/", metrics.metric_list, name="metric-list"),
    path("measures/metrics/new/", metrics.metric_create, name="metric-create"),
    path("measures/coverage/", metrics.coverage, name="coverage"),
    path(_ONE, metric.metric_page, name="metric-show"),
    path(f"{_ONE}more/", metric.metric_more, name="metric-more"),
    path(f"{_ONE}edit/", metrics.metric_edit, name="metric-edit"),
    path(f"{_ONE}verification/", metric.verification, name="metric-verification"),
    path(f"{_ONE}archiving/", metric.archiving, name="metric-archiving"),
    path(f"{_ONE}targets/", metric.target_create, name="target-create"),
    path(f"{_ONE}targets/<int:target_id>/removal/", metric.target_removal, name="target-removal"),
    path(f"{_ONE}values/", metric.value_create, name="value-create"),
    path(f"{_ONE}alerts/", metric.alert_create, name="alert-create"),
    path(f"{_ONE}alerts/<int:alert_id>/removal/", metric.alert_removal, name="alert-removal"),
    path(f"{_ONE}marks/", metric.mark_create, name="mark-create"),
    path(f"{_ONE}marks/<int:mark_id>/removal/", metric.mark_removal, name="mark-removal"),
]
