"""Self-serve: charts, boards, dashboards of other tools, alerts, marks on the line, questions to the data team."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from vertebra.measures.labels import charts as labels


class Dashboard(models.Model):
    """A dashboard that lives in another tool, registered so that it is found first."""

    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("what it answers"), max_length=2000, blank=True)
    language = models.CharField(max_length=5)
    url = models.URLField(_("address"), max_length=1000, unique=True)
    tool = models.CharField(_("tool"), max_length=10, choices=labels.DashboardTool)
    is_embedded = models.BooleanField(_("show it inside Vertebra"), default=False)
    owner = models.ForeignKey(
        "org.Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("owner"),
    )
    of_unit = models.ForeignKey(
        "org.Unit", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("unit")
    )
    area = models.ForeignKey(
        "org.Area", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("area")
    )
    metrics = models.ManyToManyField("measures.Metric", blank=True, related_name="dashboards")
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Board(models.Model):
    """Charts kept together by somebody, private until shared."""

    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("what it is for"), max_length=2000, blank=True)
    language = models.CharField(max_length=5)
    owner = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    is_shared = models.BooleanField(_("everybody may see it"), default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title


class Chart(models.Model):
    """One picture of a board: which metrics, over which time, compared with what, split by what."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="charts")
    title = models.CharField(_("title"), max_length=200, blank=True)
    kind = models.CharField(
        _("picture"), max_length=16, choices=labels.ChartKind, default=labels.ChartKind.LINE
    )
    metrics = models.ManyToManyField("measures.Metric", related_name="+")
    months = models.PositiveSmallIntegerField(_("months shown"), default=12)
    comparison = models.CharField(_("compared with"), max_length=14, choices=labels.Comparison, blank=True)
    is_split = models.BooleanField(_("split into its parts"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.title or f"chart {self.pk}"


class Alert(models.Model):
    """Somebody wants to know when a metric crosses a threshold: told once per crossing."""

    metric = models.ForeignKey("measures.Metric", on_delete=models.CASCADE, related_name="alerts")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    side = models.CharField(_("when it"), max_length=5, choices=labels.AlertSide)
    threshold = models.FloatField(_("threshold"))
    is_crossed = models.BooleanField(default=False)
    told_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("metric", "user", "side", "threshold"), name="an_alert_once"),
        )

    def __str__(self) -> str:
        return f"alert {self.pk}"


class Mark(models.Model):
    """Something that happened, marked on the lines of metrics (all of them when none is named)."""

    kind = models.CharField(max_length=10, choices=labels.MarkKind)
    title = models.CharField(_("what happened"), max_length=200)
    starts_on = models.DateField(_("on"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    object_kind = models.CharField(max_length=30, blank=True)
    object_id = models.BigIntegerField(null=True)
    metrics = models.ManyToManyField("measures.Metric", blank=True, related_name="marks")
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("object_kind", "object_id", "starts_on"),
                condition=~models.Q(object_kind=""),
                name="an_object_marks_a_day_once",
            ),
        )
        indexes = (models.Index(fields=("starts_on",), name="marks_by_day"),)

    def __str__(self) -> str:
        return self.title


class DataRequest(models.Model):
    """A question put to the data team: how long it waited, and whether an analyst was needed."""

    question = models.CharField(_("question"), max_length=300)
    details = models.TextField(_("what it is for"), max_length=4000, blank=True)
    language = models.CharField(max_length=5)
    asked_by = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    of_unit = models.ForeignKey(
        "org.Unit", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    metric = models.ForeignKey(
        "measures.Metric", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    dashboard = models.ForeignKey(
        Dashboard, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(
        max_length=11, choices=labels.RequestState, default=labels.RequestState.ASKED, db_index=True
    )
    answer = models.TextField(_("answer"), max_length=8000, blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state=labels.RequestState.ASKED) | models.Q(answered_at__isnull=False),
                name="an_answered_question_says_when",
            ),
        )

    def __str__(self) -> str:
        return self.question
