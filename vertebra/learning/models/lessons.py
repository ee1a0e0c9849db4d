"""Lessons: a few minutes about one thing, with one question; a version holds until what it tells of changes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vertebra.learning import labels


class Lesson(models.Model):
    """A few minutes about one thing, often a release; what it says today is its version that holds."""

    title = models.CharField(_("what one learns"), max_length=200)
    language = models.CharField(_("language"), max_length=5)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=3)
    release = models.ForeignKey(
        "releases.Release",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("release"),
    )
    feature = models.ForeignKey(
        "roadmap.Feature",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("feature"),
    )
    area = models.ForeignKey(
        "org.Area", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("area")
    )
    owner = models.ForeignKey(
        "org.Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("kept true by"),
    )
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("release",),
                condition=Q(release__isnull=False, archived_at__isnull=True),
                name="a_release_carries_one_lesson",
            ),
        )
        indexes = (models.Index(fields=("archived_at", "changed_at", "id"), name="lessons_by_change"),)

    def __str__(self) -> str:
        return self.title


class LessonVersion(models.Model):
    """What a lesson says from the day it was published until what it tells of changed."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    expired_at = models.DateTimeField(null=True)
    expired_why = models.CharField(max_length=10, choices=labels.Expiry, blank=True)
    expired_note = models.CharField(_("what changed"), max_length=500, blank=True)
    expired_by = models.ForeignKey("releases.Release", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("lesson", "number"), name="a_lesson_numbers_its_versions"),
            models.UniqueConstraint(
                fields=("lesson",),
                condition=Q(published_at__isnull=False, expired_at__isnull=True),
                name="one_version_of_a_lesson_holds",
            ),
            models.UniqueConstraint(
                fields=("lesson",),
                condition=Q(published_at__isnull=True),
                name="one_version_of_a_lesson_is_written",
            ),
            models.CheckConstraint(
                condition=Q(expired_at__isnull=True) | (Q(published_at__isnull=False) & ~Q(expired_why="")),
                name="what_expires_was_published_and_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"version {self.number} of lesson {self.lesson_id}"


class LessonText(models.Model):
    """What a version says in one language: text, an image, a video elsewhere, the one question."""

    version = models.ForeignKey(LessonVersion, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=5)
    title = models.CharField(_("what one learns"), max_length=200)
    body = models.TextField(_("text"), max_length=20_000, blank=True)
    video_address = models.URLField(_("address of a video"), max_length=500, blank=True)
    image = models.CharField(_("image"), max_length=80, blank=True)
    image_words = models.CharField(_("what the image shows"), max_length=300, blank=True)
    question = models.CharField(_("the one question"), max_length=300, blank=True)
    choices = models.JSONField(_("answers to choose from"), default=list, blank=True)
    right = models.PositiveSmallIntegerField(_("the right one"), default=0)
    explanation = models.TextField(_("why"), max_length=2000, blank=True)
    brief = models.ForeignKey("releases.Brief", null=True, on_delete=models.SET_NULL, related_name="+")
    brief_version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("version", "language"), name="a_version_speaks_a_language_once"),
        )

    def __str__(self) -> str:
        return self.title
