"""What the organisation lacks: empty spaces between neighbours, and the administrative list of gaps."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vertebra.org import labels


class EmptySpace(models.Model):
    """Something between two or more neighbours that nobody takes care of, reported or found by a rule."""

    sentence = models.CharField(_("what nobody takes care of"), max_length=500, blank=True)
    language = models.CharField(max_length=5, blank=True)
    rule = models.CharField(max_length=30, blank=True, choices=labels.SpaceRule)
    key = models.CharField(max_length=120, blank=True)
    evidence = models.JSONField(default=dict, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=labels.SpaceState, default=labels.SpaceState.OPEN, db_index=True
    )
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    settled_fingerprint = models.CharField(max_length=64, blank=True)
    area = models.ForeignKey("org.Area", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    market = models.ForeignKey(
        "org.Market", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    owner = models.ForeignKey(
        "org.Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("taken by"),
    )
    first_seen_on = models.DateField()
    latest_seen_on = models.DateField()
    no_longer_found_on = models.DateField(null=True)
    changed_at = models.DateTimeField()
    report_count = models.PositiveIntegerField(default=0)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="duplicates")
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("key",), condition=~Q(key=""), name="a_candidate_found_once"),
            models.CheckConstraint(
                condition=~Q(state=labels.SpaceState.EXPLAINED) | ~Q(reason=""),
                name="explaining_needs_a_reason",
            ),
        )
        indexes = (
            models.Index(
                fields=(
                    "-first_seen_on",
                    "-id",
                ),
                name="empty_spaces_by_age",
            ),
        )

    def __str__(self) -> str:
        return self.sentence


class EmptySpaceNeighbour(models.Model):
    """One of the units, areas or markets that an empty space lies between; `name` is a word nobody placed yet."""

    space = models.ForeignKey(EmptySpace, on_delete=models.CASCADE, related_name="neighbours")
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey("org.Area", null=True, on_delete=models.CASCADE, related_name="+")
    market = models.ForeignKey("org.Market", null=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("space", "unit"), condition=Q(unit__isnull=False), name="a_unit_is_a_neighbour_once"
            ),
            models.UniqueConstraint(
                fields=("space", "area"), condition=Q(area__isnull=False), name="an_area_is_a_neighbour_once"
            ),
            models.UniqueConstraint(
                fields=("space", "market"),
                condition=Q(market__isnull=False),
                name="a_market_is_a_neighbour_once",
            ),
            models.UniqueConstraint(
                fields=("space", "name"), condition=~Q(name=""), name="a_word_is_a_neighbour_once"
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False, area__isnull=True, market__isnull=True, name="")
                | Q(unit__isnull=True, area__isnull=False, market__isnull=True, name="")
                | Q(unit__isnull=True, area__isnull=True, market__isnull=False, name="")
                | (Q(unit__isnull=True, area__isnull=True, market__isnull=True) & ~Q(name="")),
                name="neighbour_is_one_thing",
            ),
        )

    def __str__(self) -> str:
        return self.name or f"neighbour {self.pk}"


class EmptySpaceReport(models.Model):
    """Somebody said that nobody takes care of this, in one sentence."""

    space = models.ForeignKey(EmptySpace, on_delete=models.CASCADE, related_name="reports")
    sentence = models.CharField(max_length=500)
    language = models.CharField(max_length=5)
    reported_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    reporter_name = models.CharField(max_length=200, blank=True)
    link = models.ForeignKey("accounts.SharedLink", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("space", "reported_by"),
                condition=Q(reported_by__isnull=False),
                name="a_person_reports_a_space_once",
            ),
        )
        indexes = (models.Index(fields=("link", "at"), name="reports_through_a_link"),)

    def __str__(self) -> str:
        return self.sentence


class Gap(models.Model):
    """A vacancy or a hole in the data, found by a rule, with what shows it."""

    rule = models.CharField(max_length=30, choices=labels.GapRule)
    key = models.CharField(max_length=160, unique=True)
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.CASCADE, related_name="gaps")
    person = models.ForeignKey("org.Person", null=True, on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey("org.Area", null=True, on_delete=models.CASCADE, related_name="+")
    market = models.ForeignKey("org.Market", null=True, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=300, blank=True)
    words = models.CharField(max_length=500, blank=True)
    role = models.CharField(max_length=20, blank=True, choices=labels.MandateRole)
    people_count = models.PositiveIntegerField(default=0)
    evidence = models.JSONField(default=dict, blank=True)
    first_seen_on = models.DateField()
    latest_seen_on = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=(
                    "ended_on",
                    "rule",
                    "id",
                ),
                name="gaps_by_rule",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule} {self.subject}"


class Look(models.Model):
    """When Vertebra last looked for empty spaces and gaps, on which day, and which change was the latest then."""

    at = models.DateTimeField()
    day = models.DateField()
    entry_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"looked on {self.day}"
