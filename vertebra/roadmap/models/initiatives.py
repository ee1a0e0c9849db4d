"""Initiatives: who leads and builds them, what they serve, what is said of them each month, what may go wrong."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vertebra.roadmap.labels import initiatives as labels
from vertebra.sources.models import FromOutside


class Initiative(FromOutside):
    """Something undertaken: it does not start without a baseline or a signed reason, nor end without an outcome."""

    kind = models.CharField(_("kind"), max_length=15, choices=labels.InitiativeKind)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("what changes, for whom"), max_length=8000, blank=True)
    language = models.CharField(_("language"), max_length=5)
    state = models.CharField(
        max_length=9, choices=labels.InitiativeState, default=labels.InitiativeState.IDEA
    )
    stage = models.CharField(_("stage in its own tool"), max_length=40, blank=True)
    horizon = models.CharField(_("when"), max_length=5, choices=labels.Horizon, blank=True)
    position = models.PositiveIntegerField(default=0)
    lead = models.ForeignKey(
        "org.Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("lead"),
    )
    owner_unit = models.ForeignKey(
        "org.Unit", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("unit")
    )
    objective = models.ForeignKey(
        "roadmap.Objective",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="initiatives",
        verbose_name=_("objective it serves"),
    )
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
    effort_days = models.PositiveSmallIntegerField(_("days of work"), null=True, blank=True)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    target = models.CharField(_("target in its own tool"), max_length=60, blank=True)
    pace = models.CharField(max_length=9, choices=labels.Pace, blank=True)
    pace_line = models.CharField(max_length=300, blank=True)
    paced_on = models.DateField(null=True)
    baseline_at = models.DateTimeField(null=True)
    no_baseline_reason = models.TextField(_("why there is no baseline"), max_length=2000, blank=True)
    no_baseline_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    started_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(_("outcome"), max_length=11, choices=labels.Outcome, blank=True)
    outcome_reason = models.TextField(_("why"), max_length=2000, blank=True)
    lesson = models.TextField(_("what we learnt"), max_length=4000, blank=True)
    slip_count = models.PositiveSmallIntegerField(default=0)
    slip_steps = models.PositiveSmallIntegerField(default=0)
    slip_days = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta(FromOutside.Meta):
        constraints = (  # type: ignore[assignment]
            *FromOutside.Meta.constraints,
            models.CheckConstraint(
                condition=Q(started_at__isnull=True)
                | Q(kind="product", source__isnull=False)
                | Q(baseline_at__isnull=False)
                | ~Q(no_baseline_reason=""),
                name="no_start_without_a_baseline_or_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True)
                | ~Q(outcome="")
                | Q(kind="product", source__isnull=False),
                name="no_end_without_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="an_initiative_is_not_its_own_parent",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(starts_on__isnull=True) | Q(due_on__gte=F("starts_on")),
                name="an_initiative_is_due_after_it_starts",
            ),
        )
        # What lists, boards and the timeline count and cut; each holds all that its count asks.
        indexes = (
            models.Index(fields=("archived_at", "changed_at", "id"), name="initiatives_by_change"),
            models.Index(
                fields=(
                    "archived_at",
                    "horizon",
                    "position",
                    "id",
                    "state",
                    "kind",
                    "field",
                    "objective",
                    "owner_unit",
                ),
                name="initiatives_by_horizon",
            ),
            models.Index(fields=("archived_at", "state", "due_on", "id"), name="initiatives_by_state"),
            models.Index(fields=("archived_at", "slip_count", "id"), name="initiatives_by_slips"),
            models.Index(fields=("archived_at", "pace", "state"), name="initiatives_by_pace"),
            *(
                models.Index(
                    fields=("archived_at", name, "due_on", "starts_on", "state"),
                    name=f"initiatives_by_{name}",
                )
                for name in ("kind", "field", "objective", "owner_unit")
            ),
        )

    def __str__(self) -> str:
        return self.title


class Involvement(models.Model):
    """A unit, an area, a market or a person has a part in an initiative."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="involvements")
    part = models.CharField(max_length=9, choices=labels.Part, default=labels.Part.CONCERNED)
    of_unit = models.ForeignKey("org.Unit", null=True, on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey("org.Area", null=True, on_delete=models.CASCADE, related_name="+")
    market = models.ForeignKey("org.Market", null=True, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("org.Person", null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = tuple(
            models.UniqueConstraint(
                fields=("initiative", name),
                condition=Q(**{f"{name}__isnull": False}),
                name=f"a_{name}_has_one_part_in_an_initiative",
            )
            for name in ("of_unit", "area", "market", "person")
        )

    def __str__(self) -> str:
        return f"part {self.pk} of initiative {self.initiative_id}"


class MonthlyWord(models.Model):
    """What the lead said of an initiative for a month: on track, at risk or off track, in one line."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="words")
    month = models.DateField()
    pace = models.CharField(max_length=9, choices=labels.Pace)
    line = models.CharField(_("in one line"), max_length=300)
    language = models.CharField(max_length=5)
    said_by = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        ordering = ("-month",)
        constraints = (models.UniqueConstraint(fields=("initiative", "month"), name="one_word_a_month"),)

    def __str__(self) -> str:
        return self.line


class Risk(models.Model):
    """What may go wrong in an initiative, and what is done about it."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="risks")
    title = models.CharField(_("what may go wrong"), max_length=200)
    remedy = models.TextField(_("what we do about it"), max_length=2000, blank=True)
    language = models.CharField(max_length=5)
    level = models.PositiveSmallIntegerField(
        _("level"), choices=labels.RiskLevel, default=labels.RiskLevel.MEDIUM
    )
    state = models.CharField(max_length=9, choices=labels.RiskState, default=labels.RiskState.OPEN)
    owner = models.ForeignKey(
        "org.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title


class WebLink(models.Model):
    """An address outside that belongs to an initiative."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="web_links")
    title = models.CharField(_("title"), max_length=200)
    url = models.URLField(_("address"), max_length=1000)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("initiative", "url"), name="an_address_once_per_initiative"),
        )

    def __str__(self) -> str:
        return self.title


class Revision(models.Model):
    """How an initiative stood from one moment to the next; slips are seen by comparing them.

    Every action that changes where an initiative stands writes one, and an import writes those of the tool it is read
    from: the roadmap as of a day is the revisions of that day.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="revisions")
    at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    external_id = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=15, choices=labels.InitiativeKind)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=9, choices=labels.InitiativeState)
    stage = models.CharField(max_length=40, blank=True)
    horizon = models.CharField(max_length=5, choices=labels.Horizon, blank=True)
    position = models.PositiveIntegerField(default=0)
    owner_unit = models.ForeignKey("org.Unit", null=True, on_delete=models.SET_NULL, related_name="+")
    objective = models.ForeignKey("roadmap.Objective", null=True, on_delete=models.SET_NULL, related_name="+")
    field = models.ForeignKey("org.Field", null=True, on_delete=models.SET_NULL, related_name="+")
    starts_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    target = models.CharField(max_length=60, blank=True)
    pace = models.CharField(max_length=9, choices=labels.Pace, blank=True)
    milestones = models.JSONField(default=dict, blank=True)
    slip_steps = models.PositiveSmallIntegerField(default=0)
    slip_days = models.PositiveIntegerField(default=0)
    is_slip = models.BooleanField(default=False)

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("initiative", "external_id"),
                condition=~Q(external_id=""),
                name="a_revision_once_per_initiative",
            ),
            models.UniqueConstraint(
                fields=("initiative",),
                condition=Q(until_at__isnull=True),
                name="an_initiative_stands_at_one_place",
            ),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gte=F("at")),
                name="a_revision_ends_after_it_begins",
            ),
        )
        indexes = (
            models.Index(fields=("initiative", "at"), name="revisions_in_time"),
            models.Index(
                fields=(
                    "until_at",
                    "at",
                    "state",
                    "horizon",
                    "position",
                    "kind",
                    "field",
                    "objective",
                    "owner_unit",
                    "due_on",
                    "starts_on",
                ),
                name="revisions_of_a_day",
            ),
        )

    def __str__(self) -> str:
        return f"revision {self.pk} of initiative {self.initiative_id}"


class WordAsk(models.Model):
    """One mail a month that asks somebody for a word on each of their initiatives, and the link in it."""

    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    digest = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("person", "month"), name="a_person_is_asked_once_a_month"),
        )

    def __str__(self) -> str:
        return f"ask {self.pk} for {self.month}"


class SharedRoadmap(models.Model):
    """A view of the roadmap, with its filters, that a link opens to people without an account."""

    link = models.OneToOneField("accounts.SharedLink", on_delete=models.CASCADE, related_name="+")
    query = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"shared roadmap {self.pk}"
