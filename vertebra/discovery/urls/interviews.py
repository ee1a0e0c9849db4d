"""Addresses of interviews, their notes, transcripts and verbatims."""

from django.urls import URLPattern, path

from vertebra.discovery.pages import (
    consent_links,
    interview_reading,
    interview_room,
    interviews,
    verbatims,
)

ONE = "discovery/interviews/<int:interview_id>/"
urlpatterns: list[URLPattern] = [
    path("discovery/interviews/", interviews.interview_list, name="interview-list"),
    path("discovery/interviews/new/", interviews.interview_start, name="interview-start"),
    path(ONE, interview_room.interview_room, name="interview-show"),
    path(f"{ONE}notes/", interview_room.interview_notes, name="interview-notes"),
    path(f"{ONE}copies/<int:copy_id>/", interview_room.interview_copy, name="interview-copy"),
    path(f"{ONE}reading/", interview_reading.interview_reading, name="interview-reading"),
    path(f"{ONE}moment/", interviews.interview_move, name="interview-move"),
    path(f"{ONE}cancellation/", interviews.interview_cancellation, name="interview-cancellation"),
    path(f"{ONE}consent/", interviews.interview_consent, name="interview-consent"),
    path(f"{ONE}closing/", interviews.interview_closing, name="interview-closing"),
    path(f"{ONE}withdrawal/", interviews.interview_withdrawal, name="interview-withdrawal"),
    path(f"{ONE}verbatims/", verbatims.verbatim_mark, name="verbatim-mark"),
    path(f"{ONE}pain-points/", verbatims.verbatim_suggest, name="verbatim-suggest"),
    path(
        "discovery/verbatims/<int:verbatim_id>/removal/", verbatims.verbatim_removal, name="verbatim-removal"
    ),
    path("discovery/verbatims/<int:verbatim_id>/pain-point/", verbatims.verbatim_tie, name="verbatim-tie"),
    path(
        "discovery/transcripts/of/<int:interview_id>/",
        interview_reading.transcript_upload,
        name="transcript-upload",
    ),
    path(
        "discovery/transcripts/<int:transcript_id>/",
        interview_reading.transcript_page,
        name="transcript-show",
    ),
    path(
        "discovery/transcripts/<int:transcript_id>/removal/",
        interview_reading.transcript_removal,
        name="transcript-removal",
    ),
    path("discovery/heard/<str:token>/agreement/", consent_links.consent_page, name="heard-agreement"),
]
