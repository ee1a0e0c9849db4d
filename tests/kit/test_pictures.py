"""Pictures of values over time: gaps stay gaps, scales are round, nothing runs out of the picture, files stand alone."""

import datetime as dt
import re
from itertools import pairwise

import pytest

from vertebra.kit.picture_files import as_file
from vertebra.kit.pictures import (
    NARROW,
    SMALL,
    WIDE,
    Line,
    Marked,
    Size,
    TimeChart,
    draw,
)
from vertebra.kit.templatetags.time_charts import spark, time_chart
from vertebra.kit.ticks import compact, nice_ticks


def months(*values: float | None) -> list[tuple[dt.date, float]]:
    days = [dt.date(2025, 1, 1) + dt.timedelta(days=31 * at) for at in range(len(values))]
    return [(day.replace(day=1), value) for day, value in zip(days, values, strict=True) if value is not None]


def chart(*values: float | None, **given: object) -> TimeChart:
    return TimeChart("Orders", [Line("", months(*values))], step=32, **given)  # type: ignore[arg-type]


def test_a_missing_period_breaks_the_line_and_a_value_alone_is_a_dot() -> None:
    drawn = draw(chart(1, 2, None, 4, None, 6), WIDE)
    path = re.search(r'd="([^"]+)"', drawn)
    assert path is not None
    assert path[1].count("M") == 1
    assert drawn.count("<circle") == 3  # two values alone, and the end of the line


@pytest.mark.parametrize(
    ("low", "high", "first", "last"),
    [
        (0, 97, 0, 100),
        (3.1, 3.4, 3.1, 3.4),
        (-5, 5, -5, 5),
        (7, 7, 6, 8),
        (0, 0, 0, 1),
        (1e6, 1.7e6, 1e6, 1.8e6),
    ],
)
def test_scales_are_round_and_hold_everything(low: float, high: float, first: float, last: float) -> None:
    ticks = nice_ticks(low, high, 4)
    assert (ticks[0], ticks[-1]) == (first, last)
    assert 2 <= len(ticks) <= 7


@pytest.mark.parametrize("size", [WIDE, NARROW, SMALL])
def test_nothing_runs_out_of_the_picture(size: Size) -> None:
    marks = [
        Marked(dt.date(2025, 11, day), "Something with a name that is far too long") for day in (2, 9, 20)
    ]
    drawn = draw(chart(*range(3, 15), target=20, target_label="target: 20", marks=marks), size)
    for name, most in (("x", size.width), ("cx", size.width), ("y", size.height), ("cy", size.height)):
        places = [float(found) for found in re.findall(rf' {name}="(-?[\d.]+)"', drawn)]
        assert all(0 <= place <= most for place in places), name


def test_nothing_to_draw_is_nothing() -> None:
    assert draw(chart(), WIDE) == ""
    assert time_chart(chart()) == ""
    assert spark([1.0]) == ""


def test_one_value_all_zeros_and_large_values_are_drawn() -> None:
    for values in ((5,), (0, 0, 0), (1e15, 1e15 + 1), (-3, -9)):
        assert "<svg" in draw(chart(*values), WIDE)
        assert "<svg" in draw(chart(*values, is_bars=True), NARROW)


def test_a_file_carries_its_colours_and_no_class_and_no_style() -> None:
    text = as_file(
        chart(1, 2, 3, target=2, target_label="target", marks=[Marked(dt.date(2025, 2, 3), "Pilot")])
    )
    assert "class=" not in text
    assert "style" not in text
    assert 'stroke="#1f6f8b"' in text
    assert ">Orders</text>" in text


def test_a_picture_says_itself_to_those_who_do_not_see_it() -> None:
    assert 'aria-label="Orders: 1 on 1 January 2025, 3 on 1 March 2025."' in draw(chart(1, 2, 3), WIDE)


def test_what_people_wrote_stays_text() -> None:
    drawn = draw(chart(1, 2, marks=[Marked(dt.date(2025, 1, 9), '"><script>x</script>')]), WIDE)
    assert "<script>" not in drawn


def test_axes_are_short() -> None:
    assert [compact(value) for value in (1_250_000, 250_000, 12, 0.25)] == [
        "1.25\u00a0M",
        "250\u00a0k",
        "12",
        "0.25",
    ]


@pytest.mark.parametrize("size", [NARROW, SMALL])
def test_several_lines_are_named_above_a_picture_with_no_room_beside(size: Size) -> None:
    lines = [Line("Restored", months(1, 2, 9), "1"), Line("Told", months(2, 9, 8), "3")]
    given = TimeChart("Hours", lines, step=32)
    drawn = draw(given, size)
    words = re.findall(r'class="chart-end" x="([\d.]+)" y="([\d.]+)" text-anchor="start">([^<]+)<', drawn)
    assert [word for _x, _y, word in words] == ["Restored 9", "Told 8"]
    assert [float(y) for _x, y, _word in words] == sorted({float(y) for _x, y, _word in words})
    top = min(
        float(y) for line in re.findall(r'd="([^"]+)"', drawn) for y in re.findall(r"[\d.]+ ([\d.]+)", line)
    )
    assert max(float(y) for _x, y, _word in words) < top  # no name lies on a line
    assert f'viewBox="0 0 {size.width} {size.height + 28}"' in drawn
    alone = draw(TimeChart("Hours", lines[:1], step=32), size)
    assert f'viewBox="0 0 {size.width} {size.height}"' in alone


@pytest.mark.parametrize("size", [NARROW, SMALL])
@pytest.mark.parametrize("values", [(90, 80, 60, 20, 10), (1, 20, 60, 80, 90), (5, 90, 5, 90, 5, 90, 40)])
def test_the_last_value_does_not_lie_over_the_line_where_there_is_no_room_beside(
    size: Size, values: tuple[float, ...]
) -> None:
    drawn = draw(chart(*(value * 10_000 for value in values)), size)
    word = re.search(r'class="chart-end" x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]+)<', drawn)
    path = re.search(r'class="chart-path[^"]*" d="M([^"]+)"', drawn)
    assert word is not None and path is not None
    right, bottom, left = float(word[1]), float(word[2]), float(word[1]) - 7 * len(word[3])
    points = [tuple(map(float, one.split())) for one in path[1].split("L")]
    for (x, y), (next_x, next_y) in pairwise(points):
        for step in range(101):
            across, down = x + (next_x - x) * step / 100, y + (next_y - y) * step / 100
            assert not (left <= across <= right and bottom - 10 <= down <= bottom), (across, down)
