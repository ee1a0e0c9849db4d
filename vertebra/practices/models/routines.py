"""Routines: a moment that comes back, who takes part, what was noted and decided each time it was held."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vertebra.org.labels import Function, MandateRole
from vertebra.practices.labels import routines as labels


class Routine(models.Model):
    """A moment that comes back: when, for how long, for whom, led by whom, on what agenda.

    `sequence` grows whenever its day, hour, length or place changes, so that calendars take the change.
    """

    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language"), max_length=5)
    practice = models.ForeignKey(
        "practices.Practice",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="routines",
        verbose_name=_("practice"),
    )
    lead = models.ForeignKey(
        "org.Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("led by"),
    )
    rhythm = models.CharField(_("how often"), max_length=12, choices=labels.Rhythm)
    starts_on = models.DateField(_("first on"))
    ends_on = models.DateField(_("last on"), null=True, blank=True)
    at = models.TimeField(_("at"))
    zone = models.CharField(_("time zone"), max_length=60)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    place = models.CharField(_("place, or link"), max_length=500, blank=True)
    agenda = models.TextField(_("agenda"), max_length=20_000, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="a_routine_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=labels.LONGEST_MINUTES),
                name="a_routine_lasts_minutes",
            ),
        )
        indexes = (models.Index(fields=("archived_at", "id"), name="routines_in_use"),)

    def __str__(self) -> str:
        return self.title


class Participant(models.Model):
    """Who takes part in a routine: one person, or those of a unit, of a function, who hold a mandate."""

    routine = models.ForeignKey(Routine, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey("org.Person", null=True, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    function = models.CharField(_("function"), max_length=20, choices=Function, blank=True)
    role = models.CharField(_("mandate"), max_length=20, choices=MandateRole, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=False, unit__isnull=True, function="", role="")
                | (Q(person__isnull=True) & (Q(unit__isnull=False) | ~Q(function="") | ~Q(role=""))),
                name="a_participant_is_a_person_or_a_rule",
            ),
        )

    def __str__(self) -> str:
        return f"participants of routine {self.routine_id}"


class Meeting(models.Model):
    """One meeting of a routine that was held, moved or cancelled; `due_on` is the day that the rhythm had for it.

    Who came is kept as a number only.
    """

    routine = models.ForeignKey(Routine, on_delete=models.CASCADE, related_name="meetings")
    due_on = models.DateField()
    state = models.CharField(max_length=9, choices=labels.MeetingState)
    at = models.DateTimeField()
    noted = models.TextField(_("notes"), max_length=20_000, blank=True)
    language = models.CharField(max_length=5)
    people_count = models.PositiveSmallIntegerField(_("how many came"), null=True, blank=True)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("routine", "due_on"), name="a_meeting_of_a_routine_once"),
        )

    def __str__(self) -> str:
        return f"meeting {self.pk} of routine {self.routine_id}"


class MeetingDecision(models.Model):
    """What a meeting of a routine decided, who does it and by when."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    line = models.CharField(_("what was decided"), max_length=500)
    language = models.CharField(max_length=5)
    person = models.ForeignKey(
        "org.Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("who"),
    )
    due_on = models.DateField(_("by"), null=True, blank=True)
    done_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("created_at", "id")

    def __str__(self) -> str:
        return self.line
