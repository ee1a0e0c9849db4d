"""Addresses of key results, results, and time asked and given back."""

from django.urls import URLPattern, path

from vertebra.roadmap.pages import key_results, results, role_times

_INITIATIVE = "roadmap/initiatives/<int:initiative_id>/"
_ONE = "roadmap/key-results/<int:key_result_id>/"

urlpatterns: list[URLPattern] = [
    path(f"{_INITIATIVE}key-results/", key_results.key_result_list, name="key-result-list"),
    path(f"{_INITIATIVE}key-results/new/", key_results.key_result_create, name="key-result-create"),
    path(f"{_INITIATIVE}baseline/", key_results.baseline, name="initiative-baseline"),
    path(f"{_INITIATIVE}baseline/asking/", key_results.baseline_asking, name="initiative-baseline-asking"),
    path(f"{_INITIATIVE}time/", role_times.role_time_list, name="role-time-list"),
    path(f"{_ONE}edit/", key_results.key_result_edit, name="key-result-edit"),
    path(f"{_ONE}removal/", key_results.key_result_removal, name="key-result-removal"),
    path(f"{_ONE}figure/", key_results.figure_create, name="key-result-figure"),
    path("roadmap/results/", results.result_list, name="result-list"),
    path("roadmap/results/<int:key_result_id>/", results.result_page, name="result-show"),
    path("roadmap/results/<int:key_result_id>/file/", results.result_file, name="result-file"),
    path("roadmap/time/", role_times.time_given_back, name="time-given-back"),
    path(
        "roadmap/time/lines/<int:role_time_id>/removal/",
        role_times.role_time_removal,
        name="role-time-removal",
    ),
    path("roadmap/time/links/", role_times.time_link_list, name="time-link-list"),
    path(
        "roadmap/time/links/<int:link_id>/revocation/",
        role_times.time_link_revocation,
        name="time-link-revocation",
    ),
    path("roadmap/time/shared/<str:token>/", role_times.time_by_link, name="time-by-link"),
]
