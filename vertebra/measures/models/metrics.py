"""The catalogue: what a figure means, whose it is, what it should reach, and its values with their history."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vertebra.measures.labels import metrics as labels
from vertebra.sources.models import FromOutside


class Metric(FromOutside):
    """A figure with one definition; verified by somebody until its definition changes."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    definition = models.TextField(_("what it counts"), max_length=4000, blank=True)
    language = models.CharField(_("language"), max_length=5)
    unit = models.CharField(
        _("in"), max_length=8, choices=labels.MetricUnit, default=labels.MetricUnit.NUMBER
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    direction = models.CharField(
        _("direction"), max_length=4, choices=labels.Direction, default=labels.Direction.UP
    )
    grain = models.CharField(
        _("one value per"), max_length=7, choices=labels.Grain, default=labels.Grain.MONTH
    )
    combining = models.CharField(
        _("over a longer time"), max_length=6, choices=labels.Combining, default=labels.Combining.MEAN
    )
    owner = models.ForeignKey(
        "org.Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("owner"),
    )
    of_unit = models.ForeignKey(
        "org.Unit",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("unit it belongs to"),
    )
    area = models.ForeignKey(
        "org.Area",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("area"),
    )
    market = models.ForeignKey(
        "org.Market",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("market"),
    )
    where_from = models.CharField(_("where it comes from"), max_length=300, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=labels.MetricState, default=labels.MetricState.DRAFT, db_index=True
    )
    verified_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    verified_at = models.DateTimeField(null=True)
    latest_on = models.DateField(null=True)
    latest_value = models.FloatField(null=True)
    before_value = models.FloatField(null=True)
    spark = models.JSONField(default=list, blank=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta(FromOutside.Meta):
        constraints = (  # type: ignore[assignment]
            *FromOutside.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(state=labels.MetricState.VERIFIED) | Q(verified_at__isnull=False),
                name="a_verified_metric_says_since_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=labels.MetricState.VERIFIED) | ~Q(definition=""),
                name="a_verified_metric_has_a_definition",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Target(models.Model):
    """What a metric should reach by a day."""

    metric = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="targets")
    value = models.FloatField(_("to reach"))
    by_on = models.DateField(_("by"))
    why = models.CharField(_("why"), max_length=300, blank=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("by_on",)
        constraints = (
            models.UniqueConstraint(fields=("metric", "by_on"), name="a_metric_has_one_target_per_day"),
        )

    def __str__(self) -> str:
        return f"target of metric {self.metric_id}"


class Measurement(models.Model):
    """The value of a metric for the period that begins on a day, for one part of the split ("" is the whole).

    A corrected value supersedes the one before it, which stays; `behind` is how many people or things stand behind it.
    """

    metric = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="measurements")
    on = models.DateField()
    part = models.CharField(max_length=120, blank=True)
    value = models.FloatField()
    behind = models.PositiveIntegerField(null=True)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    run = models.ForeignKey("measures.FeedRun", null=True, on_delete=models.SET_NULL, related_name="+")
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("metric", "part", "on"),
                condition=Q(superseded_at__isnull=True),
                name="a_metric_has_one_value_per_period",
            ),
        )
        indexes = (models.Index(fields=("metric", "on", "recorded_at"), name="values_as_they_were_known"),)

    def __str__(self) -> str:
        return f"{self.value} on {self.on}"
