"""The picture of an effect: what was seen against what would have been expected, with the band it was expected in.

Its figures stand in the table beside it; the picture carries its answer as its label.
"""

import datetime as dt
from collections.abc import Sequence
from math import ceil, floor, log10
from typing import Any

from django import template
from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_WIDTH, _HEIGHT = 720, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 96, 22, 34
# How far apart two names at the end of lines stay, letters of a phone being the larger.
_APART = 20


class _Plane:
    """Where days and values lie in the picture."""

    def __init__(self, points: Sequence[Sequence[Any]]) -> None:
        self.days = [dt.date.fromisoformat(point[0]).toordinal() for point in points]
        values = [value for point in points for value in point[1:5] if value is not None]
        low, high = min(values), max(values)
        room = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
        self.low, self.high = low - room, high + room

    def x(self, day: int) -> float:
        """Where a day lies."""
        first, last = self.days[0], self.days[-1]
        share = (day - first) / (last - first) if last > first else 0.5
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        """Where a value lies."""
        share: float = (value - self.low) / (self.high - self.low)
        return _TOP + (1 - share) * (_HEIGHT - _TOP - _BOTTOM)


@register.simple_tag
def effect_picture(
    points: Sequence[Sequence[Any]], label: str, seen: str, expected: str, since: str = ""
) -> SafeString:
    """Draw points (day, seen, expected, low, high, whether afterwards); words name the two lines and the day between."""
    if not any(value is not None for point in points for value in point[1:5]):
        return mark_safe("")
    plane = _Plane(points)
    return format_html(
        '<svg class="effect-chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}{}{}{}</svg>',
        _WIDTH,
        _HEIGHT,
        label,
        _grid(plane),
        _band(plane, points),
        _start(plane, points, since),
        _line(plane, points, 2, "effect-expected"),
        _line(plane, points, 1, "effect-seen"),
        _names(plane, points, seen, expected),
    )


def _grid(plane: _Plane) -> SafeString:
    """A few lines at round values, with their values; the first and the last day."""
    ticks, places = _ticks(plane.low, plane.high)
    lines = format_html_join(
        "",
        '<line class="chart-axis" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="chart-word" x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (_LEFT, _WIDTH - _RIGHT, y, y, _LEFT - 8, _number(plane.y(value) + 4), _said(value, places))
            for value in ticks
            for y in (_number(plane.y(value)),)
        ),
    )
    days = format_html_join(
        "",
        '<text class="chart-word" x="{}" y="{}" text-anchor="{}">{}</text>',
        (
            (_number(plane.x(day)), _HEIGHT - 10, anchor, _day(day))
            for day, anchor in ((plane.days[0], "start"), (plane.days[-1], "end"))
        ),
    )
    return format_html("{}{}", lines, days)


def _ticks(low: float, high: float) -> tuple[list[float], int]:
    """Three to six round values between two others, and how many decimals they need."""
    rough = (high - low) / 4
    power = floor(log10(rough))
    step = next(each for each in (1, 2, 5, 10) if each * 10**power >= rough) * 10.0**power
    first = ceil(low / step)
    found = [number * step for number in range(first, first + 8) if number * step <= high]
    return found, max(0, -floor(log10(step) + 1e-9))


def _said(value: float, places: int) -> str:
    return str(formats.number_format(round(value, places), decimal_pos=places, force_grouping=True))


def _day(ordinal: int) -> str:
    return str(formats.date_format(dt.date.fromordinal(ordinal), "SHORT_DATE_FORMAT"))


def _number(value: float) -> str:
    return f"{value:.1f}"


def _band(plane: _Plane, points: Sequence[Sequence[Any]]) -> SafeString:
    """The band in which each value afterwards would have been expected."""
    known = [
        (plane.x(day), plane.y(point[3]), plane.y(point[4]))
        for day, point in zip(plane.days, points, strict=True)
        if point[3] is not None and point[4] is not None
    ]
    if not known:
        return mark_safe("")
    corners = [(x, low) for x, low, _high in known] + [(x, high) for x, _low, high in reversed(known)]
    return format_html(
        '<polygon class="effect-band" points="{}"/>', " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    )


def _start(plane: _Plane, points: Sequence[Sequence[Any]], words: str) -> SafeString:
    """The line at the first day afterwards."""
    first = next((day for day, point in zip(plane.days, points, strict=True) if point[5]), None)
    if first is None:
        return mark_safe("")
    x = plane.x(first)
    return format_html(
        '<line class="effect-start" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/><text class="chart-word" x="{3}" y="{4}" text-anchor="end">{5} {6}</text>',
        _number(x),
        _TOP - 8,
        _HEIGHT - _BOTTOM,
        _number(x - 6),
        _TOP - 6,
        words,
        _day(first),
    )


def _line(plane: _Plane, points: Sequence[Sequence[Any]], column: int, style: str) -> SafeString:
    """One line, broken where nothing is known."""
    parts: list[list[str]] = [[]]
    for day, point in zip(plane.days, points, strict=True):
        if point[column] is None:
            parts.append([])
        else:
            parts[-1].append(f"{plane.x(day):.1f},{plane.y(point[column]):.1f}")
    return format_html_join(
        "", '<polyline class="{}" points="{}"/>', ((style, " ".join(part)) for part in parts if part)
    )


def _names(plane: _Plane, points: Sequence[Sequence[Any]], seen: str, expected: str) -> SafeString:
    """The names of the two lines at their ends, kept apart."""
    ends = [(plane.y(points[-1][column]), words, style) for column, words, style in (
        (1, seen, "effect-seen-word"), (2, expected, "effect-expected-word")
    ) if points[-1][column] is not None]  # fmt: skip
    ends.sort()
    if len(ends) == 2 and ends[1][0] - ends[0][0] < _APART:
        middle = (ends[0][0] + ends[1][0]) / 2
        ends = [(middle - _APART / 2, *ends[0][1:]), (middle + _APART / 2, *ends[1][1:])]
    return format_html_join(
        "",
        '<text class="{}" x="{}" y="{}">{}</text>',
        ((style, _number(plane.x(plane.days[-1]) + 8), _number(y + 4), words) for y, words, style in ends),
    )
