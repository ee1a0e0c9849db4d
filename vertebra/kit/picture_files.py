"""A drawing of values over time as a file of its own: no style sheet beside it, its colours stand inside."""

import re

from django.utils.html import format_html

from vertebra.kit.pictures import WIDE, TimeChart, draw

_DATA = ("#1f6f8b", "#b5622e", "#6a5aa8", "#3f7d3f", "#a23b5c", "#8a6d1b", "#4a6fa5", "#6b6b6b")
_LOOKS = {
    "chart-axis": 'stroke="#d9dee2"', "chart-word": 'fill="#5b6770" font-size="12"',
    "chart-band": 'fill="#1f6f8b" fill-opacity="0.14"',
    "chart-target": 'stroke="#3f7d3f" stroke-width="1.5" stroke-dasharray="6 4"',
    "chart-target-word": 'fill="#2f632f" font-size="12"', "chart-today": 'stroke="#8b959c" stroke-dasharray="2 3"',
    "chart-mark": 'stroke="#5b6770" stroke-dasharray="3 3"', "chart-span": 'fill="#5b6770" fill-opacity="0.1"',
    "chart-mark-word": 'fill="#2b353c" font-size="11"', "chart-path": 'fill="none" stroke-width="2" stroke-linejoin="round"',
    "chart-end": 'font-size="12" font-weight="600"',
}  # fmt: skip
_CLASS = re.compile(r' class="([^"]*)"')


def as_file(chart: TimeChart) -> str:
    """The drawing as a file of its own: colours, a white ground and the title inside."""
    inside = draw(chart, WIDE)
    body = _CLASS.sub(lambda found: _look(found[1].split()), inside)
    height = WIDE.height + 30
    start, _sep, rest = body.partition(">")
    head = re.sub(
        r'viewBox="[^"]*"',
        f'viewBox="0 -30 {WIDE.width} {height}" width="{WIDE.width * 2}" height="{height * 2}"',
        start,
    )
    title = format_html(
        '<text x="8" y="-10" fill="#2b353c" font-size="15" font-weight="600">{}</text>', chart.title
    )
    ground = f'<rect x="0" y="-30" width="{WIDE.width}" height="{height}" fill="#ffffff"/>'
    return f'{head} font-family="Inter, Helvetica, Arial, sans-serif">{ground}{title}{rest}'


def _look(names: list[str]) -> str:
    look = next((_LOOKS[name] for name in names if name in _LOOKS), "")
    number = next((int(name.removeprefix("is-data-")) for name in names if name.startswith("is-data-")), None)
    if number is not None:
        colour = _DATA[(number - 1) % len(_DATA)]
        look += f' stroke="{colour}"' if "chart-path" in names else f' fill="{colour}"'
    faint = ' opacity="0.45"' if "is-faint" in names else ""
    return f" {look}{faint}" if look or faint else ""
