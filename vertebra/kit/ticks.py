"""Round values and days along the edges of a picture."""

import datetime as dt
import math

from django.utils import formats


def compact(value: float) -> str:
    """A number as short as an axis needs it: 250 k, 1.25 M."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            return f"{_plain(value / (1000 if letter == 'k' else size))}\u00a0{letter}"
    return _plain(value)


def _plain(value: float) -> str:
    rounded = round(value, 2)
    return formats.number_format(int(rounded) if rounded == int(rounded) else rounded, force_grouping=True)


def nice_ticks(low: float, high: float, count: int) -> list[float]:
    """Round values that hold everything between two, about so many."""
    if high == low:
        low, high = (low - 1, high + 1) if low else (0.0, 1.0)
    rough = (high - low) / count
    power: float = 10.0 ** math.floor(math.log10(rough))
    step = next(power * one for one in (1, 2, 2.5, 5, 10) if power * one >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]


def tick_days(first: dt.date, last: dt.date, most: int) -> list[dt.date]:
    """Days, months or years between two days, as many as there is room for."""
    span = (last - first).days
    if span <= 80:
        step = max(1, math.ceil((span + 1) / most))
        return [first + dt.timedelta(days=number) for number in range(0, span + 1, step)]
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next(one for one in (1, 2, 3, 4, 6, 12, 24, 36, 60, 120, 240) if months / one < most or one == 240)
    found, number = [], first.year * 12 + first.month - 1
    number = -(-number // step) * step
    while number <= last.year * 12 + last.month - 1:
        day = dt.date(number // 12, number % 12 + 1, 1)
        found += [day] if first <= day <= last else []
        number += step
    return found or [first]
