"""The picture of a result: what was seen against what would have been expected, with the band it was expected in."""

import datetime as dt

from django.utils.translation import pgettext

from vertebra.kit.pictures import Line, Marked, TimeChart
from vertebra.measures.labels.metrics import Grain
from vertebra.measures.queries.pictures import STEPS
from vertebra.roadmap.models import KeyResult, Result
from vertebra.roadmap.pages import result_words as words

# Where no metric says how often values come, no gap is one.
ANY_STEP = 10_000


def picture_of(key_result: KeyResult, result: Result, places: int) -> TimeChart:
    """The chart of a result; its days are those that were kept when it was reckoned."""
    points = [(dt.date.fromisoformat(point[0]), *point[1:]) for point in result.series.get("points", [])]
    seen, expected = (
        Line(label, [(on, row[at]) for on, *row in points if row[at] is not None], hue, is_faint=hue == "2")
        for at, label, hue in (
            (0, pgettext("line", "seen"), "1"),
            (1, pgettext("line", "expected"), "2"),
        )
    )
    began = next((on for on, *row in points if row[4]), None)
    metric = key_result.metric
    return TimeChart(
        title=words.answer_of(key_result, result),
        lines=[expected, seen],
        step=STEPS[Grain(metric.grain)] if metric else ANY_STEP,
        band=[(on, row[2], row[3]) for on, *row in points if row[2] is not None and row[3] is not None],
        marks=[Marked(began, pgettext("picture", "effect expected"))] if began else [],
        said=lambda value: words.say(value, places),
    )
