"""Addresses of announcements."""

from django.urls import URLPattern, path

from vertebra.releases.pages import announcement_previews, announcing

ONE = "releases/<int:release_id>/announcing/"

urlpatterns: list[URLPattern] = [
    path(ONE, announcing.announcement_list, name="announcement-list"),
    path(f"{ONE}new/", announcing.announcement_create, name="announcement-create"),
    path(f"{ONE}plan/", announcing.announcement_plan, name="announcement-plan"),
    path(f"{ONE}progress/", announcing.announcement_progress, name="announcement-progress"),
    path(f"{ONE}preview/", announcement_previews.announcement_preview, name="announcement-preview"),
    path(f"{ONE}mail/", announcement_previews.announcement_mail, name="announcement-mail"),
    path(f"{ONE}correction/", announcing.announcement_correction, name="announcement-correction"),
    path(
        "releases/announcements/<int:announcement_id>/stopping/",
        announcing.announcement_stopping,
        name="announcement-stopping",
    ),
]
