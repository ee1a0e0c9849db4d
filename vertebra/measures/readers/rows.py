"""Rows of any table made values of a metric; what cannot be one is left out and said, with its place."""

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from vertebra.connectors.faults import Fault, Trouble
from vertebra.kit.files.values import parse_date, parse_number
from vertebra.kit.text import fold
from vertebra.measures.queries.periods import period_start
from vertebra.measures.queries.series import LARGEST, Value

DAY_WORDS = frozenset(
    [
        "on",
        "date",
        "day",
        "jour",
        "month",
        "mois",
        "week",
        "semaine",
        "quarter",
        "trimestre",
        "period",
        "periode",
        "time",
        "ds",
        "timestamp",
        "at",
        "when",
    ]
)
VALUE_WORDS = frozenset(
    ["value", "valeur", "values", "y", "metric_value", "measure", "mesure", "resultat", "result"]
)
PART_WORDS = frozenset(["part", "segment", "split", "groupe", "group", "serie", "series", "dimension"])
BEHIND_WORDS = frozenset(["behind", "count", "n", "effectif", "nombre", "sample_size", "base"])
WHOLE_WORDS = frozenset({"", "total", "ensemble", "all", "tous", "toutes", "whole"})
EARLIEST = dt.date(1970, 1, 1)
LONGEST_PART = 120
_MOST_PROBLEMS = 500
_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})", re.ASCII)
_QUARTER = re.compile(r"(?:(\d{4})[- ]?[qt]([1-4])|[qt]([1-4])[- /]?(\d{4}))", re.ASCII | re.IGNORECASE)
_WEEK = re.compile(r"(\d{4})[- ]?[ws](\d{1,2})", re.ASCII | re.IGNORECASE)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d*)?[eE][+-]?\d{1,3}", re.ASCII)
_NOT_FINITE = frozenset({"nan", "inf", "+inf", "-inf", "infinity", "-infinity", "#div/0!", "#n/a"})

Problem = dict[str, Any]


@dataclass(slots=True)
class Reading:
    """What was read: values, what was wrong with the rest, how many rows there were."""

    values: list[Value] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    count: int = 0

    def note(
        self, fault: str, *, line: int | None = None, column: str = "", file: str = "", **said: Any
    ) -> None:
        """Remember what is wrong with a row, up to some hundreds."""
        if len(self.problems) < _MOST_PROBLEMS:
            place = {"file": file, "line": line, "column": column}
            self.problems.append({"code": str(fault), **place, "particulars": said})


@dataclass(frozen=True, slots=True)
class Frame:
    """What the rows are read for: the period of the metric, today, the company's zone, the name of the file."""

    grain: str
    today: dt.date
    zone: ZoneInfo
    file: str = ""
    # The column that holds the value, when somebody chose one.
    column: str = ""


@dataclass(frozen=True, slots=True)
class _Columns:
    day: int
    values: tuple[tuple[int, str], ...]
    part: int | None
    behind: int | None


Row = tuple[int | None, Sequence[Any]]


def read_values(header: Sequence[str], rows: Iterable[Row], frame: Frame) -> Reading:
    """The values of one metric in a table: a row per period and part, or a column per part."""
    columns = _columns(header, frame)
    reading = Reading()
    seen: dict[tuple[str, dt.date], tuple[int, int | None]] = {}
    for line, cells in rows:
        reading.count += 1
        day = _day_of(cells[columns.day], line, header[columns.day], frame, reading)
        if day is None:
            continue
        for at, named in columns.values:
            value = _value_of(cells, at, named, columns, line, header, day, frame, reading)
            if value is not None:
                _keep(value, line, header[at], frame, reading, seen)
    _drop_disputed(reading, seen)
    return reading


def _columns(header: Sequence[str], frame: Frame) -> _Columns:
    """Which column is what, by its heading; two columns without known headings are a day and a value."""
    names = [fold(str(heading)).strip() for heading in header]

    def first(words: frozenset[str]) -> int | None:
        return next((at for at, name in enumerate(names) if name in words), None)

    day, part, behind = first(DAY_WORDS), first(PART_WORDS), first(BEHIND_WORDS)
    if day is None and len(names) == 2:
        day = 0
    if day is None:
        raise Trouble(Fault.NO_DATE_COLUMN, columns=", ".join(map(str, header))[:200])
    if frame.column:
        if fold(frame.column) not in names:
            raise Trouble(
                Fault.COLUMN_UNKNOWN, column=frame.column, columns=", ".join(map(str, header))[:200]
            )
        return _Columns(day, ((names.index(fold(frame.column)), ""),), part, behind)
    value = first(VALUE_WORDS)
    if value is not None:
        return _Columns(day, ((value, ""),), part, behind)
    rest = [at for at, name in enumerate(names) if at not in {day, part, behind} and name]
    if not rest:
        raise Trouble(Fault.NO_VALUE_COLUMN, columns=", ".join(map(str, header))[:200])
    if len(rest) == 1:
        return _Columns(day, ((rest[0], ""),), part, behind)
    if part is not None:
        raise Trouble(Fault.NO_VALUE_COLUMN, columns=", ".join(map(str, header))[:200])
    named = tuple((at, "" if names[at] in WHOLE_WORDS else str(header[at]).strip()) for at in rest)
    return _Columns(day, named, None, None)


def _day_of(cell: Any, line: int | None, heading: str, frame: Frame, reading: Reading) -> dt.date | None:
    day = read_day(cell, frame.zone)
    said: dict[str, Any] = {"value": str(cell)[:60]}
    place: dict[str, Any] = {"line": line, "column": heading, "file": frame.file}
    if day is None:
        reading.note(Fault.NOT_A_DAY, **place, **said)
        return None
    start = period_start(day, frame.grain)
    if start > frame.today:
        reading.note(Fault.IN_THE_FUTURE, **place, **said)
        return None
    if start < EARLIEST:
        reading.note(Fault.TOO_LONG_AGO, **place, **said)
        return None
    return start


def read_day(cell: Any, zone: ZoneInfo) -> dt.date | None:
    """The day that a cell names: a date, a moment in any zone (told in the company's), a month, quarter or week."""
    if isinstance(cell, dt.datetime):
        return cell.astimezone(zone).date() if cell.tzinfo else cell.date()
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 1e8 <= cell < 1e14:
        seconds = cell / 1000 if cell >= 1e11 else cell
        return dt.datetime.fromtimestamp(seconds, zone).date()
    if isinstance(cell, str):
        text = cell.strip()
        if _MOMENT.match(text):
            try:
                moment = dt.datetime.fromisoformat(text)
            except ValueError:
                return parse_date(text)
            return moment.astimezone(zone).date() if moment.tzinfo else moment.date()
        return _part_of_year(text) or parse_date(text) or parse_date(f"1 {text}")
    return None if cell is None else parse_date(cell)


def _part_of_year(text: str) -> dt.date | None:
    try:
        if found := _MONTH.fullmatch(text):
            return dt.date(int(found[1]), int(found[2]), 1)
        if found := _QUARTER.fullmatch(text):
            year, quarter = int(found[1] or found[4]), int(found[2] or found[3])
            return dt.date(year, 3 * quarter - 2, 1)
        if found := _WEEK.fullmatch(text):
            return dt.date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        return None
    return None


def _value_of(
    cells: Sequence[Any], at: int, named: str, columns: _Columns, line: int | None, header: Sequence[str],
    day: dt.date, frame: Frame, reading: Reading,
) -> Value | None:  # fmt: skip
    """One value, None for a cell that is empty (a gap) or wrong (which is said)."""
    cell = cells[at]
    if cell is None or str(cell).strip() in {"", "-", "–", "n/a", "N/A", "NA", "null"}:
        return None
    place: dict[str, Any] = {"line": line, "column": str(header[at]), "file": frame.file}
    number = read_number(cell)
    if number is None or not math.isfinite(number):
        is_infinite = number is not None or fold(str(cell)).strip() in _NOT_FINITE
        reading.note(Fault.NOT_FINITE if is_infinite else Fault.NOT_A_NUMBER, **place, value=str(cell)[:60])
        return None
    if abs(number) > LARGEST:
        reading.note(Fault.NUMBER_TOO_LARGE, **place, value=str(cell)[:60])
        return None
    part = named
    if columns.part is not None and cells[columns.part] is not None:
        part = " ".join(str(cells[columns.part]).split())
        part = "" if fold(part) in WHOLE_WORDS else part
    if len(part) > LONGEST_PART:
        reading.note(Fault.PART_TOO_LONG, **place, value=part[:60])
        return None
    behind = None
    if columns.behind is not None and cells[columns.behind] not in (None, ""):
        counted = parse_number(cells[columns.behind])
        if counted is None or counted < 0 or counted != counted.to_integral_value() or counted > 2**31 - 1:
            reading.note(Fault.NOT_A_COUNT, **place, value=str(cells[columns.behind])[:60])
            return None
        behind = int(counted)
    return Value(day, number, part, behind)


def read_number(cell: Any) -> float | None:
    """The number that a cell holds, written in French, English or with an exponent; None when it is none."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return float(cell)
    if isinstance(cell, str) and _SCIENTIFIC.fullmatch(cell.strip()):
        return float(cell)
    found = parse_number(cell)
    return None if found is None else float(found)


def _keep(
    value: Value, line: int | None, heading: str, frame: Frame, reading: Reading,
    seen: dict[tuple[str, dt.date], tuple[int, int | None]],
) -> None:  # fmt: skip
    """Take a value once; the same period said twice otherwise is disputed, and neither is taken."""
    key = (value.part, value.on)
    if key not in seen:
        seen[key] = (len(reading.values), line)
        reading.values.append(value)
        return
    at, first_line = seen[key]
    if at >= 0 and reading.values[at] == value:
        return
    said = {"period": value.on.isoformat(), "part": value.part, "other_line": first_line or "?"}
    reading.note(Fault.PERIOD_TWICE, line=line, column=str(heading), file=frame.file, **said)
    seen[key] = (-abs(at) - 1 if at >= 0 else at, first_line)


def _drop_disputed(reading: Reading, seen: dict[tuple[str, dt.date], tuple[int, int | None]]) -> None:
    disputed = {-at - 1 for at, _line in seen.values() if at < 0}
    if disputed:
        reading.values = [value for at, value in enumerate(reading.values) if at not in disputed]
