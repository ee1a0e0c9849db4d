"""Words of the quarterly table: states of topics and cycles, functions of the triforce, counting rules, verdicts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TopicState(TextChoices):
    RAISED = "raised", pgettext_lazy("topic", "raised")
    ON_TABLE = "on_table", pgettext_lazy("topic", "on the table")
    CHOSEN = "chosen", pgettext_lazy("topic", "chosen")
    NOT_NOW = "not_now", pgettext_lazy("topic", "not now")
    DECLINED = "declined", pgettext_lazy("topic", "declined")
    MERGED = "merged", pgettext_lazy("topic", "joined to another")


class VoiceKind(TextChoices):
    """How somebody stands behind a topic."""

    RAISED = "raised", _("raised it")
    RELAYED = "relayed", _("relayed it")


class CycleState(TextChoices):
    COLLECTING = "collecting", pgettext_lazy("cycle", "collecting topics")
    FROZEN = "frozen", pgettext_lazy("cycle", "table frozen")
    RANKING = "ranking", pgettext_lazy("cycle", "being ranked")
    ARBITRATING = "arbitrating", pgettext_lazy("cycle", "being decided")
    PUBLISHED = "published", pgettext_lazy("cycle", "published")


class Rule(TextChoices):
    """How rankings become one order."""

    BORDA = "borda", _("Borda (points by place)")
    RANKED_PAIRS = "ranked_pairs", _("ranked pairs (clearest duels first)")
    SCHULZE = "schulze", _("Schulze (strongest paths)")


class Lens(TextChoices):
    """Optional scores beside the ranking."""

    NONE = "", pgettext_lazy("scores", "none")
    RICE = "rice", "RICE"
    WSJF = "wsjf", "WSJF"
    OWN = "own", _("our own criteria")


class Verdict(TextChoices):
    CHOSEN = "chosen", pgettext_lazy("decision", "chosen")
    NOT_NOW = "not_now", pgettext_lazy("decision", "not now")
    DECLINED = "declined", pgettext_lazy("decision", "declined")
    DISPLACED = "displaced", pgettext_lazy("decision", "displaced by something more urgent")


TOPIC_TONES = {
    "raised": "attention",
    "on_table": "accent",
    "chosen": "good",
    "not_now": "neutral",
    "declined": "neutral",
    "merged": "neutral",
}
CYCLE_TONES = {
    "collecting": "attention",
    "frozen": "neutral",
    "ranking": "accent",
    "arbitrating": "accent",
    "published": "good",
}
