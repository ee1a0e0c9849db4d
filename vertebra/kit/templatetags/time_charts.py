"""A picture of values over time in a page: drawn wide and narrow, so that it is read on a phone too."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from vertebra.kit.pictures import NARROW, SMALL, WIDE, TimeChart, draw

register = template.Library()


@register.simple_tag
def time_chart(chart: TimeChart, size: str = "") -> SafeString:
    """Draw values over time; `small` for one of several pictures side by side."""
    if chart.is_empty:
        return mark_safe("")
    if size == "small":
        return format_html('<div class="time-charts">{}</div>', draw(chart, SMALL))
    return format_html('<div class="time-charts">{}{}</div>', draw(chart, WIDE), draw(chart, NARROW))


@register.simple_tag
def spark(values: list[float], label: str = "") -> SafeString:
    """Draw the way of a few values in a word's room; the figures stand beside it."""
    if len(values) < 2:
        return mark_safe("")
    low, high = min(values), max(values)
    span, step = (high - low) or 1.0, 76 / (len(values) - 1)
    points = [(2 + step * at, 18 - 16 * (value - low) / span) for at, value in enumerate(values)]
    shape = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return format_html(
        '<svg class="spark" viewBox="0 0 82 20" aria-hidden="true"><polyline points="{}"/><circle cx="{}" cy="{}" r="2"/></svg>',
        shape,
        f"{points[-1][0]:.1f}",
        f"{points[-1][1]:.1f}",
    )
