"""Values of metrics in words: with their unit, and against a target or the past."""

from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.measures.labels.metrics import Direction, MetricUnit
from vertebra.measures.models import Metric, Target

_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}
NB = "\u00a0"


def plain(value: float) -> str:
    """A number with as many decimals as it can bear."""
    size = abs(value)
    places = 0 if size >= 100_000 or value == int(value) else 1 if size >= 10 else 2
    text = formats.number_format(round(value, places), decimal_pos=places or None, force_grouping=True)
    separator = formats.get_format("DECIMAL_SEPARATOR")
    return text.rstrip("0").rstrip(separator) if separator in text else text


def said(metric: Metric, value: float) -> str:
    """A value of a metric with its unit."""
    number = plain(value)
    if metric.unit == MetricUnit.PERCENT:
        return _("%(value)s %%") % {"value": number}
    if metric.unit == MetricUnit.MONEY:
        return f"{number}{NB}{_SIGNS.get(metric.currency, metric.currency)}"
    if metric.unit == MetricUnit.MINUTES:
        return f"{number}{NB}{_('min')}"
    if metric.unit == MetricUnit.HOURS:
        return f"{number}{NB}{_('h')}"
    if metric.unit == MetricUnit.DAYS:
        words = ngettext("%(value)s day", "%(value)s days", 1 if abs(value) <= 1 else 2)
        return words % {"value": number}
    return number


def unit_words(metric: Metric) -> str:
    """What the values are counted in, for the title of a picture; nothing where that is plain."""
    if metric.unit in {MetricUnit.NUMBER, MetricUnit.RATIO}:
        return ""
    return metric.currency if metric.unit == MetricUnit.MONEY else str(metric.get_unit_display())


@dataclass(frozen=True, slots=True)
class Change:
    """How far a value lies from another: in words, and whether that is the good side (None: neither)."""

    text: str
    is_better: bool | None

    @property
    def tone(self) -> str:
        """The colour of the change."""
        return {True: "good", False: "attention", None: "neutral"}[self.is_better]


def change_between(metric: Metric, before: float | None, after: float | None) -> Change | None:
    """The change from one value to another; None when one is unknown."""
    if before is None or after is None:
        return None
    difference = after - before
    if difference == 0:
        return Change(_("unchanged"), None)
    sign = "+" if difference > 0 else "\u2212"
    if metric.unit == MetricUnit.PERCENT:
        text = _("%(change)s points") % {"change": f"{sign}{plain(abs(difference))}"}
    elif before == 0:
        text = f"{sign}{said(metric, abs(difference))}"
    else:
        text = _("%(change)s %%") % {"change": f"{sign}{plain(abs(100 * difference / before))}"}
    is_up = difference > 0
    better = None if metric.direction == Direction.KEEP else is_up == (metric.direction == Direction.UP)
    return Change(text, better)


def distance(metric: Metric, one: float, other: float) -> str:
    """How far two values lie apart; percentages lie points apart."""
    if metric.unit == MetricUnit.PERCENT:
        return _("%(change)s points") % {"change": plain(abs(one - other))}
    return said(metric, abs(one - other))


def reaches(metric: Metric, value: float, target: Target) -> bool | None:
    """Whether a value reaches a target; None for metrics that are best kept where they are."""
    if metric.direction == Direction.KEEP:
        return None
    return value >= target.value if metric.direction == Direction.UP else value <= target.value


def is_wrong_way(metric: Metric, target: float) -> bool:
    """Whether a target asks for less than there is already: it points the wrong way."""
    if metric.latest_value is None or metric.direction == Direction.KEEP:
        return False
    is_up = metric.direction == Direction.UP
    return target < metric.latest_value if is_up else target > metric.latest_value
