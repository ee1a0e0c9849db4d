"""Words of learning: why a lesson expires, what a step of a path is, whom one meets."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Standing(TextChoices):
    """Whether what a lesson says can be relied on today."""

    DRAFT = "draft", pgettext_lazy("lesson", "being written")
    CURRENT = "current", pgettext_lazy("lesson", "up to date")
    EXPIRED = "expired", pgettext_lazy("lesson", "expired")


class Expiry(TextChoices):
    """Why what a lesson says holds no more."""

    CHANGED = "changed", _("what it tells of has changed")
    WITHDRAWN = "withdrawn", _("what it tells of was withdrawn")
    REPLACED = "replaced", _("a newer version replaces it")
    BY_HAND = "by_hand", _("somebody said that it holds no more")


class StepKind(TextChoices):
    """What one does at a step of a path."""

    PEOPLE = "people", _("meet people")
    LESSON = "lesson", pgettext_lazy("step of a path", "take a lesson")
    PRACTICE = "practice", _("learn a way of working")
    PAGE = "page", _("read a page")


class Meet(TextChoices):
    """Whom one meets, found for each person on the day."""

    MANAGER = "manager", _("their manager")
    TEAM = "team", _("those who lead their team: product, design, engineering")
    CHAMPIONS = "champions", _("the Product Champions of what their team builds")
    DIRECTORS = "directors", _("the directors")
    PRODUCT_OPS = "product_ops", _("Product Ops")


STANDING_TONES = {"draft": "neutral", "current": "good", "expired": "attention"}
# How many days before a release its lesson is due, and how long a new one has otherwise.
DUE_BEFORE = 1
USUAL_DAYS = 14
