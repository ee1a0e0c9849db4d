"""The same reckoning where nothing happened: on earlier days, and on series that nothing was done to."""

import dataclasses

import numpy as np

from vertebra.analysis.impact.values import Placebo
from vertebra.analysis.impact.window import FEWEST_BEFORE, Window, first_day, fit_window

MOST_DATES = 5
MOST_UNITS = 6


def placebo_dates(cut: Window) -> tuple[Placebo, ...]:
    """The effect of earlier days on which nothing was done, over windows as long that do not overlap."""
    length = len(cut.after)
    found: list[Placebo] = []
    start = len(cut.before) - length
    while start >= max(FEWEST_BEFORE, length) and len(found) < MOST_DATES:
        if np.ptp(cut.before[:start]) > 0:
            told = fit_window(_moved(cut, start, start + length), is_quick=False, with_points=False)
            found.append(Placebo(told.average, on=first_day(int(cut.before_at[start]), cut.grain)))
        start -= length
    return tuple(reversed(found))


def _moved(cut: Window, start: int, end: int) -> Window:
    """The window as if the effect had been expected earlier, knowing nothing of what came later."""
    return dataclasses.replace(
        cut,
        before=cut.before[:start],
        before_at=cut.before_at[:start],
        after=cut.before[start:end],
        after_at=cut.before_at[start:end],
        control_before=cut.control_before[:start],
        control_after=cut.control_before[start:end],
    )


def placebo_units(cut: Window) -> tuple[Placebo, ...]:
    """The effect found on each control, with the other controls beside it: nothing was done to any of them."""
    many = cut.control_before.shape[1]
    if many < 2:
        return ()
    found = []
    for unit in range(min(many, MOST_UNITS)):
        others = [each for each in range(many) if each != unit]
        as_if = dataclasses.replace(
            cut,
            before=cut.control_before[:, unit],
            after=cut.control_after[:, unit],
            control_before=cut.control_before[:, others],
            control_after=cut.control_after[:, others],
        )
        if np.ptp(as_if.before) > 0:
            found.append(Placebo(fit_window(as_if, is_quick=False, with_points=False).average, unit=unit))
    return tuple(found)
