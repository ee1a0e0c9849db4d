"""What is known of a key result, handed to the arithmetic; called by jobs only, which may load it."""

import datetime as dt
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from vertebra.analysis.privacy import FEWEST
from vertebra.discovery.labels import Moment
from vertebra.discovery.models import ReAsk
from vertebra.measures.models import Metric
from vertebra.measures.queries.periods import next_period, period_start
from vertebra.measures.queries.series import many_series, split_of
from vertebra.roadmap.labels.results import EffectVerdict, MeasuredBy
from vertebra.roadmap.models import KeyResult

if TYPE_CHECKING:
    from vertebra.analysis.impact import Estimate

# So many periods before the window are kept for the picture.
MOST_DRAWN = 160


def estimated(key_result: KeyResult) -> "Estimate":
    """The effect on a key result, by the method that its data allow."""
    if key_result.measured_by == MeasuredBy.RE_ASK:
        return _from_answers(key_result)
    if key_result.measured_by == MeasuredBy.HAND:
        from vertebra.analysis.impact import compare_two_figures

        return compare_two_figures(key_result.baseline or 0.0, key_result.after)
    return _from_units(key_result) if key_result.stages else _from_series(key_result)


def hoped(key_result: KeyResult) -> float | None:
    """The change that was aimed at."""
    if key_result.target is None or key_result.baseline is None:
        return None
    return key_result.target - key_result.baseline


def whole_periods(metric: Metric, starts: dt.date) -> tuple[dt.date, dt.date]:
    """The last day that is wholly before a day, and the first period wholly after it: the one between is neither."""
    first = period_start(starts, metric.grain)
    last_before = first - dt.timedelta(days=1)
    return last_before, first if first == starts else next_period(first, metric.grain)


def _from_series(key_result: KeyResult) -> "Estimate":
    from vertebra.analysis.impact import Grain, estimate

    metric, starts, ends = _window(key_result)
    controls = list(key_result.controls.order_by("pk"))
    found = many_series([metric, *controls], until=ends)
    before_until, first = whole_periods(metric, starts)
    return estimate(
        found[metric.pk],
        first,
        max(first, ends),
        [found[one.pk] for one in controls],
        before_until=before_until,
        grain=Grain(metric.grain),
        hoped=hoped(key_result),
    )


def _from_units(key_result: KeyResult) -> "Estimate":
    from vertebra.analysis.impact import Grain, estimate_staged

    metric, _starts, ends = _window(key_result)
    reached = {one["part"]: dt.date.fromisoformat(one["on"]) for one in key_result.stages}
    return estimate_staged(
        split_of(metric, until=ends), reached, ends, grain=Grain(metric.grain), hoped=hoped(key_result)
    )


def _window(key_result: KeyResult) -> tuple[Metric, dt.date, dt.date]:
    metric, starts, ends = key_result.metric, key_result.effect_from, key_result.effect_until
    if metric is None or starts is None or ends is None:
        raise ValueError("a key result read from a metric has a metric and a window")
    return metric, starts, ends


def later_asking(key_result: KeyResult) -> ReAsk | None:
    """The latest asking that was read since the baseline: at delivery, or six months later."""
    if key_result.pain_point is None or key_result.baseline_on is None:
        return None
    rows = key_result.pain_point.re_asks.filter(
        read_at__isnull=False,
        read_at__gt=key_result.fixed_at,
        moment__in=(Moment.DELIVERY, Moment.SIX_MONTHS),
    )
    found: ReAsk | None = rows.order_by("-due_on", "-pk").first()
    return found


def _from_answers(key_result: KeyResult) -> "Estimate":
    from vertebra.analysis.impact import Answered, compare_answers

    later = later_asking(key_result)
    after = None
    if later is not None and later.mean is not None and (later.answered or 0) >= FEWEST:
        low = later.mean if later.low is None else later.low
        high = later.mean if later.high is None else later.high
        after = Answered(later.answered or 0, later.mean, low, high)
    mean, count = key_result.baseline, key_result.baseline_count
    before = None
    if mean is not None and count is not None:
        low = mean if key_result.baseline_low is None else key_result.baseline_low
        high = mean if key_result.baseline_high is None else key_result.baseline_high
        before = Answered(count, mean, low, high)
    return compare_answers(before, after, hoped(key_result))


def columns_of(found: "Estimate", *, is_lower_better: bool) -> dict[str, Any]:
    """An estimate as the columns of a result."""
    values: dict[str, Any] = {
        "method": found.method.value,
        "analysis": f"{found.name} {found.version}",
        "verdict": _verdict(found.verdict.value, is_lower_better=is_lower_better),
        "reason": found.reason.value if found.reason else "",
        "observed": found.observed,
        "expected": found.expected,
        "series": {"points": _drawn(found)},
        "checks": _checks(found),
    }
    for name, figure in (("", found.effect), ("total_", found.total)):
        values[name.rstrip("_") or "effect"] = figure.mean if figure else None
        values[f"{name}low"], values[f"{name}high"] = (figure.low, figure.high) if figure else (None, None)
    return values


def _verdict(code: str, *, is_lower_better: bool) -> str:
    if code in {"rise", "fall"}:
        is_better = (code == "fall") == is_lower_better
        return EffectVerdict.BETTER if is_better else EffectVerdict.WORSE
    return EffectVerdict(code)


def _drawn(found: "Estimate") -> list[list[Any]]:
    """The points of the picture: day, seen, expected, low, high, whether afterwards."""
    before = [point for point in found.points if not point.is_after][-MOST_DRAWN:]
    after = [point for point in found.points if point.is_after]
    return [
        [
            point.on.isoformat(),
            _short(point.observed),
            _short(point.expected),
            _short(point.low),
            _short(point.high),
            point.is_after,
        ]
        for point in (*before, *after)
    ]


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.6g}")


def _checks(found: "Estimate") -> dict[str, Any]:
    """What stands beside a result: the same reckoning where nothing happened, and what to know of it."""

    def placebo(one: Any) -> dict[str, Any]:
        effect = {name: _short(value) for name, value in asdict(one.effect).items()}
        return {
            "on": one.on.isoformat() if one.on else None,
            "unit": one.unit,
            **effect,
            "is_alarm": one.is_alarm,
        }

    return {
        "before": found.before_count,
        "after": found.after_count,
        "autocorrelation": _short(found.autocorrelation),
        "season": _short(found.season),
        "slope": asdict(found.slope) if found.slope else None,
        "cautions": [code.value for code in found.cautions],
        "placebo_dates": [placebo(one) for one in found.placebo_dates],
        "placebo_units": [placebo(one) for one in found.placebo_units],
    }
