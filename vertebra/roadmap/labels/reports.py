"""Words of reports: kinds, states, sections they are assembled from."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReportKind(TextChoices):
    MONTHLY_PRODUCT = "monthly_product", _("monthly product review")
    TRIBE = "tribe", _("tribe review")
    COMMITTEE = "committee", _("executive committee")
    QUARTER = "quarter", _("Product Ops’ quarter")
    OWN = "own", pgettext_lazy("report", "our own")


class ReportState(TextChoices):
    DRAFT = "draft", pgettext_lazy("report", "being written")
    FROZEN = "frozen", pgettext_lazy("report", "frozen")
    PUBLISHED = "published", pgettext_lazy("report", "published")


class Section(TextChoices):
    """What a report is assembled from."""

    HEADLINE = "headline", _("the figures that matter")
    ROADMAP = "roadmap", _("what moved on the roadmap")
    UPDATES = "updates", _("where initiatives stand")
    METRICS = "metrics", _("metrics against their targets")
    RISKS = "risks", _("risks and what is asked")
    DECISIONS = "decisions", _("what was decided")
    RESULTS = "results", _("what was measured")
    INCIDENTS = "incidents", pgettext_lazy("report", "incidents")
    NEXT = "next", _("what comes next")


REPORT_TONES = {"draft": "attention", "frozen": "accent", "published": "good"}
