"""Addresses of measures, one file per noun."""

from vertebra.measures.urls import charts, feeds, levers, metrics, plans, requests

app_name = "measures"
urlpatterns = [
    *metrics.urlpatterns,
    *feeds.urlpatterns,
    *charts.urlpatterns,
    *requests.urlpatterns,
    *levers.urlpatterns,
    *plans.urlpatterns,
]
