"""How work flows: by hand, and the same as counted without a database."""

import datetime as dt
from collections import defaultdict
from typing import Any

import pytest

from tests.analysis.flow_world import HOUR, ZERO, Work, by_chance, moved, plain, quantile, tables
from vertebra.analysis.flow.facts import facts, meant, stood
from vertebra.analysis.flow.figures import figures, shares_of
from vertebra.analysis.flow.periods import MONDAY, Period, months_of, week_number

FIRST = week_number(ZERO.date())


def told(*works: Work, **options: object) -> list[dict[str, object]]:
    """What is known of each item, times in hours."""
    trail = tables(works, **options)  # type: ignore[arg-type]
    items = facts(trail)
    rows: list[dict[str, Any]] = items.to_pyarrow().to_pylist()
    spent: dict[tuple[object, str], float] = defaultdict(float)
    for one in meant(trail, stood(trail, items)).to_pyarrow().to_pylist():
        spent[one["item"], one["means"]] += one["held"]
    for row in rows:
        times = {name: row[name] for name in ("lead", "cycle", "blocked")}
        times |= {means: spent[row["item"], means] for means in ("todo", "doing", "waiting")}
        row |= {name: None if seconds is None else seconds / 3600 for name, seconds in times.items()}
    return sorted(rows, key=lambda one: str(one["item"]))


def test_the_time_of_an_item_is_divided_by_what_its_statuses_mean() -> None:
    (one,) = told(moved(1, (10, "Doing"), (15, "Waiting"), (35, "Doing"), (40, "Done")))
    assert (one["lead"], one["cycle"]) == (40, 30)
    assert (one["todo"], one["doing"], one["waiting"]) == (10, 10, 20)
    assert (one["started_at"], one["done_at"]) == (ZERO + 10 * HOUR, ZERO + 40 * HOUR)
    assert one["week"] == FIRST


def test_times_are_of_whole_seconds_as_every_engine_tells_them() -> None:
    second = 1 / 3600
    (one,) = told(moved(1, (9.9 * second, "Doing"), (20.1 * second, "Waiting"), (29.8 * second, "Done")))
    times = {"lead": 29, "cycle": 20, "todo": 9, "doing": 11, "waiting": 9}
    assert {name: one[name] for name in times} == pytest.approx(
        {name: some * second for name, some in times.items()}
    )


def test_what_was_opened_again_is_done_when_it_was_done_for_good() -> None:
    (one,) = told(moved(1, (10, "Doing"), (20, "Done"), (50, "Doing"), (60, "Done")))
    assert (one["reopened"], one["lead"], one["doing"]) == (1, 60, 20)


def test_what_is_open_again_is_not_done() -> None:
    (one,) = told(moved(1, (10, "Done"), (20, "Doing")))
    assert (one["done_at"], one["started_at"]) == (None, ZERO + 10 * HOUR)


def test_without_a_history_the_moment_of_the_tool_counts() -> None:
    one, other = told(Work(1, status="Done", resolved=30), Work(2, status="Doing"))
    assert (one["lead"], one["cycle"], one["doing"]) == (30, None, 0)
    assert (other["done_at"], other["started_at"]) == (None, ZERO)


def test_a_status_that_nobody_explained_is_under_way() -> None:
    (one,) = told(moved(1, (4, "In the oven"), (9, "Done")))
    assert (one["cycle"], one["doing"]) == (5, 5)


def test_hand_overs_are_counted_and_those_that_come_back() -> None:
    work = moved(1, (50, "Done"))
    people = [("a", "b"), ("b", "a"), ("a", "c"), ("c", "b"), ("b", "")]
    work.steps += [(n + 1, "assignee", before, after, "x") for n, (before, after) in enumerate(people)]
    work.steps += [(9, "team", "L1", "L2", "x"), (11, "team", "L2", "L1", "x")]
    (one,) = told(work)
    assert (one["handed"], one["handed_back"], one["team_handed"], one["team_back"]) == (4, 2, 2, 1)


def test_flags_and_labels_say_how_long_an_item_was_blocked() -> None:
    work = moved(1, (50, "Done"))
    work.steps += [
        (5, "Flagged", "", "Impediment", "x"), (15, "Flagged", "Impediment", "", "x"),
        (40, "labels", "", "web blocked", "x"),
    ]  # fmt: skip
    assert told(work)[0]["blocked"] == 20


def test_who_is_behind_an_item_had_it_last_or_moved_it_last() -> None:
    one, other, none = told(
        moved(1, (5, "Done"), assignee="ann"), moved(2, (5, "Done")), Work(3, status="Done", resolved=2)
    )
    assert (one["person"], other["person"], none["person"]) == ("ann", "somebody", "")


def test_days_after_the_day_it_was_due() -> None:
    one, other = told(
        moved(1, (24 * 10, "Done"), due_on=dt.date(2026, 1, 10)), moved(2, (24, "Done"), due_on=dt.date(2026, 1, 10))
    )  # fmt: skip
    assert (one["late_days"], other["late_days"]) == (5, -4)


def test_the_most_exact_place_says_whose_an_item_is() -> None:
    places = [("label", "pay", 3, 0), ("component", "Till", 2, 7), ("project", "P1", 1, 0)]
    rows = told(
        Work(1, labels=("pay", "x"), components=("Till",)), Work(2, components=("Till", "Web")), Work(3),
        Work(4, project="other"), Work(5, fields={"team": "T"}), places=[*places, ("team", "T", 9, 0)],
    )  # fmt: skip
    assert [(one["item"], one["unit"], one["area"]) for one in rows] == [
        ("i1", 3, 7), ("i2", 2, 7), ("i3", 1, 0), ("i5", 1, 0),
    ]  # fmt: skip


def test_a_month_is_the_weeks_whose_thursday_it_holds() -> None:
    months = months_of(week_number(dt.date(2025, 12, 29)), week_number(dt.date(2026, 3, 2)))
    assert [(one.starts_on, one.weeks) for one in months] == [
        (dt.date(2025, 12, 29), 5), (dt.date(2026, 2, 2), 4),
    ]  # fmt: skip
    assert months_of(FIRST, FIRST + 1) == []


def test_statuses_are_told_by_share_small_ones_together() -> None:
    assert shares_of([("a", 50.0), ("b", 49.6), ("c", 0.4)]) == (("a", 0.5), ("b", 0.5))
    assert shares_of([("a", 80.0), *((f"s{n}", 1.0) for n in range(20))])[-1] == ("", 0.09)
    assert shares_of([]) == ()


@pytest.mark.parametrize("seed", [1, 2])
def test_figures_are_those_counted_without_a_database(seed: int) -> None:
    works = by_chance(seed, 900)
    places = [("project", "P1", 1, 0), ("project", "P2", 2, 0), ("project", "P3", 3, 0)]
    parents = {"u1": "u9", "u2": "u9", "u3": "u9", "u9": ""}
    months = months_of(FIRST - 5, FIRST + 14)
    flow = figures(tables(works, places), parents, set(parents), months)
    expected: dict[tuple[str, str, Period], list[dict[str, float]]] = defaultdict(list)
    for work in works:
        if known := plain(work):
            week = week_number(known["done_at"].date())
            for month in months:
                if month.number <= week < month.number + month.weeks:
                    for group in (f"u{work.project[1]}", "u9"):
                        expected[group, "", month].append(known)
                        expected[group, work.kind, month].append(known)
    monthly = {(one.group, one.kind, one.period): one for one in flow.done if not one.period.is_week}
    # How many may be told is the choice of `telling`, tried in its own tests.
    assert len(monthly) >= 12
    assert {("u9", "", month) for month in months[1:3]} <= monthly.keys()
    for key, one in monthly.items():
        rows = expected[key]
        assert one.finished == len(rows)
        for name, value in (("lead", one.lead_85), ("cycle", one.cycle_50)):
            assert value == pytest.approx(
                quantile([row[name] for row in rows], 0.85 if name == "lead" else 0.5), abs=0.02
            )
        assert one.waiting == pytest.approx(sum(row["waiting"] for row in rows), abs=0.5)
        assert one.reopened == pytest.approx(sum(row["reopened"] > 0 for row in rows) / len(rows), abs=1e-3)
        assert one.handed == pytest.approx(sum(row["handed"] for row in rows) / len(rows), abs=1e-3)
        assert one.handed_back == pytest.approx(
            sum(row["handed_back"] > 0 for row in rows) / len(rows), abs=1e-3
        )
        assert sum(share for _status, share in one.statuses) == pytest.approx(1, abs=0.05)


def test_what_is_under_way_at_the_end_of_a_month() -> None:
    works = [moved(n, (1, "Doing"), assignee=f"p{n % 6}") for n in range(13)]
    works += [moved(20 + n, (1, "Doing"), (2, "Done"), assignee=f"p{n}") for n in range(9)]
    months = months_of(FIRST - 1, FIRST + 8)
    flow = figures(tables(works), {"u1": ""}, {"u1"}, months)
    found = {one.period.number: one for one in flow.under_way if not one.kind}
    last = months[-1]
    end = MONDAY + dt.timedelta(weeks=last.number + last.weeks)
    age = (dt.datetime.combine(end, dt.time(), dt.UTC) - (ZERO + HOUR)).total_seconds() / 86_400
    assert found[last.number].count == 10
    assert found[last.number].age_50 == pytest.approx(age, abs=0.06)
