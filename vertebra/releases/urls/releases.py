"""Addresses of releases, tiers and the calendar."""

from django.urls import URLPattern, path

from vertebra.releases.pages import (
    calendar,
    release,
    release_forms,
    release_verbs,
    releases,
    tiers,
    understanding,
)

ONE = "releases/<int:release_id>/"

urlpatterns: list[URLPattern] = [
    path("releases/", releases.release_list, name="release-list"),
    path("releases/new/", release_forms.release_create, name="release-create"),
    path("releases/note/", release_forms.release_note, name="release-note"),
    path("releases/calendar/", calendar.calendar, name="calendar"),
    path("releases/calendar/releases.ics", calendar.calendar_file, name="calendar-file"),
    path("releases/freezes/new/", calendar.freeze_create, name="freeze-create"),
    path("releases/freezes/<int:freeze_id>/lifting/", calendar.freeze_lifting, name="freeze-lifting"),
    path("releases/tiers/", tiers.tier_list, name="tier-list"),
    path("releases/tiers/new/", tiers.tier_create, name="tier-create"),
    path("releases/tiers/<int:tier_id>/edit/", tiers.tier_edit, name="tier-edit"),
    path("releases/tiers/<int:tier_id>/archiving/", tiers.tier_archiving, name="tier-archiving"),
    path(ONE, release.release_page, name="release-show"),
    path(f"{ONE}around/", release.release_around, name="release-around"),
    path(f"{ONE}checks/", release.release_checks, name="release-checks"),
    path(f"{ONE}edit/", release_forms.release_edit, name="release-edit"),
    path(f"{ONE}move/", release_forms.move, name="release-move"),
    path(f"{ONE}audiences/", release_forms.audiences, name="release-audiences"),
    path(f"{ONE}check/", understanding.check, name="release-check"),
    path(f"{ONE}checking/", release_verbs.checking, name="release-checking"),
    path(f"{ONE}planning/", release_verbs.planning, name="release-planning"),
    path(f"{ONE}released/", release_forms.released, name="release-released"),
    path(f"{ONE}withdrawal/", release_forms.withdrawal, name="release-withdrawal"),
    path(f"{ONE}archiving/", release_verbs.archiving, name="release-archiving"),
    path(f"{ONE}restoration/", release_verbs.restoration, name="release-restoration"),
    path(f"{ONE}validations/", release_verbs.validation_create, name="release-validation"),
    path(f"{ONE}readiness/", release_verbs.readiness_create, name="release-readiness"),
    path(f"{ONE}go/", release_verbs.go_create, name="release-go"),
    path(f"{ONE}ties/", release_verbs.tie_create, name="release-tie"),
    path(f"{ONE}ties/removal/", release_verbs.tie_removal, name="release-tie-removal"),
]
