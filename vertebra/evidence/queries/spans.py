"""Times of incidents in words: minutes while they are few, then hours, then days."""

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.analysis.incidents import Comparison, Figure, Verdict


def said(hours: float | None) -> str:
    """A time as people say it."""
    if hours is None:
        return ""
    if hours < 1.5:
        return _("%(count)s min") % {"count": round(60 * hours)}
    if hours < 48:
        return _("%(count)s h") % {"count": number(hours)}
    return days_said(hours / 24)


def days_said(days: float | None) -> str:
    """A number of days as people say it."""
    if days is None:
        return ""
    words = ngettext("%(count)s day", "%(count)s days", 1 if abs(days) <= 1 else 2)
    return words % {"count": number(days)}


def number(value: float) -> str:
    """A number with one decimal while it says something."""
    places = 0 if value >= 20 or round(value, 1) == round(value) else 1
    return formats.number_format(round(value, places), decimal_pos=places, force_grouping=True)


def interval(figure: Figure, *, is_days: bool = False) -> str:
    """The interval of a time; open at the end that the data cannot tell."""
    words = days_said if is_days else said
    if figure.value is None or figure.low is None:
        return ""
    if figure.high is None:
        return _("%(low)s or more") % {"low": words(figure.low)}
    return _("%(low)s to %(high)s") % {"low": words(figure.low), "high": words(figure.high)}


def share_said(figure: Figure) -> str:
    """A share with its interval."""
    if figure.value is None or figure.low is None or figure.high is None:
        return ""
    return _("%(value)s %% (%(low)s to %(high)s)") % {
        "value": round(figure.value), "low": round(figure.low), "high": round(figure.high),
    }  # fmt: skip


def ratio_said(found: Comparison) -> str:
    """How many times as long, with its interval."""
    if found.verdict == Verdict.TOO_FEW or found.change is None or found.low is None or found.high is None:
        return ""
    return _("× %(value)s (%(low)s to %(high)s)") % {
        "value": two(found.change), "low": two(found.low), "high": two(found.high),
    }  # fmt: skip


def points_said(found: Comparison) -> str:
    """By how many points, with its interval."""
    if found.verdict == Verdict.TOO_FEW or found.change is None or found.low is None or found.high is None:
        return ""
    return _("%(value)s points (%(low)s to %(high)s)") % {
        "value": _signed(found.change), "low": _signed(found.low), "high": _signed(found.high),
    }  # fmt: skip


def two(value: float) -> str:
    """A number with two decimals while they say something."""
    return formats.number_format(round(value, 2), decimal_pos=2 if value < 10 else 0)


def _signed(value: float) -> str:
    sign = "+" if value > 0 else "\u2212" if value < 0 else ""
    return f"{sign}{abs(round(value))}"
