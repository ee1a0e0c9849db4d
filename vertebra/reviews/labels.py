"""Words of reviews: where one stands, what can be decided, what a role cost and was used for."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReviewState(TextChoices):
    ASKING = "asking", pgettext_lazy("review", "being answered")
    TO_DECIDE = "to_decide", pgettext_lazy("review", "to be decided")
    DECIDED = "decided", pgettext_lazy("review", "decided")
    SKIPPED = "skipped", pgettext_lazy("review", "skipped")


class Verdict(TextChoices):
    KEEP = "keep", pgettext_lazy("review", "keep it")
    LIGHTEN = "lighten", pgettext_lazy("review", "lighten it")
    CHANGE = "change", pgettext_lazy("review", "change it")
    RETIRE = "retire", pgettext_lazy("review", "retire it")


REVIEW_TONES = {"asking": "accent", "to_decide": "attention", "decided": "good", "skipped": "neutral"}
VERDICT_TONES = {"keep": "good", "lighten": "accent", "change": "attention", "retire": "neutral"}
OPEN = (ReviewState.ASKING, ReviewState.TO_DECIDE)
# What was used and what it cost, as a review keeps it.
FIGURES = {
    "holders": _("People who hold it"),
    "hours": _("Hours a month agreed, all together"),
    "asked": _("Consultations asked of them"),
    "answered": _("Consultations answered"),
    "minutes": _("Minutes they gave, all together"),
    "minutes_a_month": _("Minutes they gave in a month, all together"),
    "relays": _("Things passed on to those who build, or to their trade"),
    "heads_ups": _("Heads-ups sent to them"),
    "gaps": _("Areas for which nobody holds it"),
    "briefs": _("Texts of releases they wrote"),
    "validations": _("Releases they agreed to"),
    "initiatives": _("Initiatives that concern it"),
    "ties": _("Things that follow from it or lead to it"),
    "followers": _("People who follow it"),
    "on_it": _("People who are on it"),
}
# What people gave and said: told of five people or more, rounded down to five.
IN_STEPS = frozenset({"answered", "minutes", "minutes_a_month", "relays", "on_it"})
