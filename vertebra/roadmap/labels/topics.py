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


class Strength(TextChoices):
    """How strong what shows a topic is, from counts that tell nobody."""

    NONE = "none", _("nothing shows it yet")
    FEW = "few", _("heard from fewer than five people")
    MANY = "many", _("heard from several people")
    ACROSS = "across", _("heard across functions")


class Steady(TextChoices):
    """How sure it is that the first topics are the first."""

    FIRM = "firm", _("The order holds: whichever ranking is left out, the first topics stay the first.")
    LIKELY = (
        "likely",
        _("The order is likely to hold: with other directors, the last place or two could change."),
    )
    OPEN = (
        "open",
        _("The order is open: with one ranking more or less, other topics could be among the first."),
    )
    TOO_FEW = "too_few", _("Too few rankings to say how sure the order is.")


class Hire(TextChoices):
    """What the load of the function says of its size."""

    HIRE = "hire", _("A hand more is worth asking for")
    WATCH = "watch", _("The queue grows: look again in a quarter")
    ENOUGH = "enough", _("The function keeps up with what it is asked")
    TOO_FEW = "too_few", _("Too little was asked to say")


# What a topic may be raised from, in the order in which they are gathered.
ORIGINS = ("pain_point", "audit", "empty_space", "incident", "survey", "help_request")
# The three functions whose directors rank, first; others follow in the order of the organisation.
TRIFORCE = ("product", "design", "engineering")
STRENGTH_TONES = {"none": "neutral", "few": "neutral", "many": "accent", "across": "good"}
VERDICT_WORDS = {"chosen": "good", "not_now": "neutral", "declined": "neutral", "displaced": "attention"}
STEADY_TONES = {"firm": "good", "likely": "accent", "open": "attention", "too_few": "neutral"}
HIRE_TONES = {"hire": "attention", "watch": "accent", "enough": "good", "too_few": "neutral"}
# The parts of each way of scoring, as directors read them.
LENS_PARTS = {
    "rice": {
        "reach": _("reach (people a quarter)"),
        "impact": _("impact (0.25 to 3)"),
        "confidence": _("confidence (%)"),
        "effort": _("effort (person-months)"),
    },
    "wsjf": {
        "value": _("value to users"),
        "urgency": _("urgency"),
        "risk": _("risk reduced or opportunity opened"),
        "size": _("size of the job"),
    },
}
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
