"""Addresses of feeds and of the connections behind them."""

from django.urls import URLPattern, path

from vertebra.measures.pages import feeds as pages

_ONE = "measures/metrics/<int:metric_id>/feed/"

urlpatterns: list[URLPattern] = [
    path(_ONE, pages.feed_page, name="feed-show"),
    path(f"{_ONE}from/<slug:kind>/", pages.feed_edit, name="feed-edit"),
    path(f"{_ONE}preview/", pages.feed_preview, name="feed-preview"),
    path(f"{_ONE}start/", pages.feed_start, name="feed-start"),
    path(f"{_ONE}pause/", pages.feed_pause, name="feed-pause"),
    path(f"{_ONE}now/", pages.feed_now, name="feed-now"),
    path("measures/metrics/connections/", pages.connection_list, name="connection-list"),
    path("measures/metrics/connections/new/", pages.connection_create, name="connection-create"),
    path(
        "measures/metrics/connections/<int:source_id>/secret/",
        pages.connection_secret,
        name="connection-secret",
    ),
]
