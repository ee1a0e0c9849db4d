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


class ResultState(TextChoices):
    """Where the measure of a key result stands."""

    OPEN = "open", pgettext_lazy("key result", "baseline to note")
    RUNNING = "running", pgettext_lazy("key result", "too early to tell")
    WAITING = "waiting", pgettext_lazy("key result", "waiting for values")
    MEASURED = "measured", pgettext_lazy("key result", "measured")


STATE_TONES = {"open": "attention", "running": "neutral", "waiting": "attention", "measured": "good"}

# Why nothing can be told, and what would help.
REASON_WORDS: dict[str, object] = {
    "no_values": _("There is not a single value to look at."),
    "too_few_before": _(
        "There are too few values from before: twenty-four are needed to know what was usual, eighteen beside controls."
    ),
    "too_few_after": _("There are too few values from afterwards: three are needed."),
    "too_many_gaps": _("More than half of the values are missing."),
    "flat_before": _("The values never moved before: nothing says how much they vary by themselves."),
    "season_unknown": _(
        "We have looked for less than a whole year, and have no controls: what comes back each year could be taken for an effect."
    ),
    "placebo_failed": _(
        "The same reckoning finds effects on days when nothing was done: it cannot be trusted here."
    ),
    "too_noisy": _("The figure varies so much that even the change hoped for could hide in it."),
    "too_few_units": _("Too few units were reached, or none were left to compare with: six are needed."),
    "too_few_answers": _("Fewer than five people answered before or after: nothing is shown."),
    "no_uncertainty": _("Two figures alone do not say how much of the difference is chance."),
}
# What a reader of a result should know.
CAUTION_WORDS: dict[str, object] = {
    "season_unknown": _(
        "We have looked for less than two rounds of the season: what comes back each year may be taken for an effect."
    ),
    "short_before": _("We have looked at the time before for less than twice as long as at the time after."),
    "gaps": _("Some periods have no value; they are left out."),
    "not_finite": _("Some values were no numbers; they are left out."),
    "duplicates": _("Some periods had two values; the latest counts."),
    "controls_dropped": _("Some controls cover too little of the time and were left out."),
    "controls_moved": _(
        "The same reckoning finds an effect on the controls too: something else may have happened to all of them."
    ),
    "window_incomplete": _("The window is not over, or its last values are missing."),
}
# How each method reckons, and what has to be true for it.
METHOD_WORDS: dict[str, object] = {
    "series": _("What would have happened is carried on from the level, trend, season and memory of the values before. This holds if nothing else changed at the same time."),
    "controls": _("What would have happened is put together from other figures that nothing was done to, as they moved together before. This holds if they kept moving together, and if nothing was done to them."),
    "staged": _("Units that were reached are compared with those not reached yet, each with its own level. This holds if they would otherwise have moved alike."),
    "before_after": _("What was before is compared with what is after, and nothing else. Whatever else changed meanwhile is in the difference too."),
    "none": _("No method can say anything here."),
}  # fmt: skip
