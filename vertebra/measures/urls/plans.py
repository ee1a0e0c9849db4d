"""Addresses of ratios and of the hiring plan."""

from django.urls import URLPattern, path

from vertebra.measures.pages import ratios

urlpatterns: list[URLPattern] = [
    path("measures/ratios/", ratios.ratio_list, name="ratio-list"),
    path("measures/ratios/adoption/", ratios.ratio_adoption, name="ratio-adoption"),
    path("measures/ratios/new/", ratios.ratio_create, name="ratio-create"),
    path("measures/ratios/plan/", ratios.plan_upload, name="plan-upload"),
    path("measures/ratios/<int:ratio_id>/edit/", ratios.ratio_edit, name="ratio-edit"),
    path("measures/ratios/<int:ratio_id>/archiving/", ratios.ratio_archiving, name="ratio-archiving"),
]
