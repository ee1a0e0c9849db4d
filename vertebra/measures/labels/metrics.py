"""Words of the catalogue: directions, units, grains, states, ways of combining values."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Direction(TextChoices):
    """Which way is better."""

    UP = "up", _("higher is better")
    DOWN = "down", _("lower is better")
    KEEP = "keep", _("best kept where it is")


class MetricUnit(TextChoices):
    NUMBER = "number", pgettext_lazy("unit of a metric", "number")
    PERCENT = "percent", _("percent")
    SCORE = "score", _("score, 0 to 10")
    MONEY = "money", _("amount")
    MINUTES = "minutes", _("minutes")
    HOURS = "hours", _("hours")
    DAYS = "days", _("days")
    RATIO = "ratio", _("ratio")


class Grain(TextChoices):
    """How long a period one value stands for."""

    DAY = "day", pgettext_lazy("grain", "day")
    WEEK = "week", pgettext_lazy("grain", "week")
    MONTH = "month", pgettext_lazy("grain", "month")
    QUARTER = "quarter", pgettext_lazy("grain", "quarter")


class Combining(TextChoices):
    """How values of short periods make the value of a long one."""

    SUM = "sum", _("added up")
    MEAN = "mean", _("averaged")
    LATEST = "latest", _("the latest one")


class MetricState(TextChoices):
    DRAFT = "draft", pgettext_lazy("metric", "draft")
    VERIFIED = "verified", pgettext_lazy("metric", "verified")


METRIC_TONES = {"draft": "attention", "verified": "good"}
