"""When a count ends: an interval that holds four times in five, and honest refusals to say."""

import datetime as dt
import random

from vertebra.analysis.forecast import Counted, Verdict, forecast

START = dt.date(2026, 1, 5)


def counts(*done: int, total: int = 400, every: int = 7) -> list[Counted]:
    return [Counted(START + dt.timedelta(days=every * at), one, total) for at, one in enumerate(done)]


def test_nothing_too_few_and_no_end_are_said() -> None:
    assert forecast([]).verdict == Verdict.NO_COUNT
    assert forecast(counts(0, 40, 80)).verdict == Verdict.TOO_FEW
    assert forecast(counts(0, 10, 20, 30, every=2)).verdict == Verdict.TOO_FEW
    assert forecast(counts(50, 50, 50, 50)).verdict == Verdict.NOT_MOVING
    growing = [Counted(START + dt.timedelta(days=7 * at), at * 5, 100 + at * 9) for at in range(6)]
    assert forecast(growing).verdict == Verdict.NOT_MOVING
    zero = [Counted(START + dt.timedelta(days=7 * at), 0, 0) for at in range(5)]
    assert forecast(zero).verdict == Verdict.NOT_MOVING


def test_what_is_done_says_since_when() -> None:
    found = forecast(counts(0, 200, 400, 400))
    assert (found.verdict, found.likely) == (Verdict.DONE, START + dt.timedelta(days=14))


def test_an_even_pace_leaves_no_doubt_and_an_uneven_one_an_interval() -> None:
    even = forecast(counts(0, 50, 100, 150, 200))
    assert even.earliest == even.likely == even.latest == START + dt.timedelta(days=56)
    uneven = forecast(counts(0, 80, 100, 170, 200))
    assert uneven.earliest and uneven.likely and uneven.latest
    assert uneven.earliest < uneven.likely < uneven.latest
    assert uneven.band[0][1] == 200 and uneven.band[-1][2] == 400


def test_a_pace_too_uneven_has_no_latest_day() -> None:
    found = forecast(counts(0, 1, 150, 152))
    assert found.verdict == Verdict.FORECAST and found.latest is None and found.earliest


def test_the_order_of_counts_does_not_matter_and_added_work_moves_the_end() -> None:
    rows = counts(0, 50, 90, 150, 200)
    assert forecast(rows[::-1]) == forecast(rows)
    more = [*rows, Counted(START + dt.timedelta(days=35), 250, 600)]
    assert (forecast(more).likely or START) > (forecast(rows).likely or START)


def test_the_interval_holds_about_four_times_in_five() -> None:
    chance = random.Random(7)
    held = tried = 0
    for _project in range(400):
        done = 0.0
        weeks: list[int] = []
        while done < 1000 and len(weeks) < 300:
            done += chance.gauss(40, 22)
            weeks.append(max(0, min(1000, round(done))))
        rows = [Counted(START + dt.timedelta(days=7 * at), one, 1000) for at, one in enumerate([0, *weeks])]
        cut = len(rows) // 2
        found = forecast(rows[: cut + 1])
        if found.verdict != Verdict.FORECAST or found.earliest is None:
            continue
        end = next(row.on for row in rows if row.done >= 1000)
        tried += 1
        # The end is only seen at the end of its week.
        first = found.earliest - dt.timedelta(days=6)
        held += first <= end and (found.latest is None or end <= found.latest + dt.timedelta(days=6))
    assert tried > 350
    assert 0.74 <= held / tried <= 0.92, held / tried
