"""Listening: whom to hear, with which guide, what was said, and what may be quoted of it."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vertebra.discovery import labels
from vertebra.kit import clock
from vertebra.org.labels import Function


class Guide(models.Model):
    """Questions for an interview, in one language; questions are `[{"text": …, "hint": …}]`."""

    code = models.SlugField(max_length=60, blank=True)
    title = models.CharField(_("title"), max_length=200)
    function = models.CharField(_("function"), max_length=20, choices=Function, blank=True)
    language = models.CharField(_("language"), max_length=5)
    questions = models.JSONField(_("questions"), default=list)
    is_shipped = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("code", "language"), condition=~Q(code=""), name="a_shipped_guide_once_per_language"
            ),
        )

    def __str__(self) -> str:
        return self.title


class Campaign(models.Model):
    """A round of listening: whom to hear and why, with which guide, until when."""

    title = models.CharField(_("title"), max_length=200)
    purpose = models.TextField(_("what we want to understand"), max_length=4000, blank=True)
    language = models.CharField(_("language"), max_length=5)
    guide = models.ForeignKey(Guide, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(
        max_length=8, choices=labels.CampaignState, default=labels.CampaignState.DRAFT, db_index=True
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    owner = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title


class ToHear(models.Model):
    """Somebody a campaign wants to hear, with their function and unit on that day; `offered` are moments proposed."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="+")
    function = models.CharField(max_length=20, choices=Function, blank=True)
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=8, choices=labels.InviteState, default=labels.InviteState.PLANNED)
    digest = models.CharField(max_length=64, blank=True)
    invited_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    interviewer = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    offered = models.JSONField(default=list, blank=True)
    minutes = models.PositiveSmallIntegerField(default=45)
    place = models.CharField(max_length=300, blank=True)
    proposal = models.CharField(max_length=500, blank=True)
    is_waiting = models.BooleanField(default=False)
    letters = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("campaign", "person"), name="a_person_is_heard_once_per_campaign"
            ),
            models.UniqueConstraint(
                fields=("digest",), condition=~Q(digest=""), name="a_link_to_be_heard_is_one_persons"
            ),
        )

    def __str__(self) -> str:
        return f"person {self.person_id} to hear"


class Interview(models.Model):
    """A conversation: notes are kept to Product Ops; `notes_version` counts saves, so that no text is lost.

    `is_told`: the date was mailed to the person, who is told when it moves or falls away.
    """

    campaign = models.ForeignKey(
        Campaign, null=True, blank=True, on_delete=models.SET_NULL, related_name="interviews"
    )
    person = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    function = models.CharField(_("function"), max_length=20, choices=Function, blank=True)
    unit = models.ForeignKey("org.Unit", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    guide = models.ForeignKey(Guide, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    interviewer = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(
        max_length=10,
        choices=labels.InterviewState,
        default=labels.InterviewState.PLANNED,
        db_index=True,
    )
    starts_at = models.DateTimeField(_("at"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=45)
    place = models.CharField(_("where"), max_length=300, blank=True)
    sequence = models.PositiveSmallIntegerField(default=0)
    is_told = models.BooleanField(default=False)
    held_on = models.DateField(null=True)
    consent = models.CharField(
        _("consent"), max_length=10, choices=labels.Consent, default=labels.Consent.UNASKED
    )
    consent_at = models.DateTimeField(null=True)
    language = models.CharField(_("language"), max_length=5)
    notes = models.TextField(_("notes"), max_length=500_000, blank=True)
    notes_version = models.PositiveIntegerField(default=0)
    notes_key = models.CharField(max_length=80, blank=True)
    notes_at = models.DateTimeField(null=True)
    notes_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    most_painful = models.CharField(_("what was the most painful"), max_length=500, blank=True)
    next_step = models.CharField(_("what comes next"), max_length=500, blank=True)
    follow_up_digest = models.CharField(max_length=64, blank=True, db_index=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(state=labels.InterviewState.HELD) | Q(held_on__isnull=False),
                name="an_interview_held_has_a_day",
            ),
        )
        indexes = (
            models.Index(fields=("person", "held_on"), name="when_a_person_was_heard"),
            models.Index(fields=("-held_on", "-id"), name="interviews_by_day"),
        )

    def __str__(self) -> str:
        return f"interview {self.pk}"

    def state_at(self, now: dt.datetime) -> str:
        """The state as people say it: what was planned for today and has begun is under way until it is closed."""
        began = self.starts_at if self.state == labels.InterviewState.PLANNED else None
        is_now = began is not None and began <= now and clock.today(began) == clock.today(now)
        return labels.UNDER_WAY if is_now else self.state


class NotesCopy(models.Model):
    """Notes that came back from a device while others had been saved: kept until somebody merges them."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="copies")
    author = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(max_length=500_000)
    based_on = models.PositiveIntegerField()
    key = models.CharField(max_length=64)
    at = models.DateTimeField()
    merged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("interview", "key"), name="a_copy_of_notes_is_kept_once"),
        )

    def __str__(self) -> str:
        return f"copy of the notes of interview {self.interview_id}"


class Transcript(models.Model):
    """The words of an interview as a file brought them; read by a job when the file is large."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="transcripts")
    name = models.CharField(max_length=200)
    state = models.CharField(
        max_length=8, choices=labels.TranscriptState, default=labels.TranscriptState.READING
    )
    problems = models.JSONField(default=list, blank=True)
    line_count = models.PositiveIntegerField(default=0)
    page_count = models.PositiveIntegerField(default=0)
    size = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("interview", "digest"), name="a_transcript_is_kept_once"),
        )

    def __str__(self) -> str:
        return self.name


class TranscriptPage(models.Model):
    """As many lines of a transcript as one page shows: `[{"at": seconds, "who": …, "text": …}]`."""

    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    first_line = models.PositiveIntegerField()
    lines = models.JSONField(default=list)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("transcript", "number"), name="a_page_of_a_transcript_once"),
        )

    def __str__(self) -> str:
        return f"page {self.number} of transcript {self.transcript_id}"


class Verbatim(models.Model):
    """Words that somebody said: shown without a name, with function and unit only where five could have said them.

    `function` and `unit` are Product Ops' alone; `shown_function` and `shown_unit` are what others may be told, settled
    when the verbatim is written (`queries.voices`). `withdrawn_at`: it counts and is shown no more.
    """

    interview = models.ForeignKey(Interview, null=True, on_delete=models.CASCADE, related_name="verbatims")
    transcript = models.ForeignKey(Transcript, null=True, on_delete=models.SET_NULL, related_name="+")
    position = models.PositiveIntegerField(null=True)
    text = models.CharField(_("what was said"), max_length=2000)
    language = models.CharField(max_length=5)
    person = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    function = models.CharField(max_length=20, choices=Function, blank=True)
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.SET_NULL, related_name="+")
    shown_function = models.CharField(max_length=20, choices=Function, blank=True)
    shown_unit = models.ForeignKey("org.Unit", null=True, on_delete=models.SET_NULL, related_name="+")
    said_on = models.DateField()
    marked_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("-said_on", "-id"), name="verbatims_by_day"),)

    def __str__(self) -> str:
        return self.text
