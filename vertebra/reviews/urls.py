"""Addresses of reviews."""

from django.urls import URLPattern, path

from vertebra.reviews.pages import cadences, reviews

app_name = "reviews"
ONE = "reviews/<int:review_id>/"
CADENCE = "reviews/rhythms/<int:cadence_id>/"
urlpatterns: list[URLPattern] = [
    path("reviews/", reviews.review_list, name="review-list"),
    path(ONE, reviews.review_page, name="review-show"),
    path(f"{ONE}decision/", reviews.decision, name="review-decision"),
    path(f"{ONE}skipping/", reviews.skipping, name="review-skipping"),
    path(f"{ONE}findings/new/", reviews.finding_create, name="finding-create"),
    path("reviews/rhythms/", cadences.cadence_list, name="cadence-list"),
    path("reviews/rhythms/new/", cadences.cadence_create, name="cadence-create"),
    path(f"{CADENCE}edit/", cadences.cadence_edit, name="cadence-edit"),
    path(f"{CADENCE}opening/", cadences.cadence_opening, name="cadence-opening"),
    path(f"{CADENCE}end/", cadences.cadence_end, name="cadence-end"),
]
