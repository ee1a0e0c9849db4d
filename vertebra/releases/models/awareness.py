"""Announcements and awareness: who was told what, and what groups, never persons, say they understood."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vertebra.releases.labels import awareness as labels
from vertebra.releases.labels.briefs import Trade


class Announcement(models.Model):
    """A release is told to an audience; a correction goes to exactly those who got the first text.

    `versions` keeps which version of each brief was told, by `trade/language`; `told_day` which day of the release;
    `people` how many it goes to; `filled_at` since when all its messages are in the outbox; `reminded_at` since when
    those of whom nothing was heard are reminded, once.
    """

    release = models.ForeignKey("releases.Release", on_delete=models.CASCADE, related_name="announcements")
    audience = models.ForeignKey(
        "releases.Audience", null=True, on_delete=models.PROTECT, related_name="announcements"
    )
    kind = models.CharField(
        max_length=10, choices=labels.AnnouncementKind, default=labels.AnnouncementKind.FIRST
    )
    correction_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")
    words = models.TextField(_("what changed"), max_length=4000, blank=True)
    channels = models.JSONField(_("channels"), default=list, blank=True)
    versions = models.JSONField(default=dict, blank=True)
    told_day = models.DateField(null=True)
    people = models.PositiveIntegerField(default=0)
    state = models.CharField(
        max_length=8, choices=labels.AnnouncementState, default=labels.AnnouncementState.PLANNED
    )
    due_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    filled_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="first", audience__isnull=False, correction_of__isnull=True)
                | (~Q(kind="first") & Q(correction_of__isnull=False) & ~Q(words="")),
                name="a_correction_says_what_it_corrects",
            ),
            models.CheckConstraint(
                condition=Q(correction_of__isnull=True) | ~Q(correction_of=F("id")),
                name="an_announcement_does_not_correct_itself",
            ),
        )
        indexes = (models.Index(fields=("state", "due_at"), name="announcements_due"),)

    def __str__(self) -> str:
        return f"announcement {self.pk} of release {self.release_id}"


class Recipient(models.Model):
    """Somebody to whom an announcement goes, in the words of which trade and in which language, once."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="recipients")
    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="+")
    trade = models.CharField(max_length=20, choices=Trade, default=Trade.EVERYONE)
    language = models.CharField(max_length=5)
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    queued_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("announcement", "person"), name="an_announcement_goes_to_a_person_once"
            ),
        )
        indexes = (models.Index(fields=("person", "announcement"), name="announcements_of_a_person"),)

    def __str__(self) -> str:
        return f"recipient {self.pk} of announcement {self.announcement_id}"


class Receipt(models.Model):
    """Somebody says of a release: read, understood, or I have a question; shown of groups of five or more only.

    `checked` is the question that they answered last; what they answered is a count, and theirs no more.
    """

    release = models.ForeignKey("releases.Release", on_delete=models.CASCADE, related_name="receipts")
    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=12, choices=labels.ReceiptState)
    checked = models.ForeignKey(
        "releases.ReleaseCheck", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    first_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("release", "person"), name="one_receipt_per_person_and_release"),
        )
        indexes = (models.Index(fields=("release", "state", "first_at"), name="receipts_of_a_release"),)

    def __str__(self) -> str:
        return f"receipt {self.pk}"


class ReleaseCheck(models.Model):
    """The one question of a top-tier release: which of these is true, and why; another one takes its place.

    `other_words` says the same in other languages, with the answers in the same order:
    `{language: {"question": …, "choices": […], "explanation": …}}`.
    """

    release = models.ForeignKey("releases.Release", on_delete=models.CASCADE, related_name="check_questions")
    question = models.CharField(_("question"), max_length=300)
    choices = models.JSONField(_("answers to choose from"), default=list)
    right = models.PositiveSmallIntegerField(_("the right one"), default=0)
    explanation = models.TextField(_("why"), max_length=2000, blank=True)
    language = models.CharField(max_length=5)
    other_words = models.JSONField(default=dict, blank=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("release",),
                condition=Q(replaced_at__isnull=True),
                name="a_release_asks_one_question_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return self.question


class CheckCount(models.Model):
    """How often an answer was chosen: a count, with no person and no moment."""

    check_question = models.ForeignKey(ReleaseCheck, on_delete=models.CASCADE, related_name="counts")
    choice = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("check_question", "choice"), name="an_answer_is_counted_once"),
        )

    def __str__(self) -> str:
        return f"{self.choice}: {self.count}"
