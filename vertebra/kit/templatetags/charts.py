"""Small pictures of figures, drawn inline: a bar of a share, a line over time.

Each is decoration beside figures that stand in the page as text; `trend` carries its figures as its label.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from django import template
from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_WIDTH, _HEIGHT = 640, 160
_LEFT, _RIGHT, _TOP, _BOTTOM = 36, 24, 16, 34


@register.simple_tag
@lru_cache(maxsize=2048)
def bar(value: float | None, highest: float, hue: str = "1") -> SafeString:
    """Draw a horizontal bar of a value on a scale that begins at zero."""
    share = 0.0 if not value or not highest else max(0.0, min(1.0, value / highest))
    return format_html(
        '<svg class="bar-chart" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar-ground" width="100" height="10"/><rect class="is-data-{}" width="{}" height="10"/></svg>',
        hue,
        f"{share * 100:.1f}",
    )


@register.simple_tag
def trend(points: Sequence[object], lowest: float, highest: float, label: str) -> SafeString:
    """Draw values over time: points have `label`, `mean`, `low`, `high` (None where nothing may be shown)."""
    if highest <= lowest or not points:
        return mark_safe("")
    step = (_WIDTH - _LEFT - _RIGHT) / max(len(points) - 1, 1)
    marks = []
    for number, point in enumerate(points):
        mean = getattr(point, "mean", None)
        x = _LEFT + (step * number if len(points) > 1 else (_WIDTH - _LEFT - _RIGHT) / 2)
        low, high = getattr(point, "low", None), getattr(point, "high", None)
        y, y_low, y_high = (
            None if value is None else _at(value, lowest, highest) for value in (mean, low, high)
        )
        marks.append((x, y, y_low, y_high, str(getattr(point, "label", "")), mean))
    return format_html(
        '<svg class="trend-chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}{}</svg>',
        _WIDTH,
        _HEIGHT,
        label,
        _grid(lowest, highest),
        _reaches(marks),
        _lines(marks),
        _dots(marks),
    )


_Mark = tuple[float, float | None, float | None, float | None, str, float | None]


def _at(value: float, lowest: float, highest: float) -> float:
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - (value - lowest) / (highest - lowest))


def _grid(lowest: float, highest: float) -> SafeString:
    ends = ((value, _at(value, lowest, highest)) for value in (lowest, (lowest + highest) / 2, highest))
    return format_html_join(
        "",
        '<line class="chart-axis" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="chart-word" x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (_LEFT, _WIDTH - _RIGHT + 12, f"{y:.1f}", f"{y:.1f}", _LEFT - 8, f"{y + 4:.1f}", f"{value:g}")
            for value, y in ends
        ),
    )


def _reaches(marks: Sequence[_Mark]) -> SafeString:
    return format_html_join(
        "",
        '<line class="chart-reach" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>',
        (
            (f"{x:.1f}", f"{low:.1f}", f"{high:.1f}")
            for x, _y, low, high, _label, _mean in marks
            if low is not None and high is not None
        ),
    )


def _lines(marks: Sequence[_Mark]) -> SafeString:
    """Lines between neighbours that are both known: a gap stays a gap."""
    return format_html_join(
        "",
        '<line class="chart-line" x1="{}" x2="{}" y1="{}" y2="{}"/>',
        (
            (f"{a[0]:.1f}", f"{b[0]:.1f}", f"{a[1]:.1f}", f"{b[1]:.1f}")
            for a, b in pairwise(marks)
            if a[1] is not None and b[1] is not None
        ),
    )


def _anchor(number: int, count: int) -> str:
    """How a word stands at its mark: inside the picture at both ends."""
    if count == 1:
        return "middle"
    return "start" if number == 0 else "end" if number == count - 1 else "middle"


def _dots(marks: Sequence[_Mark]) -> SafeString:
    dots = format_html_join(
        "",
        '<circle class="chart-dot" cx="{}" cy="{}" r="4"/><text class="chart-value" x="{}" y="{}">{}</text>',
        (
            (
                f"{x:.1f}",
                f"{y:.1f}",
                f"{x + 7:.1f}",
                f"{y - 6:.1f}",
                formats.number_format(round(mean, 1), decimal_pos=1),
            )
            for x, y, _low, _high, _label, mean in marks
            if y is not None and mean is not None
        ),
    )
    words = format_html_join(
        "",
        '<text class="chart-word" x="{}" y="{}" text-anchor="{}">{}</text>',
        (
            (f"{x:.1f}", _HEIGHT - 10, _anchor(number, len(marks)), label)
            for number, (x, _y, _low, _high, label, _mean) in enumerate(marks)
        ),
    )
    return format_html("{}{}", dots, words)
