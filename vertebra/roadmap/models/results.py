"""Baseline, key result, measured result; time asked and given back."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vertebra.org.labels import Function
from vertebra.roadmap.labels import results as labels


class KeyResult(models.Model):
    """What an initiative should move: from where, to where, looked at in a window fixed with the baseline."""

    initiative = models.ForeignKey("roadmap.Initiative", on_delete=models.CASCADE, related_name="key_results")
    measured_by = models.CharField(_("read from"), max_length=6, choices=labels.MeasuredBy)
    metric = models.ForeignKey(
        "measures.Metric",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("metric"),
    )
    pain_point = models.ForeignKey(
        "discovery.PainPoint",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("pain point"),
    )
    name = models.CharField(_("what we look at"), max_length=200)
    is_lower_better = models.BooleanField(_("lower is better"), default=False)
    baseline = models.FloatField(_("today"), null=True, blank=True)
    baseline_low = models.FloatField(null=True)
    baseline_high = models.FloatField(null=True)
    baseline_count = models.PositiveIntegerField(null=True)
    baseline_on = models.DateField(null=True)
    target = models.FloatField(_("to reach"), null=True, blank=True)
    effect_from = models.DateField(_("effect expected from"), null=True, blank=True)
    effect_until = models.DateField(_("until"), null=True, blank=True)
    due_on = models.DateField(_("result due on"), null=True, blank=True, db_index=True)
    controls = models.ManyToManyField(
        "measures.Metric", blank=True, related_name="+", verbose_name=_("controls")
    )
    stages = models.JSONField(default=list, blank=True)
    after = models.FloatField(_("afterwards"), null=True, blank=True)
    after_on = models.DateField(null=True)
    fixed_at = models.DateTimeField(null=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(effect_until__isnull=True)
                | Q(effect_from__isnull=True)
                | Q(effect_until__gte=F("effect_from")),
                name="a_window_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(measured_by="metric") | Q(metric__isnull=False),
                name="a_key_result_names_its_metric",
            ),
            models.CheckConstraint(
                condition=~Q(measured_by="re_ask") | Q(pain_point__isnull=False),
                name="a_key_result_names_its_pain_point",
            ),
            models.CheckConstraint(
                condition=Q(fixed_at__isnull=True) | Q(baseline__isnull=False),
                name="a_fixed_key_result_has_a_baseline",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Result(models.Model):
    """What was measured of a key result: the effect, how sure, by which method, drawn against what was expected."""

    key_result = models.ForeignKey(KeyResult, on_delete=models.CASCADE, related_name="results")
    method = models.CharField(max_length=12, choices=labels.Method)
    analysis = models.CharField(max_length=40)
    verdict = models.CharField(max_length=11, choices=labels.EffectVerdict)
    reason = models.CharField(max_length=40, blank=True)
    effect = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    total = models.FloatField(null=True)
    total_low = models.FloatField(null=True)
    total_high = models.FloatField(null=True)
    expected = models.FloatField(null=True)
    observed = models.FloatField(null=True)
    series = models.JSONField(default=dict)
    checks = models.JSONField(default=dict)
    computed_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("key_result",),
                condition=Q(superseded_at__isnull=True),
                name="a_key_result_has_one_result",
            ),
        )

    def __str__(self) -> str:
        return f"result {self.pk}"


class RoleTime(models.Model):
    """Minutes a month that an initiative asks of each person of a function, or gives back to them."""

    initiative = models.ForeignKey("roadmap.Initiative", on_delete=models.CASCADE, related_name="role_times")
    kind = models.CharField(_("kind"), max_length=10, choices=labels.TimeKind)
    function = models.CharField(_("function"), max_length=20, choices=Function)
    minutes = models.PositiveIntegerField(_("minutes a month, each"))
    people = models.PositiveIntegerField(_("people"))
    how = models.CharField(_("how we know"), max_length=300)
    is_measured = models.BooleanField(_("measured, not estimated"), default=False)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("initiative", "kind", "function", "from_on"), name="time_of_a_role_once"
            ),
        )

    def __str__(self) -> str:
        return f"time {self.pk} of initiative {self.initiative_id}"
