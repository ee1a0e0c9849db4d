"""Words of adoption: where a team stands with a practice, who says so, how it does otherwise, how its card stands."""

import datetime as dt

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class AdoptionState(TextChoices):
    """Where a team stands with a practice."""

    NOT_YET = "not_yet", pgettext_lazy("adoption", "not yet")
    TRYING = "trying", pgettext_lazy("adoption", "trying")
    ADOPTED = "adopted", pgettext_lazy("adoption", "adopted")
    LAPSED = "lapsed", pgettext_lazy("adoption", "no longer")


class AdoptionSource(TextChoices):
    """Who says so."""

    OBSERVED = "observed", pgettext_lazy("adoption", "seen in the tools")
    CONFIRMED = "confirmed", pgettext_lazy("adoption", "said by the team")


class AdaptationKind(TextChoices):
    """How a team does otherwise, for a time."""

    ADAPTED = "adapted", pgettext_lazy("adaptation", "done another way")
    OPTED_OUT = "opted_out", pgettext_lazy("adaptation", "done without")


class CardState(TextChoices):
    """How the quarterly card of a team stands."""

    WAITING = "waiting", pgettext_lazy("adoption card", "waiting")
    ANSWERED = "answered", pgettext_lazy("adoption card", "answered")
    DECLINED = "declined", pgettext_lazy("adoption card", "passed on")


# The team sees its own figures that long before anyone outside it.
TEAM_FIRST = dt.timedelta(days=14)
# From this share of the teams that a standard reaches on, those that do otherwise open it again.
REOPENS_AT = 1 / 3
STATE_TONES = {
    AdoptionState.NOT_YET: "neutral",
    AdoptionState.TRYING: "accent",
    AdoptionState.ADOPTED: "good",
    AdoptionState.LAPSED: "neutral",
}
# How dark a cell of the map is; its word stands in it, and what is done otherwise has a pattern of its own.
LEVELS = {
    AdoptionState.NOT_YET: "0",
    AdoptionState.TRYING: "2",
    AdoptionState.ADOPTED: "4",
    AdoptionState.LAPSED: "1",
}
