"""Words of charts, boards, dashboards of other tools, alerts and requests to the data team."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ChartKind(TextChoices):
    LINE = "line", pgettext_lazy("chart", "line")
    BARS = "bars", pgettext_lazy("chart", "bars")
    SMALL_MULTIPLES = "small_multiples", pgettext_lazy("chart", "small multiples")
    FIGURE = "figure", pgettext_lazy("chart", "single figure")


class Comparison(TextChoices):
    NONE = "", pgettext_lazy("comparison", "none")
    TARGET = "target", pgettext_lazy("comparison", "the target")
    PERIOD_BEFORE = "period_before", _("the period before")
    YEAR_BEFORE = "year_before", _("a year before")


class DashboardTool(TextChoices):
    METABASE = "metabase", "Metabase"
    LOOKER = "looker", "Looker"
    TABLEAU = "tableau", "Tableau"
    POWER_BI = "power_bi", "Power BI"
    GRAFANA = "grafana", "Grafana"
    SUPERSET = "superset", "Superset"
    OTHER = "other", pgettext_lazy("dashboard tool", "other")


class AlertSide(TextChoices):
    ABOVE = "above", pgettext_lazy("alert", "goes above")
    BELOW = "below", pgettext_lazy("alert", "falls below")


class RequestState(TextChoices):
    """Where a question put to the data team stands."""

    ASKED = "asked", pgettext_lazy("data request", "asked")
    ANSWERED = "answered", pgettext_lazy("data request", "answered")
    SELF_SERVED = "self_served", pgettext_lazy("data request", "answered without an analyst")
    DECLINED = "declined", pgettext_lazy("data request", "declined")


class MarkKind(TextChoices):
    """What is marked on the line of a metric."""

    INITIATIVE = "initiative", pgettext_lazy("mark", "initiative")
    INCIDENT = "incident", pgettext_lazy("mark", "incident")
    RELEASE = "release", pgettext_lazy("mark", "release")
    HOLIDAY = "holiday", pgettext_lazy("mark", "holiday")
    NOTE = "note", pgettext_lazy("mark", "note")


REQUEST_TONES = {"asked": "attention", "answered": "good", "self_served": "good", "declined": "neutral"}
