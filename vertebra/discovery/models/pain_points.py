"""What hurts: pain points, whom they hurt, what shows it, and the one question asked again."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vertebra.accounts.labels import Kind
from vertebra.discovery import labels
from vertebra.org.labels import Function


class PainPoint(models.Model):
    """Something that hurts people in their work; its counts are of distinct people, teams and functions heard."""

    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), max_length=8000, blank=True)
    language = models.CharField(_("language"), max_length=5)
    field = models.ForeignKey(
        "org.Field",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("field of action"),
    )
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="children",
        verbose_name=_("part of"),
    )
    severity = models.PositiveSmallIntegerField(
        _("severity"), choices=labels.Severity, default=labels.Severity.MEDIUM
    )
    state = models.CharField(
        _("state"), max_length=10, choices=labels.PainState, default=labels.PainState.RAISED, db_index=True
    )
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    question = models.CharField(_("question asked again"), max_length=300, blank=True)
    has_own_groups = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="merged")
    people_count = models.PositiveIntegerField(default=0)
    branch_count = models.PositiveIntegerField(default=0)
    team_count = models.PositiveIntegerField(default=0)
    function_count = models.PositiveIntegerField(default=0)
    evidence_count = models.PositiveIntegerField(default=0)
    recent_count = models.PositiveIntegerField(default=0)
    before_count = models.PositiveIntegerField(default=0)
    to_directors_on = models.DateField(null=True)
    first_seen_on = models.DateField()
    latest_seen_on = models.DateField()
    settled_on = models.DateField(null=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(state=labels.PainState.DISMISSED) | ~Q(reason=""),
                name="dismissing_a_pain_point_needs_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="a_pain_point_is_not_its_own_parent",
            ),
        )
        indexes = (models.Index(fields=("-people_count", "-id"), name="pain_points_by_size"),)

    def __str__(self) -> str:
        return self.title


class HurtGroup(models.Model):
    """A function, a unit or both that a pain point hurts, and so is asked again; its size is counted each night."""

    pain_point = models.ForeignKey(PainPoint, on_delete=models.CASCADE, related_name="groups")
    function = models.CharField(max_length=20, choices=Function, blank=True)
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.CASCADE, related_name="+")
    people_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(function="") | Q(unit__isnull=False), name="a_hurt_group_names_somebody"
            ),
        )

    def __str__(self) -> str:
        return f"group hurt by pain point {self.pain_point_id}"


class Evidence(models.Model):
    """What shows that a pain point hurts: a verbatim, or another object; ended, never deleted."""

    pain_point = models.ForeignKey(PainPoint, on_delete=models.CASCADE, related_name="evidence")
    verbatim = models.ForeignKey(
        "discovery.Verbatim", null=True, on_delete=models.CASCADE, related_name="evidence"
    )
    kind = models.CharField(max_length=30, choices=Kind, blank=True)
    object_id = models.BigIntegerField(null=True)
    person = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    function = models.CharField(max_length=20, choices=Function, blank=True)
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.SET_NULL, related_name="+")
    why = models.CharField(_("why"), max_length=500, blank=True)
    seen_on = models.DateField()
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(verbatim__isnull=False, object_id__isnull=True)
                | Q(verbatim__isnull=True, object_id__isnull=False),
                name="evidence_is_one_thing",
            ),
            models.UniqueConstraint(
                fields=("pain_point", "verbatim"),
                condition=Q(verbatim__isnull=False, ended_at__isnull=True),
                name="a_verbatim_shows_a_pain_point_once",
            ),
            models.UniqueConstraint(
                fields=("pain_point", "kind", "object_id"),
                condition=Q(object_id__isnull=False, ended_at__isnull=True),
                name="an_object_shows_a_pain_point_once",
            ),
        )
        indexes = (
            models.Index(fields=("kind", "object_id"), name="pain_points_shown_by_an_object"),
            models.Index(
                fields=("pain_point", "-seen_on", "-id"),
                condition=Q(ended_at__isnull=True),
                name="what_shows_a_pain_point_by_day",
            ),
        )

    def __str__(self) -> str:
        return f"evidence {self.pk} of pain point {self.pain_point_id}"


class ReAsk(models.Model):
    """The question of a pain point, put at one moment to those it hurts, as a survey of its own."""

    pain_point = models.ForeignKey(PainPoint, on_delete=models.CASCADE, related_name="re_asks")
    moment = models.CharField(max_length=10, choices=labels.Moment)
    due_on = models.DateField()
    survey = models.OneToOneField("evidence.Survey", null=True, on_delete=models.SET_NULL, related_name="+")
    answered = models.PositiveIntegerField(null=True)
    mean = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    read_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("pain_point", "moment", "due_on"), name="a_pain_point_is_asked_once_per_moment"
            ),
        )
        indexes = (models.Index(fields=("due_on", "read_at"), name="re_asks_due"),)

    def __str__(self) -> str:
        return f"re-ask {self.moment} of pain point {self.pain_point_id}"
