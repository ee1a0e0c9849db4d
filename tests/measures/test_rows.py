"""Rows of any table made values: dates of all kinds, gaps, duplicates, infinities, time zones, long and wide."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from vertebra.connectors.faults import Fault, Trouble
from vertebra.measures.queries.series import Value
from vertebra.measures.readers.rows import Frame, Reading, read_day, read_values

PARIS = ZoneInfo("Europe/Paris")
TODAY = dt.date(2026, 11, 2)


def read(header: list[str], *rows: list[Any], grain: str = "month", column: str = "") -> Reading:
    frame = Frame(grain, TODAY, PARIS, "values.csv", column)
    return read_values(header, enumerate(rows, 2), frame)


def codes(reading: Reading) -> list[tuple[str, int]]:
    return [(one["code"], one["line"]) for one in reading.problems]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-31", dt.date(2026, 3, 31)),
        ("31/03/2026", dt.date(2026, 3, 31)),
        ("2026-03", dt.date(2026, 3, 1)),
        ("2026-Q2", dt.date(2026, 4, 1)),
        ("T2 2026", dt.date(2026, 4, 1)),
        ("2026-W14", dt.date(2026, 3, 30)),
        ("mars 2026", dt.date(2026, 3, 1)),
        ("2026-03-31T23:30:00Z", dt.date(2026, 4, 1)),
        ("2026-03-31T23:30:00+02:00", dt.date(2026, 3, 31)),
        ("2026-03-31 23:30:00", dt.date(2026, 3, 31)),
        (1774996200, dt.date(2026, 4, 1)),
        (1774996200000, dt.date(2026, 4, 1)),
        (dt.datetime(2026, 3, 31, 23, 30, tzinfo=dt.UTC), dt.date(2026, 4, 1)),
        ("yesterday", None),
        ("2026-13", None),
        (None, None),
    ],
)
def test_days_are_read_as_people_and_machines_write_them(text: object, day: dt.date | None) -> None:
    assert read_day(text, PARIS) == day


def test_a_long_table_gives_a_value_per_row_and_part() -> None:
    found = read(
        ["Mois", "Valeur", "Part", "Effectif"],
        ["2026-09", "1 234,5", "France", "12"],
        ["2026-10", "3", "", ""],
    )
    assert found.values == [
        Value(dt.date(2026, 9, 1), 1234.5, "France", 12),
        Value(dt.date(2026, 10, 1), 3.0),
    ]
    assert not found.problems


def test_a_wide_table_gives_a_part_per_column_and_the_total_is_the_whole() -> None:
    found = read(["date", "Total", "France", "Italy"], ["2026-10-01", 10, 4, 6])
    assert {(one.part, one.value) for one in found.values} == {("", 10.0), ("France", 4.0), ("Italy", 6.0)}


def test_one_column_of_several_is_chosen_by_its_heading() -> None:
    found = read(["y", "x1", "x2", "date"], [110.0, 134.0, 128.0, "2026-10-01"], column="x1")
    assert [one.value for one in found.values] == [134.0]
    with pytest.raises(Trouble) as trouble:
        read(["y", "date"], [1, "2026-10-01"], column="z")
    assert trouble.value.fault == Fault.COLUMN_UNKNOWN


def test_two_columns_without_headings_that_we_know_are_a_day_and_a_value() -> None:
    assert read(["quand", "combien"], ["2026-10-01", 4]).values == [Value(dt.date(2026, 10, 1), 4.0)]


def test_gaps_are_gaps_and_no_fault() -> None:
    found = read(["on", "value"], ["2026-08-01", ""], ["2026-09-01", None], ["2026-10-01", "–"])
    assert (found.values, found.problems, found.count) == ([], [], 3)


def test_every_fault_is_told_at_once_with_its_line_and_column() -> None:
    found = read(
        ["on", "value"],
        ["2026-09-01", "many"], ["soon", "1"], ["2026-10-01", "inf"], ["2027-01-01", "3"], ["1890-01-01", "3"],
        ["2026-08-01", "1.5e2"], ["2026-07-01", "-1e308"],
    )  # fmt: skip
    assert codes(found) == [
        ("not_a_number", 2), ("not_a_day", 3), ("not_finite", 4), ("in_the_future", 5), ("too_long_ago", 6),
        ("number_too_large", 8),
    ]  # fmt: skip
    assert found.problems[0]["column"] == "value"
    assert [one.value for one in found.values] == [150.0]


def test_a_period_said_twice_otherwise_is_taken_from_neither() -> None:
    found = read(
        ["on", "value"], ["2026-09-01", 1], ["2026-09-15", 2], ["2026-09-20", 2], ["2026-10-01", 3], ["2026-10-02", 3]
    )  # fmt: skip
    assert found.values == [Value(dt.date(2026, 10, 1), 3.0)]
    assert codes(found) == [("period_twice", 3), ("period_twice", 4)]
    assert found.problems[0]["particulars"]["other_line"] == 2


def test_a_table_without_day_or_value_says_which_columns_it_has() -> None:
    for header, fault in ((["a", "b", "c"], Fault.NO_DATE_COLUMN), (["date"], Fault.NO_VALUE_COLUMN)):
        with pytest.raises(Trouble) as trouble:
            read(header)
        assert trouble.value.fault == fault


def test_zeros_one_value_and_booleans() -> None:
    found = read(["on", "value"], ["2026-09-01", 0], ["2026-10-01", True])
    assert [one.value for one in found.values] == [0.0]
    assert codes(found) == [("not_a_number", 3)]
