"""Words of initiatives: kinds, states, horizons, involvement, monthly words, outcomes."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class InitiativeKind(TextChoices):
    QUICK_WIN = "quick_win", _("quick win")
    OPERATING_MODEL = "operating_model", _("change of the operating model")
    TRANSVERSE = "transverse", _("transverse project")
    LAUNCH = "launch", _("market launch")
    INCIDENTS = "incidents", _("follow-up of incidents")
    PRODUCT = "product", _("product initiative")


class InitiativeState(TextChoices):
    IDEA = "idea", pgettext_lazy("initiative", "idea")
    PLANNED = "planned", pgettext_lazy("initiative", "planned")
    STARTED = "started", pgettext_lazy("initiative", "under way")
    PAUSED = "paused", pgettext_lazy("initiative", "paused")
    DELIVERED = "delivered", pgettext_lazy("initiative", "done, result awaited")
    CLOSED = "closed", pgettext_lazy("initiative", "closed")


class Horizon(TextChoices):
    NOW = "now", pgettext_lazy("horizon", "now")
    NEXT = "next", pgettext_lazy("horizon", "next")
    LATER = "later", pgettext_lazy("horizon", "later")


class Part(TextChoices):
    """How a unit, area, market or person is involved."""

    OWNER = "owner", pgettext_lazy("involvement", "owns it")
    BUILDER = "builder", pgettext_lazy("involvement", "builds it too")
    CONCERNED = "concerned", pgettext_lazy("involvement", "is concerned")


class Pace(TextChoices):
    """What the lead says each month."""

    ON_TRACK = "on_track", _("on track")
    AT_RISK = "at_risk", _("at risk")
    OFF_TRACK = "off_track", _("off track")


class Outcome(TextChoices):
    ACHIEVED = "achieved", pgettext_lazy("outcome", "achieved")
    MISSED = "missed", pgettext_lazy("outcome", "missed")
    CANNOT_TELL = "cannot_tell", pgettext_lazy("outcome", "cannot tell")
    STOPPED = "stopped", pgettext_lazy("outcome", "stopped")


class RiskState(TextChoices):
    OPEN = "open", pgettext_lazy("risk", "open")
    MITIGATED = "mitigated", pgettext_lazy("risk", "under control")
    HAPPENED = "happened", pgettext_lazy("risk", "happened")
    GONE = "gone", pgettext_lazy("risk", "gone")


class RiskLevel(IntegerChoices):
    LOW = 1, pgettext_lazy("risk", "low")
    MEDIUM = 2, pgettext_lazy("risk", "medium")
    HIGH = 3, pgettext_lazy("risk", "high")


INITIATIVE_TONES = {
    "idea": "neutral",
    "planned": "attention",
    "started": "accent",
    "paused": "neutral",
    "delivered": "good",
    "closed": "neutral",
}
PACE_TONES = {"on_track": "good", "at_risk": "attention", "off_track": "harm"}
OUTCOME_TONES = {"achieved": "good", "missed": "harm", "cannot_tell": "attention", "stopped": "neutral"}
