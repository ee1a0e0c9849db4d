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
    "teams": _("Teams that it reaches"),
    "adopted": _("Teams that have adopted it"),
    "trying": _("Teams that try it"),
    "not_yet": _("Teams that do not live it yet"),
    "lapsed": _("Teams that lived it and no longer do"),
    "unknown": _("Teams of which nothing is known"),
    "adapted": _("Teams that do it another way"),
    "opted_out": _("Teams that do without it"),
    "doubts": _("Times a team said that the tool is wrong"),
    "asked_for_help": _("Times a team asked for help with it"),
    "people_asked": _("People of whom it asks time"),
    "asked_hours": _("Hours a month that it asks, all together"),
    "meetings": _("Meetings held of its routines"),
    "copies": _("Copies taken of its templates, up to then"),
}
# What people gave and said: told of five people or more, rounded down to five.
IN_STEPS = frozenset({"answered", "minutes", "minutes_a_month", "relays", "on_it"})
