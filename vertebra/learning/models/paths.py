"""Paths: lessons, people, ways of working and pages in an order; a Product Camp begins on arrival."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vertebra.learning import labels


class Path(models.Model):
    """Steps in an order, for whoever is given them; a camp begins by itself when somebody arrives.

    `functions` and `roles` are codes of the organisation: a camp is for whoever has one of each list that is not empty.
    """

    title = models.CharField(_("what it leads to"), max_length=200)
    description = models.TextField(_("for whom, why"), max_length=4000, blank=True)
    language = models.CharField(_("language"), max_length=5)
    is_camp = models.BooleanField(_("begins by itself when somebody arrives"), default=False)
    functions = models.JSONField(_("functions"), default=list, blank=True)
    roles = models.JSONField(_("mandates"), default=list, blank=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("archived_at", "is_camp", "id"), name="paths_by_kind"),)

    def __str__(self) -> str:
        return self.title


class PathStep(models.Model):
    """One thing to do on a path: whom to meet, what to take or read, how many days after one begins."""

    path = models.ForeignKey(Path, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("what it is"), max_length=10, choices=labels.StepKind)
    title = models.CharField(_("what to do"), max_length=200)
    words = models.TextField(_("why, and how"), max_length=2000, blank=True)
    lesson = models.ForeignKey(
        "learning.Lesson",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="steps",
        verbose_name=_("lesson"),
    )
    meet = models.CharField(_("whom"), max_length=12, choices=labels.Meet, blank=True)
    web_address = models.CharField(_("address"), max_length=500, blank=True)
    day = models.PositiveSmallIntegerField(_("by which day"), default=5)
    # Who did it keeps it in their own record.
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("day", "position", "id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(kind="lesson") | Q(lesson__isnull=False), name="a_step_of_a_lesson_names_it"
            ),
            models.CheckConstraint(
                condition=~Q(kind="people") | ~Q(meet=""), name="a_step_of_people_says_whom"
            ),
        )

    def __str__(self) -> str:
        return self.title
