"""Words of releases: states, tiers, what each requires, readiness and go."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReleaseState(TextChoices):
    PLANNED = "planned", pgettext_lazy("release", "planned")
    CHECKING = "checking", pgettext_lazy("release", "being checked")
    RELEASED = "released", pgettext_lazy("release", "released")
    WITHDRAWN = "withdrawn", pgettext_lazy("release", "withdrawn")


class ValidationPart(TextChoices):
    """Who agrees to a release before it goes out."""

    LEAD = "lead", _("whoever leads it")
    CHAMPIONS = "champions", _("a Product Champion")
    PRODUCT_OPS = "product_ops", _("Product Ops")
    DIRECTOR = "director", _("a director")


class ReadinessState(TextChoices):
    READY = "ready", pgettext_lazy("readiness", "ready")
    WITH_RISKS = "with_risks", pgettext_lazy("readiness", "ready, with risks")
    NOT_READY = "not_ready", pgettext_lazy("readiness", "not ready")


class GoVerdict(TextChoices):
    GO = "go", pgettext_lazy("go decision", "go")
    WITH_CONDITIONS = "conditions", pgettext_lazy("go decision", "go, with conditions")
    NO_GO = "no_go", pgettext_lazy("go decision", "no go")


# Shipped tiers; a company changes what they require or adds its own, and these get words in both languages.
TIERS = {
    "minor": pgettext_lazy("tier", "minor"),
    "standard": pgettext_lazy("tier", "standard"),
    "major": pgettext_lazy("tier", "major"),
}
# What is still to come, and what is out.
UPCOMING = (ReleaseState.PLANNED, ReleaseState.CHECKING)
RELEASE_TONES = {
    "planned": "neutral",
    "checking": "attention",
    "released": "good",
    "withdrawn": "harm",
}
READINESS_TONES = {"ready": "good", "with_risks": "attention", "not_ready": "harm"}
GO_TONES = {"go": "good", "conditions": "attention", "no_go": "harm"}
