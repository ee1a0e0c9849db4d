"""Pictures of values over time, drawn as SVG: lines or bars, a target, what was expected, marks, gaps, today.

The same drawing stands in a page, where style sheets colour it, and in a file, which carries its own colours.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from vertebra.kit.ticks import compact, nice_ticks, tick_days

Point = tuple[dt.date, float]


@dataclass(frozen=True, slots=True)
class Line:
    """One series: what it is called, its points in time, its colour; a faint one is a comparison."""

    label: str
    points: Sequence[Point]
    hue: str = "1"
    is_faint: bool = False


@dataclass(frozen=True, slots=True)
class Marked:
    """Something that happened, marked on the line."""

    starts_on: dt.date
    title: str
    ends_on: dt.date | None = None
    kind: str = "note"
    url: str = ""


@dataclass(frozen=True)
class TimeChart:
    """What is to be drawn; `step` is how many days may lie between neighbours before a gap is left."""

    title: str
    lines: Sequence[Line]
    step: int = 31
    target: float | None = None
    target_label: str = ""
    band: Sequence[tuple[dt.date, float, float]] = ()
    marks: Sequence[Marked] = ()
    today: dt.date | None = None
    is_bars: bool = False
    axis: Callable[[float], str] = field(default=lambda value: compact(value))
    said: Callable[[float], str] = field(default=lambda value: formats.number_format(round(value, 2)))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(line.points for line in self.lines)


@dataclass(frozen=True, slots=True)
class Size:
    """How large a drawing is, and how much of it is left for words; `names` of it, above, for those of several lines."""

    name: str
    width: int
    height: int
    left: int
    right: int
    top: int
    ticks: int
    bottom: int = 24
    names: int = 0


# So much beside a drawing holds the names of its lines; each takes so much above it otherwise.
ROOM_BESIDE = 40
NAME_HEIGHT = 14
WORD_WIDTH = 7.0
WIDE = Size("wide", 760, 280, 52, 150, 46, 7)
NARROW = Size("narrow", 350, 240, 46, 16, 30, 4)
SMALL = Size("small", 350, 150, 46, 16, 14, 3)


class Scale:
    """Where a day and a value stand in a drawing."""

    def __init__(self, chart: TimeChart, size: Size) -> None:
        self.size = size
        days = [on for line in chart.lines for on, _value in line.points]
        days += [on for on, _low, _high in chart.band]
        self.first, self.last = min(days), max(days)
        if chart.is_bars:
            self.last += dt.timedelta(days=max(1, chart.step * 2 // 3))
        values = [value for line in chart.lines for _on, value in line.points]
        values += [end for _on, low, high in chart.band for end in (low, high)]
        values += [chart.target] if chart.target is not None else []
        values += [0.0] if chart.is_bars else []
        self.ticks = nice_ticks(min(values), max(values), 4)
        self.low, self.high = min(values[0], *values, self.ticks[0]), max(*values, values[0], self.ticks[-1])

    def x(self, day: dt.date) -> float:
        """How far to the right a day stands."""
        span = max((self.last - self.first).days, 1)
        inside = self.size.width - self.size.left - self.size.right
        return self.size.left + inside * (day - self.first).days / span

    def y(self, value: float) -> float:
        """How far down a value stands."""
        inside = self.size.height - self.size.top - self.size.bottom
        return self.size.top + inside * (1 - (value - self.low) / (self.high - self.low))

    def holds(self, day: dt.date) -> bool:
        """Whether a day is in the picture."""
        return self.first <= day <= self.last


def draw(chart: TimeChart, size: Size) -> SafeString:
    """The drawing at a size, with its own words as its label."""
    if chart.is_empty:
        return mark_safe("")
    size = with_names(chart, size)
    scale = Scale(chart, size)
    parts = [
        _grid(chart, scale),
        _months(scale),
        _band(chart, scale),
        _marks(chart, scale),
        _target(chart, scale),
        _today(chart, scale),
        *(_bars(line, chart, scale) if chart.is_bars else _line(line, chart, scale) for line in chart.lines),
        _ends(chart, scale),
    ]
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="time-chart is-{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        size.name, size.width, size.height, summary(chart), format_html_join("", "{}", ((part,) for part in parts)),
    )  # fmt: skip


def with_names(chart: TimeChart, size: Size) -> Size:
    """The size with room above for the names of several lines, where there is none beside them."""
    solid = [line for line in _drawn(chart) if not line.is_faint]
    if size.right > ROOM_BESIDE or len(solid) < 2:
        return size
    names = NAME_HEIGHT * len(solid)
    return replace(size, height=size.height + names, top=size.top + names, names=names)


def summary(chart: TimeChart) -> str:
    """The picture in a sentence, for those who do not see it."""
    said = []
    for line in chart.lines:
        if line.points and not line.is_faint:
            (first, start), (last, end) = line.points[0], line.points[-1]
            said.append(
                _("%(name)s: %(start)s on %(first)s, %(end)s on %(last)s.")
                % {
                    "name": line.label or chart.title,
                    "start": chart.said(start),
                    "first": formats.date_format(first, "DATE_FORMAT"),
                    "end": chart.said(end),
                    "last": formats.date_format(last, "DATE_FORMAT"),
                }
            )
    return " ".join(said)


def _grid(chart: TimeChart, scale: Scale) -> SafeString:
    size = scale.size
    return format_html_join(
        "",
        '<line class="chart-axis" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="chart-word" x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (size.left, size.width - size.right, f"{y:.1f}", f"{y:.1f}", size.left - 6, f"{y + 4:.1f}", chart.axis(tick))
            for tick in scale.ticks
            if (y := scale.y(tick)) is not None
        ),
    )  # fmt: skip


def _months(scale: Scale) -> SafeString:
    """Days, months or years under the picture, as many as there is room for."""
    span = (scale.last - scale.first).days
    days = tick_days(scale.first, scale.last, scale.size.ticks)
    form = "Y" if span > 365 * 4 else "N y" if span > 80 else "j N"
    base = scale.size.height - 7
    return format_html_join(
        "",
        '<text class="chart-word" x="{}" y="{}" text-anchor="{}">{}</text>',
        (
            (f"{scale.x(day):.1f}", base, "start" if scale.x(day) < scale.size.left + 12 else "middle", formats.date_format(day, form))
            for day in days
        ),
    )  # fmt: skip


def _band(chart: TimeChart, scale: Scale) -> SafeString:
    if len(chart.band) < 2:
        return mark_safe("")
    above = [(on, high) for on, _low, high in chart.band]
    below = [(on, low) for on, low, _high in reversed(chart.band)]
    shape = " ".join(f"{scale.x(on):.1f},{scale.y(value):.1f}" for on, value in (*above, *below))
    return format_html('<polygon class="chart-band" points="{}"/>', shape)


def _target(chart: TimeChart, scale: Scale) -> SafeString:
    if chart.target is None:
        return mark_safe("")
    y, size = scale.y(chart.target), scale.size
    return format_html(
        '<line class="chart-target" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="chart-target-word" x="{}" y="{}">{}</text>',
        size.left, size.width - size.right, f"{y:.1f}", f"{y:.1f}", size.left + 4, f"{y - 5:.1f}", chart.target_label,
    )  # fmt: skip


def _today(chart: TimeChart, scale: Scale) -> SafeString:
    if chart.today is None or not scale.holds(chart.today):
        return mark_safe("")
    x = f"{scale.x(chart.today):.1f}"
    return format_html(
        '<line class="chart-today" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>',
        x, scale.size.top, scale.size.height - scale.size.bottom,
    )  # fmt: skip


def _marks(chart: TimeChart, scale: Scale) -> SafeString:
    """What happened: a thin line, its number unless it is alone, its title above where there is room, in three rows."""
    rows = [0.0, 0.0, 0.0]
    shown = numbered(chart, scale.first, scale.last)
    drawn = [_marked(number if len(shown) > 1 else None, one, scale, rows) for number, one in shown]
    return format_html_join("", "{}", ((one,) for one in drawn))


def _marked(number: int | None, one: Marked, scale: Scale, rows: list[float]) -> SafeString:
    size, bottom = scale.size, scale.size.height - scale.size.bottom
    x = scale.x(max(one.starts_on, scale.first))
    end = scale.x(min(one.ends_on, scale.last)) if one.ends_on else x
    shade, words = mark_safe(""), mark_safe("")
    if end > x:
        shade = format_html(
            '<rect class="chart-span" x="{}" y="{}" width="{}" height="{}"/>',
            f"{x:.1f}",
            size.top,
            f"{end - x:.1f}",
            bottom - size.top,
        )
    label = one.title if number is None else f"{number} {one.title if size is WIDE else ''}".strip()
    label = label if len(label) <= 26 else f"{label[:25].rstrip()}…"
    width = 6.4 * len(label) + 8
    start = min(x, size.width - width)
    row = next(
        (at for at, taken in enumerate(rows[: (size.top - size.names - 6) // 12]) if taken <= start), None
    )
    if row is not None:
        rows[row] = start + width
        words = format_html(
            '<text class="chart-mark-word" x="{}" y="{}">{}</text>', f"{start:.1f}", 11 + 12 * row, label
        )
    return format_html(
        '{}<line class="chart-mark is-{}" x1="{}" x2="{}" y1="{}" y2="{}"><title>{}</title></line>{}',
        shade,
        one.kind,
        f"{x:.1f}",
        f"{x:.1f}",
        size.top - size.names - 4,
        bottom,
        one.title,
        words,
    )


def numbered(chart: TimeChart, first: dt.date, last: dt.date) -> list[tuple[int, Marked]]:
    """The marks that fall into the picture, in time, with the numbers by which the list beside it names them."""
    inside = [one for one in chart.marks if one.starts_on <= last and (one.ends_on or one.starts_on) >= first]
    return list(enumerate(sorted(inside, key=lambda one: (one.starts_on, one.title)), 1))


def _line(line: Line, chart: TimeChart, scale: Scale) -> SafeString:
    """A line, broken where periods are missing; a point alone is a dot."""
    runs: list[list[Point]] = []
    for point in line.points:
        if runs and (point[0] - runs[-1][-1][0]).days <= chart.step:
            runs[-1].append(point)
        else:
            runs.append([point])
    shape = "".join(
        "M" + "L".join(f"{scale.x(on):.1f} {scale.y(value):.1f}" for on, value in run)
        for run in runs
        if len(run) > 1
    )
    faint = " is-faint" if line.is_faint else ""
    alone = [run[0] for run in runs if len(run) == 1]
    dots = format_html_join(
        "",
        '<circle class="chart-point is-data-{}{}" cx="{}" cy="{}" r="3"/>',
        ((line.hue, faint, f"{scale.x(on):.1f}", f"{scale.y(value):.1f}") for on, value in alone),
    )
    path = (
        format_html('<path class="chart-path is-data-{}{}" d="{}"/>', line.hue, faint, shape) if shape else ""
    )
    return format_html("{}{}", path, dots)


def _bars(line: Line, chart: TimeChart, scale: Scale) -> SafeString:
    """Bars from zero, side by side when there are several series."""
    if line.is_faint:
        return _line(line, chart, scale)
    solid = [one for one in chart.lines if not one.is_faint]
    room = max(scale.x(scale.first + dt.timedelta(days=max(1, chart.step * 2 // 3))) - scale.size.left, 1.5)
    width = max(room * 0.8 / len(solid), 1.0)
    offset, zero = width * solid.index(line), scale.y(0)
    shape = "".join(
        f"M{scale.x(on) + offset:.1f} {zero:.1f}V{scale.y(value):.1f}h{width:.1f}V{zero:.1f}z"
        for on, value in line.points
    )
    return format_html('<path class="chart-bar is-data-{}" d="{}"/>', line.hue, shape)


def _ends(chart: TimeChart, scale: Scale) -> SafeString:
    """The name and the last value of each line at its end: no legend to look up."""
    heights = ((scale.y(line.points[-1][1]), line) for line in _drawn(chart))
    ends = sorted(heights, key=lambda end: end[0])
    drawn, floor = [], scale.size.top - 8.0
    for y, line in ends:
        on, value = line.points[-1]
        x = scale.x(on)
        faint = " is-faint" if line.is_faint else ""
        if not chart.is_bars:
            drawn.append(
                format_html('<circle class="chart-point is-data-{}{}" cx="{}" cy="{}" r="3.5"/>', line.hue, faint, f"{x:.1f}", f"{y:.1f}")
            )  # fmt: skip
        if scale.size.right > ROOM_BESIDE:
            floor = max(y + 4, floor + 13)
            place = scale.size.width - scale.size.right + 8
            drawn.append(_end(line, chart.said(value), place, floor))
            if line.label and len(ends) > 1:
                floor += 13
                label = line.label if len(line.label) <= 23 else f"{line.label[:22].rstrip()}…"
                drawn.append(
                    format_html(
                        '<text class="chart-word" x="{}" y="{}">{}</text>', place, f"{floor:.1f}", label
                    )
                )
        elif not line.is_faint and not scale.size.names:
            said = chart.said(value)
            drawn.append(_end(line, said, scale.size.width - 2, _free(line, said, chart, scale), "end"))
    if scale.size.names:
        drawn += _named(chart, scale.size)
    return format_html_join("", "{}", ((one,) for one in drawn))


def _free(line: Line, said: str, chart: TimeChart, scale: Scale) -> float:
    """How far down the last value of a line is written inside the drawing, so that the line does not run through it."""
    start, end = scale.size.width - 10 - WORD_WIDTH * len(said), scale.y(line.points[-1][1])
    places = [(scale.x(on), scale.y(value)) for on, value in line.points]
    heights = [y for x, y in places if x >= start] or [end]
    if before := [place for place in places if place[0] < start]:
        (x, y), after = before[-1], heights[0]
        beside = next((place[0] for place in places if place[0] >= start), x + 1)
        heights.append(y if chart.is_bars else y + (after - y) * (start - x) / max(beside - x, 1))
    above, below = min(heights), max(heights)
    if (
        not chart.is_bars
        and below - end < end - above
        and below + 18 <= scale.size.height - scale.size.bottom
    ):
        return below + 18
    return max(above - 8, 10)


def _named(chart: TimeChart, size: Size) -> list[SafeString]:
    """The lines by name above the drawing, each with its colour and its last value."""
    solid = [line for line in _drawn(chart) if not line.is_faint]
    drawn, first = [], size.top - size.names
    for row, line in enumerate(solid):
        y = first + NAME_HEIGHT * row
        name = line.label if len(line.label) <= 36 else f"{line.label[:35].rstrip()}…"
        drawn.append(
            format_html('<circle class="chart-point is-data-{}" cx="{}" cy="{}" r="3.5"/>', line.hue, size.left + 4, y)
        )  # fmt: skip
        drawn.append(_end(line, f"{name} {chart.said(line.points[-1][1])}".strip(), size.left + 12, y + 4))
    return drawn


def _end(line: Line, said: str, x: float, y: float, anchor: str = "start") -> SafeString:
    faint = " is-faint" if line.is_faint else ""
    return format_html(
        '<text class="chart-end{}" x="{}" y="{}" text-anchor="{}">{}</text>',
        faint,
        f"{x:.1f}",
        f"{y:.1f}",
        anchor,
        said,
    )


def _drawn(chart: TimeChart) -> list[Line]:
    return [line for line in chart.lines if line.points]
