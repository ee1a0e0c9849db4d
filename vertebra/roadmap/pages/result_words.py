"""A result in words: the answer in one sentence, with how sure it is."""

from math import floor, log10

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.roadmap.labels.results import (
    CAUTION_WORDS,
    METHOD_WORDS,
    REASON_WORDS,
    EffectVerdict,
    MeasuredBy,
)
from vertebra.roadmap.models import KeyResult, Result
from vertebra.roadmap.queries.baselines import is_lower_better

# The reason that says no more than that two figures have no uncertainty.
BY_HAND = "no_uncertainty"


def places_of(spread: float | None) -> int:
    """How many decimals a figure can bear that is known up to a spread: two digits of it."""
    if not spread:
        return 2
    return max(0, min(6, 1 - floor(log10(abs(spread)))))


def plain_places(*values: float | None) -> int:
    """How many decimals figures are written with that somebody gave: none when they are whole."""
    known = [value for value in values if value]
    if not known or all(value == int(value) for value in known):
        return 0
    return places_of(max(map(abs, known)) / 10)


def say(value: float | None, places: int, *, with_sign: bool = False) -> str:
    """A figure as the reader’s language writes it."""
    if value is None:
        return "—"
    rounded = round(value, places) + 0.0
    written = formats.number_format(abs(rounded), decimal_pos=places, force_grouping=True)
    if rounded < 0:
        return f"−{written}"
    return f"+{written}" if with_sign and rounded > 0 else str(written)


def spread_of(result: Result) -> float | None:
    """Half the width of the interval."""
    return (result.high - result.low) / 2 if result.low is not None and result.high is not None else None


def answer_of(key_result: KeyResult, result: Result) -> str:
    """What the figures say, in one sentence."""
    places = places_of(spread_of(result))
    words = {
        "effect": say(result.effect, places, with_sign=True),
        "low": say(result.low, places, with_sign=True),
        "high": say(result.high, places, with_sign=True),
        "observed": say(result.observed, places),
        "expected": say(result.expected, places),
    }
    if result.verdict == EffectVerdict.CANNOT_TELL:
        return _went(result) if result.reason == BY_HAND else _("We cannot tell.")
    if key_result.measured_by == MeasuredBy.RE_ASK:
        return _answered(result, words)
    if result.verdict == EffectVerdict.BETTER:
        return (
            _(
                "It is better: %(effect)s on average against what would have been expected (between %(low)s and %(high)s)."
            )
            % words
        )
    if result.verdict == EffectVerdict.WORSE:
        return (
            _(
                "It is worse: %(effect)s on average against what would have been expected (between %(low)s and %(high)s)."
            )
            % words
        )
    return (
        _("No effect is seen: %(effect)s on average, and the true effect lies between %(low)s and %(high)s.")
        % words
    )


def _went(result: Result) -> str:
    """Two figures noted by hand: what they are, and no more."""
    places = plain_places(result.expected, result.observed)
    words = {"before": say(result.expected, places), "after": say(result.observed, places)}
    return _("It went from %(before)s to %(after)s.") % words


def _answered(result: Result, words: dict[str, str]) -> str:
    if result.verdict == EffectVerdict.BETTER:
        return (
            _(
                "It costs them less: %(observed)s of 10 instead of %(expected)s, a change of %(effect)s (between %(low)s and %(high)s)."
            )
            % words
        )
    if result.verdict == EffectVerdict.WORSE:
        return (
            _(
                "It costs them more: %(observed)s of 10 instead of %(expected)s, a change of %(effect)s (between %(low)s and %(high)s)."
            )
            % words
        )
    return (
        _(
            "It costs them as much as before: %(observed)s of 10, it was %(expected)s; the change lies between %(low)s and %(high)s."
        )
        % words
    )


def counted(verdict: str, count: int) -> str:
    """How many results say this, for a sentence that lists them."""
    said = {
        EffectVerdict.BETTER: ngettext(
            "%(count)d better than expected", "%(count)d better than expected", count
        ),
        EffectVerdict.WORSE: ngettext(
            "%(count)d worse than expected", "%(count)d worse than expected", count
        ),
        EffectVerdict.NO_EFFECT: ngettext(
            "%(count)d without an effect", "%(count)d without an effect", count
        ),
        EffectVerdict.CANNOT_TELL: ngettext(
            "%(count)d of which nothing can be told", "%(count)d of which nothing can be told", count
        ),
    }
    return said[EffectVerdict(verdict)] % {"count": count}


def target_of(key_result: KeyResult, reached: bool | None) -> str:
    """Whether what was aimed at was reached."""
    if key_result.target is None or reached is None:
        return ""
    words = {"target": say(key_result.target, plain_places(key_result.target))}
    if reached:
        return _("The target of %(target)s is reached.") % words
    return _("The target of %(target)s is not reached.") % words


def reason_of(result: Result) -> str:
    """Why nothing can be told."""
    return str(REASON_WORDS.get(result.reason, "")) if result.reason else ""


def method_of(result: Result) -> str:
    """How it was reckoned, and what has to be true for it."""
    return str(METHOD_WORDS[result.method])


def cautions_of(result: Result) -> list[str]:
    """What a reader should know."""
    codes = result.checks.get("cautions", [])
    return [str(CAUTION_WORDS[code]) for code in codes if code in CAUTION_WORDS]


def baseline_of(key_result: KeyResult) -> dict[str, str]:
    """The baseline and the target as the page writes them."""
    half = (
        (key_result.baseline_high - key_result.baseline_low) / 2
        if key_result.baseline_high is not None and key_result.baseline_low is not None
        else None
    )
    places = places_of(half) if half else plain_places(key_result.baseline, key_result.target)
    names = ("baseline", "baseline_low", "baseline_high", "after")
    found = {name: say(getattr(key_result, name), places) for name in names}
    found["target"] = say(key_result.target, plain_places(key_result.target))
    return found | {"is_lower_better": "yes" if is_lower_better(key_result) else ""}
