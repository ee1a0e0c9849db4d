"""Words of practices: where one stands in its life, how far it reaches, what helps it on."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PracticeState(TextChoices):
    """Where a practice stands in its life; how far it reaches is told by unit (`Reach`)."""

    IDEA = "idea", pgettext_lazy("practice", "idea")
    TRIAL = "trial", pgettext_lazy("practice", "on trial")
    PROPOSED = "proposed", pgettext_lazy("practice", "proposed")
    CO_BUILT = "co_built", pgettext_lazy("practice", "being built together")
    VALIDATED = "validated", pgettext_lazy("practice", "validated")
    # It was lived before Vertebra came: in force at once, its validation is owed at its first review.
    IN_FORCE = "in_force", pgettext_lazy("practice", "in force, validation owed")
    RETIRED = "retired", pgettext_lazy("practice", "retired")


# What was validated, or is in force, is opened again when many do otherwise.
TO_REOPEN = frozenset({PracticeState.VALIDATED, PracticeState.IN_FORCE})


class Reach(TextChoices):
    """What a practice is for a unit and all under it that say nothing else."""

    STANDARD = "standard", pgettext_lazy("practice", "standard")
    RECOMMENDED = "recommended", pgettext_lazy("practice", "recommended")
    FREE = "free", pgettext_lazy("practice", "free")


class ContributionKind(TextChoices):
    """What somebody brought to a practice while it is built."""

    CHANGE = "change", pgettext_lazy("contribution", "a change")
    OBJECTION = "objection", pgettext_lazy("contribution", "an objection")
    SUPPORT = "support", pgettext_lazy("contribution", "support")


class Lacking(TextChoices):
    """What a practice may still lack to be a standard."""

    CARRIER = "carrier", _("somebody outside Product Ops who carries it")
    PILOT = "pilot", _("a team that tried it")
    CO_AUTHORS = "co_authors", _("a co-author")
    COST = "cost", _("the minutes a month it asks of each function")
    REVIEW = "review", _("the day on which it is looked back at")


STATE_TONES = {
    "idea": "neutral",
    "trial": "accent",
    "proposed": "accent",
    "co_built": "accent",
    "validated": "good",
    "in_force": "attention",
    "retired": "neutral",
}
# How many months a practice goes on before it is looked back at.
REVIEWED_EVERY = 6
# How many working days those concerned have to object to what is announced.
WINDOW_DAYS = 10
REACH_TONES = {"standard": "good", "recommended": "accent", "free": "neutral"}
CONTRIBUTION_TONES = {"change": "accent", "objection": "attention", "support": "good"}
