"""Words of routines: how often they come, what became of a meeting, who runs what."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Rhythm(TextChoices):
    """How often a routine comes; its day of the week or of the month is that of its first meeting."""

    WORKDAYS = "workdays", _("every working day")
    WEEKLY = "weekly", _("every week")
    FORTNIGHTLY = "fortnightly", _("every two weeks")
    MONTHLY = "monthly", _("every month, on the same day of the week")
    MONTHLY_DATE = "monthly_date", _("every month, on the same date")
    QUARTERLY = "quarterly", _("every three months, on the same day of the week")
    HALF_YEARLY = "half_yearly", _("every six months, on the same day of the week")
    ONCE = "once", pgettext_lazy("a routine", "once")


class MeetingState(TextChoices):
    """What became of one meeting of a routine; nothing is written of those that wait."""

    HELD = "held", pgettext_lazy("meeting", "held")
    MOVED = "moved", pgettext_lazy("meeting", "moved")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "cancelled")


class RunBy(TextChoices):
    """Who runs a practice or a routine, as far as it would stop without Product Ops."""

    OUTSIDE = "outside", _("runs without Product Ops")
    PRODUCT_OPS = "product_ops", _("would stop without Product Ops")
    HANDED_OVER = "handed_over", _("being handed over")
    NOBODY = "nobody", _("nobody runs it")


MEETING_TONES = {"held": "good", "moved": "attention", "cancelled": "neutral"}
RUN_BY_TONES = {"outside": "good", "product_ops": "attention", "handed_over": "accent", "nobody": "attention"}
LONGEST_MINUTES = 24 * 60
MOST_PARTICIPANTS = 12
