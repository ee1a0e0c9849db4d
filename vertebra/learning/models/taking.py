"""Taking lessons: to whom they are given, by when, and what each took; told of groups of five or more only."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vertebra.org.labels import MandateRole

_ONE_THING = Q(lesson__isnull=False, path__isnull=True) | Q(lesson__isnull=True, path__isnull=False)


class Assignment(models.Model):
    """A lesson or a path is given to an audience, or to whoever holds a mandate, by a day."""

    lesson = models.ForeignKey(
        "learning.Lesson", null=True, on_delete=models.CASCADE, related_name="assignments"
    )
    path = models.ForeignKey("learning.Path", null=True, on_delete=models.CASCADE, related_name="assignments")
    audience = models.ForeignKey(
        "releases.Audience",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("audience"),
    )
    role = models.CharField(_("mandate"), max_length=20, choices=MandateRole, blank=True)
    due_on = models.DateField(_("to be taken by"), null=True, blank=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=_ONE_THING, name="an_assignment_gives_one_thing"),
            models.CheckConstraint(
                condition=Q(audience__isnull=False, role="") | (Q(audience__isnull=True) & ~Q(role="")),
                name="an_assignment_is_for_one_group",
            ),
            models.UniqueConstraint(
                fields=("lesson", "audience"),
                condition=Q(ended_at__isnull=True, lesson__isnull=False, audience__isnull=False),
                name="a_lesson_is_given_once_to_an_audience",
            ),
            models.UniqueConstraint(
                fields=("lesson", "role"),
                condition=Q(ended_at__isnull=True, lesson__isnull=False) & ~Q(role=""),
                name="a_lesson_is_given_once_to_a_role",
            ),
        )

    def __str__(self) -> str:
        return f"assignment {self.pk}"


class Enrolment(models.Model):
    """Somebody was given a lesson or a path, by a day; asked of them once.

    `unit` is the team in which they were on that day: whoever moves or leaves stays counted there.
    """

    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.SET_NULL, related_name="+")
    lesson = models.ForeignKey(
        "learning.Lesson", null=True, on_delete=models.CASCADE, related_name="enrolments"
    )
    path = models.ForeignKey("learning.Path", null=True, on_delete=models.CASCADE, related_name="enrolments")
    assignment = models.ForeignKey(Assignment, null=True, on_delete=models.SET_NULL, related_name="+")
    started_on = models.DateField()
    due_on = models.DateField(null=True)
    asked_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=_ONE_THING, name="an_enrolment_is_in_one_thing"),
            models.UniqueConstraint(
                fields=("person", "lesson"),
                condition=Q(lesson__isnull=False),
                name="a_person_is_given_a_lesson_once",
            ),
            models.UniqueConstraint(
                fields=("person", "path"),
                condition=Q(path__isnull=False),
                name="a_person_is_given_a_path_once",
            ),
        )
        indexes = (
            models.Index(fields=("lesson", "asked_on"), name="lessons_to_ask"),
            models.Index(fields=("path", "asked_on"), name="paths_to_ask"),
        )

    def __str__(self) -> str:
        return f"enrolment {self.pk}"


class Completion(models.Model):
    """Somebody took a version of a lesson: their own record, and a count of five or more for all others."""

    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(
        "learning.LessonVersion", on_delete=models.CASCADE, related_name="completions"
    )
    done_on = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("version", "person"), name="a_person_takes_a_version_once"),
        )
        indexes = (models.Index(fields=("person", "-done_on"), name="lessons_taken_by_a_person"),)

    def __str__(self) -> str:
        return f"completion {self.pk}"


class StepDone(models.Model):
    """Somebody did a step of a path: seen by themselves alone."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="done")
    step = models.ForeignKey("learning.PathStep", on_delete=models.CASCADE, related_name="+")
    done_on = models.DateField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("enrolment", "step"), name="a_step_is_done_once"),)

    def __str__(self) -> str:
        return f"step {self.step_id} done"
