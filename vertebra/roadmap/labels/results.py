"""Words of results: what is measured by, methods, verdicts, time asked and given back."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MeasuredBy(TextChoices):
    """What a key result is read from."""

    METRIC = "metric", _("a metric")
    RE_ASK = "re_ask", _("the question asked of those it hurts")
    HAND = "hand", _("two figures noted by hand")


class Method(TextChoices):
    """How an effect was estimated."""

    SERIES = "series", _("interrupted time series")
    CONTROLS = "controls", _("interrupted time series with controls")
    STAGED = "staged", _("difference in differences")
    BEFORE_AFTER = "before_after", _("before and after")
    NONE = "none", pgettext_lazy("method", "none")


class EffectVerdict(TextChoices):
    """What the figures say, whatever was hoped."""

    BETTER = "better", pgettext_lazy("effect", "better than expected without it")
    WORSE = "worse", pgettext_lazy("effect", "worse than expected without it")
    NO_EFFECT = "no_effect", pgettext_lazy("effect", "no effect seen")
    CANNOT_TELL = "cannot_tell", pgettext_lazy("effect", "cannot tell")


class TimeKind(TextChoices):
    ASKED = "asked", _("time asked")
    GIVEN_BACK = "given_back", _("time given back")


VERDICT_TONES = {"better": "good", "worse": "harm", "no_effect": "neutral", "cannot_tell": "attention"}
